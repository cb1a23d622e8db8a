"""Wrapping, dissolving, another mode, and removing what is around steps."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentflow.flow.flow import Orchestrator
from agentflow_editor.document import edits
from agentflow_editor.document.edits import EditError
from agentflow_editor.document.edits.tree import Tree
from agentflow_editor.document.layout import completed
from agentflow_editor.document.sheet import Sheet
from editor.document.drawn import CATALOGUE, chain, loop, parallel, paths, router, sequence, sheet
from engine.flows import flows

MODES = sorted(CATALOGUE.modes)


def wrap(drawn: Sheet, chosen: list[str], mode: str) -> Sheet:
    return edits.wrap(drawn, chosen, mode, catalogue=CATALOGUE)


def change_mode(drawn: Sheet, path: str, mode: str) -> Sheet:
    return edits.change_mode(drawn, path, mode, catalogue=CATALOGUE)


def test_wrapped_steps_follow_one_another_in_a_sequence():
    wrapped = wrap(sheet("a", "b", "c"), ["b", "c"], "sequential")

    assert wrapped.flow.root == chain("a", sequence("sequence", "b", "c"))


def test_wrapped_steps_are_the_body_of_a_loop():
    assert wrap(sheet("a", "b"), ["a"], "loop").flow.root == chain(loop("loop", "a"), "b")


def test_each_wrapped_step_is_a_branch_of_a_parallel_step():
    wrapped = wrap(sheet("a", "b"), ["a", "b"], "collaborative")

    assert wrapped.flow.root == chain(parallel("parallel", chain("a"), chain("b")))


def test_each_wrapped_step_is_a_case_of_its_own_name_of_a_router():
    wrapped = wrap(sheet("a", "b", "a"), ["a", "b", "a~2"], "route")

    cases = (chain("a", case="a"), chain("b", case="b"), chain("a", case="a-2"))
    assert wrapped.flow.root == chain(router("router", *cases))


def test_steps_from_several_places_are_gathered_where_the_first_one_stands():
    drawn = sheet("a", parallel("p", chain("b"), chain("c")), "d", parked=(chain("e"),))

    wrapped = wrap(drawn, ["|0/e", "a", "p/c"], "sequential")

    expected = sequence("sequence", "a", "c", "e")
    assert wrapped.flow.root == chain(expected, parallel("p", chain("b")), "d")


def test_an_orchestrator_is_wrapped_with_all_that_it_owns():
    wrapped = wrap(sheet(loop("l", "a")), ["l", "l/a"], "sequential")

    assert wrapped.flow.root == chain(sequence("sequence", loop("l", "a")))


def test_a_wrapper_takes_a_name_that_is_free():
    assert paths(wrap(sheet("loop"), ["loop"], "loop"))[0] == "loop-2"


@pytest.mark.parametrize("chosen", [[], [""], ["gone"]])
def test_nothing_is_not_wrapped(chosen):
    with pytest.raises(EditError):
        wrap(sheet("a"), chosen, "loop")


def test_members_stand_in_the_place_of_a_dissolved_orchestrator():
    drawn = sheet("a", parallel("p", chain("b", "c"), chain("d")), "e")

    assert edits.dissolve(drawn, ["p"]).flow.root == chain("a", "b", "c", "d", "e")


def test_an_orchestrator_and_one_inside_it_are_dissolved_together():
    drawn = sheet(sequence("s", "a", loop("l", "b")), "c")

    assert edits.dissolve(drawn, ["s", "s/l"]).flow.root == chain("a", "b", "c")


def test_the_first_member_of_a_dissolved_orchestrator_stands_where_that_stood():
    drawn = edits.place(sheet(sequence("s", "a", "b")), {"s": (7, 7), "s/a": (50, 90)})

    layout = edits.dissolve(drawn, ["s"]).layout
    assert layout["a"] == (7, 7)
    assert layout["b"] == (3 + 7 - 50, 7 - 90)


def test_an_agent_cannot_be_dissolved():
    with pytest.raises(EditError, match="has no members"):
        edits.dissolve(sheet("a"), ["a"])


@given(flows(), st.data())
@settings(max_examples=60, deadline=None)
def test_dissolving_what_was_just_wrapped_gives_the_flow_before(flow, data):
    # An empty branch means nothing, and no edit keeps one.
    drawn = Tree(completed(Sheet(flow), CATALOGUE)).fold()
    step = data.draw(st.sampled_from(list(flow.places())))
    end = data.draw(st.integers(step.index, step.index + 2))
    chosen = [
        it.path
        for it in flow.places()
        if (it.owner, it.chain) == (step.owner, step.chain) and step.index <= it.index <= end
    ]

    wrapped = wrap(drawn, chosen, data.draw(st.sampled_from(MODES)))
    old = {it.name for it in drawn.flow.orchestrators()}
    owners = (it for it in wrapped.flow.places() if isinstance(it.step, Orchestrator))
    path = next(it.path for it in owners if it.step.name not in old)

    assert edits.dissolve(wrapped, [path]).flow == drawn.flow


def test_removing_an_orchestrator_alone_lets_its_members_stay():
    drawn = sheet("a", loop("l", "b", sequence("s", "c")), "d")

    healed = edits.heal(drawn, ["l", "l/s", "d"])

    assert healed.flow.root == chain("a", "b", "c")
    assert set(healed.flow.agents) == {"a", "b", "c"}


def test_the_branches_of_a_parallel_step_become_the_cases_of_a_router():
    drawn = sheet(parallel("p", chain("a", "b"), chain("c")))

    cases = (chain("a", "b", case="a"), chain("c", case="c"))
    assert change_mode(drawn, "p", "route").flow.root == chain(router("p", *cases))


def test_the_steps_of_a_sequence_become_branches_each():
    drawn = sheet(sequence("s", "a", "b"))

    assert change_mode(drawn, "s", "collaborative").flow.root == chain(
        parallel("s", chain("a"), chain("b"))
    )


def test_the_cases_of_a_router_become_the_body_of_a_loop():
    drawn = sheet(router("r", chain("a", case="x"), chain("b", case="y"), chain("c")))

    assert change_mode(drawn, "r", "loop").flow.root == chain(loop("r", "a", "b", "c"))


def test_what_is_set_and_means_something_in_both_modes_is_kept():
    drawn = edits.set_orchestrator(sheet(loop("l", "a")), "l", "timeout", "9s")
    drawn = edits.set_orchestrator(drawn, "l", "max_iterations", 3)

    changed = change_mode(drawn, "l", "sequential").flow.root.steps[0]

    assert changed.settings.timeout.total_seconds() == 9
    assert not hasattr(changed.settings, "max_iterations")


@given(flows(), st.data())
@settings(max_examples=60, deadline=None)
def test_another_mode_keeps_all_members_in_their_order(flow, data):
    owners = [it.path for it in flow.places() if isinstance(it.step, Orchestrator)]
    if not owners:
        return
    drawn = completed(Sheet(flow), CATALOGUE)
    path = data.draw(st.sampled_from(owners))

    changed = change_mode(drawn, path, data.draw(st.sampled_from(MODES)))

    assert [it.step.name for it in changed.flow.places()] == [it.step.name for it in flow.places()]
