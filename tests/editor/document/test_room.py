"""Room: what is laid out after a structural edit, and what gives way."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentflow_editor.canvas.areas import Rect
from agentflow_editor.document import edits
from agentflow_editor.document.layout import arrange, completed
from agentflow_editor.document.ports import box_size
from agentflow_editor.document.room import settled
from agentflow_editor.document.sheet import Layout, Sheet
from editor.document.drawn import CATALOGUE, chain, router, sheet
from engine.flows import flows

MODES = sorted(CATALOGUE.modes)


def boxes(drawn: Sheet) -> dict[str, Rect]:
    return {
        it.path: Rect(*drawn.layout[it.path], *box_size(it.step, CATALOGUE))
        for it in drawn.flow.places()
    }


def by_hand(*steps: str) -> Sheet:
    flow = sheet(*steps).flow
    at = [(number * 300, 90 * (number % 2)) for number in range(len(steps))]
    return Sheet(flow, Layout({"": (-200, 0), **dict(zip(steps, at, strict=True))}))


def wrapped(drawn: Sheet, chosen: list[str], mode: str = "loop") -> Sheet:
    after = edits.wrap(drawn, chosen, mode, catalogue=CATALOGUE)
    return settled(drawn, after, CATALOGUE, edits.new_paths(drawn, after))


def test_a_flow_that_laid_itself_out_goes_on_doing_so():
    drawn = completed(Sheet(sheet("a", "b", "c").flow), CATALOGUE)

    after = wrapped(drawn, ["b"])

    assert after.layout == arrange(after, CATALOGUE)


def test_what_was_placed_by_hand_stays_but_for_what_has_to_give_way():
    drawn = by_hand("a", "b", "c", "d")

    after = wrapped(drawn, ["b"])

    assert after.layout["loop"] == drawn.layout["b"]
    assert {path: after.layout[path] for path in ("", "a")} == {"": (-200, 0), "a": (0, 0)}
    gave = after.layout["c"][0] - drawn.layout["c"][0]
    assert after.layout["d"][0] - drawn.layout["d"][0] == gave > 0
    assert after.layout["c"][1] == drawn.layout["c"][1]


def test_a_wrapper_that_is_higher_than_what_it_wraps_pushes_the_case_below_away():
    flow = sheet(router("000", chain("0", case="0"), chain("0", case="00"))).flow
    drawn = edits.place(completed(Sheet(flow), CATALOGUE), {"": (-400, 300)})

    after = boxes(wrapped(drawn, ["000/0"], "route"))

    assert not after["000/router"].meets(after["000/0"])


@given(flows(max_steps=20, parked=False), st.data())
@settings(max_examples=60, deadline=None)
def test_nothing_covers_anything_after_wrapping(flow, data):
    drawn = completed(Sheet(flow), CATALOGUE)
    if data.draw(st.booleans()):
        drawn = edits.place(drawn, {"": (-400, 300)})  # stands otherwise than by itself
    every = [it.path for it in flow.places()]
    chosen = data.draw(st.lists(st.sampled_from(every), min_size=1, max_size=3, unique=True))

    after = wrapped(drawn, chosen, data.draw(st.sampled_from(MODES)))

    for (path, one), (other, another) in combinations(boxes(after).items(), 2):
        assert not one.meets(another), (path, other)


@pytest.mark.parametrize("by", [1, -1])
def test_steps_that_change_places_stand_in_their_order(by):
    drawn = by_hand("a", "b", "c")

    after = edits.move_along(drawn, ["b"], by)
    after = settled(drawn, after, CATALOGUE, ["b", "ac"[by > 0]])

    order = sorted("abc", key=lambda path: after.layout[path][0])
    assert order == [it.path for it in after.flow.places()]
