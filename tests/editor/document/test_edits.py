"""Edits: what is true of every one of them, whatever the sheet."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from agentflow.flow.flow import Flow, Orchestrator
from agentflow_editor.document import edits
from agentflow_editor.document.layout import completed
from agentflow_editor.document.sheet import Sheet
from editor.document.drawn import CATALOGUE, chain, parallel
from editor.document.random_edits import random_edit
from engine.flows import flows


def drawn(flow: Flow) -> Sheet:
    return completed(Sheet(flow), CATALOGUE)


@settings(max_examples=60, deadline=None)
@given(flows(), st.data())
def test_after_every_edit_all_steps_have_positions_and_no_position_is_left_over(flow, data):
    sheet = drawn(flow)
    for _ in range(8):
        sheet = random_edit(data.draw, sheet)
        assert set(sheet.layout) == {"", *(place.path for place in sheet.flow.places())}


@settings(max_examples=60, deadline=None)
@given(flows(), st.data())
def test_after_every_edit_the_flow_is_a_tree_that_a_file_can_say(flow, data):
    sheet = drawn(flow)
    for _ in range(8):
        sheet = random_edit(data.draw, sheet)
        named = Counter(it.name for it in sheet.flow.orchestrators())
        assert not named or max(named.values()) == 1
        assert named.keys().isdisjoint(sheet.flow.agents)
        assert all(chain.steps for chain in sheet.flow.parked)
        for step in sheet.flow.orchestrators():
            assert has_the_chains_of_its_mode(step), step


def has_the_chains_of_its_mode(step: Orchestrator) -> bool:
    kind = CATALOGUE.modes[step.mode].chains
    cases = [chain.case for chain in step.chains]
    if kind == "cases":
        return None not in cases[:-1] and len(set(cases)) == len(cases)
    return not any(cases) and (len(cases) == 1 if kind == "one" else True)


@settings(max_examples=40, deadline=None)
@given(flows(), st.data())
def test_an_edit_changes_nothing_of_the_sheet_that_it_is_given(flow, data):
    sheet = drawn(flow)
    before = sheet.flow.model_dump_json(), dict(sheet.layout)

    random_edit(data.draw, sheet)

    assert (sheet.flow.model_dump_json(), dict(sheet.layout)) == before


@settings(max_examples=40, deadline=None)
@given(flows(), st.data())
def test_every_step_is_followed_to_one_of_its_own(flow, data):
    before = drawn(flow)

    after = random_edit(data.draw, before)

    gone_to = edits.followed(before, after)
    assert gone_to.keys() <= {"", *(place.path for place in before.flow.places())}
    assert set(gone_to.values()) <= {"", *(place.path for place in after.flow.places())}
    assert len(set(gone_to.values())) == len(gone_to)


def test_an_edit_hands_on_the_very_steps_that_it_leaves_alone():
    inner = [parallel(it, chain(f"{it}1"), chain(f"{it}2")) for it in ("one", "two")]
    before = drawn(Flow(root=chain(*inner, "last"), parked=(chain("adrift"),)))

    moved = edits.move_along(before, ["two"], 1)
    assert all(moved.flow.at(name) is before.flow.at(name) for name in ("one", "two"))
    assert moved.flow.parked is before.flow.parked

    set_ = edits.set_orchestrator(before, "one", "timeout", "9s")
    assert set_.flow.at("two") is before.flow.at("two")
    kept = (set_.flow.at("one").chains, before.flow.at("one").chains)
    assert all(one is other for one, other in zip(*kept, strict=True))
    assert set_.flow.at("one") != before.flow.at("one")
