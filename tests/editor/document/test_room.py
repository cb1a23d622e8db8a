"""Room: what is laid out after a structural edit, and what gives way."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentflow_editor.canvas.areas import Rect
from agentflow_editor.document import edits
from agentflow_editor.document.layout import arrange, completed
from agentflow_editor.document.node_size import box_size
from agentflow_editor.document.room import aside, grown, settled
from agentflow_editor.document.sheet import Layout, Sheet
from editor.document.drawn import CATALOGUE, chain, parallel, router, sheet
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


LONG = "a name that says all that there is to say about what this step does, and why it is there"


@pytest.mark.parametrize("stands_by_hand", [False, True])
def test_a_node_that_grows_with_its_name_covers_no_other(stands_by_hand: bool):
    flow = sheet("a", parallel("p", chain("b"), chain("c"))).flow
    before = completed(Sheet(flow), CATALOGUE)
    if stands_by_hand:
        before = before.with_layout(before.layout.with_positions({"a": (8, -40)}))
    named = edits.rename(before, "p/b", LONG)

    after = grown(before, named, CATALOGUE)

    drawn = boxes(after)
    assert drawn[f"p/{LONG}"].height > boxes(before)["p/b"].height
    assert not any(one.meets(other) for one, other in combinations(drawn.values(), 2))
    assert (after.layout == arrange(after, CATALOGUE)) == (not stands_by_hand)
    assert after.layout["a"] == before.layout["a"]


def test_a_node_that_says_less_lets_a_flow_that_lays_itself_out_close_up():
    before = completed(Sheet(sheet(parallel("p", chain(LONG), chain("c"))).flow), CATALOGUE)

    after = grown(before, edits.rename(before, f"p/{LONG}", "b"), CATALOGUE)

    assert after.layout == arrange(after, CATALOGUE)
    assert after.layout["p/c"][1] < before.layout["p/c"][1]


def test_what_is_moved_by_hand_stays_whatever_it_says():
    before = by_hand("a", "b")
    moved = edits.place(before, {"a": (8, 8)})

    assert grown(before, moved, CATALOGUE) is moved


@given(st.lists(st.text("abW _漢", min_size=1, max_size=200), min_size=1, max_size=6, unique=True))
def test_names_of_any_length_have_room(names: list[str]):
    drawn = completed(Sheet(sheet(parallel("p", *map(chain, names))).flow), CATALOGUE)

    assert not any(one.meets(other) for one, other in combinations(boxes(drawn).values(), 2))


def test_what_is_new_goes_down_together_until_it_covers_nothing():
    before = by_hand("a", "b", "c")
    clipped = edits.clip(completed(Sheet(sheet("x", "y").flow), CATALOGUE), ("x", "y"))
    pasted = edits.paste(before, clipped, before.layout["b"])

    after = aside(before, pasted, CATALOGUE)

    drawn = boxes(after)
    assert not any(one.meets(other) for one, other in combinations(drawn.values(), 2))
    assert {path: after.layout[path] for path in before.layout} == before.layout
    new = edits.new_paths(before, after)
    gone = {after.layout[it][1] - pasted.layout[it][1] for it in new}
    assert len(new) == 2
    assert len(gone) == 1


def test_what_is_new_and_covers_nothing_stays():
    before = by_hand("a", "b")
    pasted = edits.paste(before, edits.clip(sheet("x"), ("x",)), (4000, 4000))

    assert aside(before, pasted, CATALOGUE).layout == pasted.layout
