"""Layout: what lays itself out covers nothing, and what has a position stays."""

import time
from collections.abc import Mapping
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from agentflow.flow.flow import Flow
from agentflow_editor.canvas.areas import Rect, Region
from agentflow_editor.canvas.drafting import build_scene
from agentflow_editor.document.layout import arrange, completed
from agentflow_editor.document.node_size import START_SIZE, box_size
from agentflow_editor.document.sheet import Layout, Sheet
from editor.document.drawn import CATALOGUE, chain, loop, parallel, router, sheet
from engine.flows import flows, layouts


def boxes(drawn: Sheet) -> dict[str, Rect]:
    sizes = {"": START_SIZE}
    sizes |= {it.path: box_size(it.step, CATALOGUE) for it in drawn.flow.places()}
    return {path: Rect(*drawn.layout[path], *size) for path, size in sizes.items()}


def regions(drawn: Sheet) -> Mapping[str, Region]:
    return build_scene(drawn, CATALOGUE).regions


def overlap(one: Rect, other: Rect) -> bool:
    return (
        one.x < other.right
        and other.x < one.right
        and one.y < other.bottom
        and other.y < one.bottom
    )


def is_in(path: str, owner: str) -> bool:
    return path == owner or path.startswith(f"{owner}/")


def laid_out(flow: Flow) -> Sheet:
    return Sheet(flow, arrange(Sheet(flow), CATALOGUE))


@settings(max_examples=80, deadline=None)
@given(flows(max_steps=20))
def test_no_node_covers_another(flow):
    drawn = laid_out(flow)

    for (path, one), (other_path, other) in combinations(boxes(drawn).items(), 2):
        assert not overlap(one, other), (path, other_path)


@settings(max_examples=80, deadline=None)
@given(flows(max_steps=20))
def test_no_ground_reaches_under_what_does_not_belong_to_it(flow):
    drawn = laid_out(flow)
    grounds = regions(drawn)

    for owner, region in grounds.items():
        for path, box in boxes(drawn).items():
            assert is_in(path, owner) or not overlap(region.rect, box), (owner, path)
    for (one, region), (other, beside) in combinations(grounds.items(), 2):
        nested = is_in(one, other) or is_in(other, one)
        assert nested or not overlap(region.rect, beside.rect), (one, other)


@given(flows())
@settings(max_examples=30, deadline=None)
def test_every_step_stands_right_of_what_leads_to_it(flow):
    drawn = laid_out(flow)
    at = {(it.owner, it.chain, it.index): it.path for it in flow.places()}

    for (owner, number, index), path in at.items():
        before = at.get((owner, number, index - 1), owner)
        if before in drawn.layout:
            assert drawn.layout[before][0] < drawn.layout[path][0]


def test_a_chain_is_level_and_branches_stand_below_one_another_in_their_order():
    drawn = sheet("a", parallel("p", chain("b", "c"), chain("d")), "e")
    layout = arrange(drawn, CATALOGUE)

    assert layout["a"][1] == layout["p"][1] == layout["e"][1]
    assert layout["p/b"][1] == layout["p/c"][1]
    assert layout["p"][1] < layout["p/b"][1] < layout["p/d"][1]
    assert layout["p/b"][0] == layout["p/d"][0] > layout["p"][0]


def test_laying_out_depends_on_nothing_but_the_structure():
    drawn = sheet("a", router("r", chain("b", case="x"), chain("c")), parked=(chain("d"),))

    assert arrange(drawn, CATALOGUE) == arrange(Sheet(drawn.flow), CATALOGUE)


def test_only_the_chosen_steps_are_laid_out_and_stay_about_where_they_are():
    drawn = sheet("a", parallel("p", chain("b"), chain("c")), "d")
    layout = arrange(drawn, CATALOGUE, ["p"])

    assert {path for path in drawn.layout if layout[path] != drawn.layout[path]} == {"p/b", "p/c"}
    assert layout["p"] == drawn.layout["p"]
    assert arrange(drawn, CATALOGUE, ["gone"]) == drawn.layout


@settings(max_examples=80, deadline=None)
@given(flows(), st.data())
def test_what_has_a_position_stays_and_the_rest_covers_nothing(flow, data):
    given_positions = data.draw(layouts(flow))
    drawn = Sheet(flow, Layout({**given_positions, "gone": (1, 1)}))

    full = completed(drawn, CATALOGUE)

    found = boxes(full)
    assert set(full.layout) == set(found)
    if set(given_positions) - {""}:
        assert {path: full.layout[path] for path in given_positions} == given_positions
        for path in found.keys() - given_positions.keys():
            assert not any(overlap(found[path], found[it]) for it in found if it != path)


def test_a_complete_sheet_is_left_as_it_is():
    drawn = sheet("a", loop("l", "b"))

    assert completed(drawn, CATALOGUE) is drawn


def test_thousands_of_nodes_are_laid_out_without_a_wait():
    branches = (chain(*(f"a{row}-{column}" for column in range(50))) for row in range(100))
    flow = sheet(parallel("p", *branches)).flow
    started = time.process_time()

    few = arrange(Sheet(flow), CATALOGUE)
    completed(Sheet(flow, Layout({"p": (0, 0)})), CATALOGUE)

    assert len(few) == 5002
    assert time.process_time() - started < 10
