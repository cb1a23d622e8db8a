"""Moving along a chain, among branches, onto links, and out of an orchestrator."""

import pytest

from agentflow_editor.document import edits
from agentflow_editor.document.edits import EditError, Slot
from editor.document.drawn import CATALOGUE, chain, loop, parallel, paths, router, sequence, sheet


@pytest.mark.parametrize(
    ("chosen", "by", "order"), [("b", 1, "acbd"), ("b", -1, "bacd"), ("bc", 1, "adbc")]
)
def test_steps_come_earlier_and_later_in_their_chain(chosen, by, order):
    moved = edits.move_along(sheet("a", "b", "c", "d"), list(chosen), by)

    assert paths(moved) == list(order)


@pytest.mark.parametrize(("chosen", "by"), [("a", -1), ("c", 1), ("ac", 1), ("", 1)])
def test_a_step_does_not_move_past_the_end_of_its_chain(chosen, by):
    with pytest.raises(EditError):
        edits.move_along(sheet("a", "b", "c"), list(chosen), by)


def test_a_branch_comes_later():
    drawn = sheet(parallel("p", chain("a", "b"), chain("c")))

    moved = edits.reorder_chains(drawn, "p/b", 1)

    assert moved.flow.root == chain(parallel("p", chain("c"), chain("a", "b")))


def test_a_default_stays_the_last_chain():
    drawn = sheet(router("r", chain("a", case="x"), chain("b", case="y"), chain("c")))

    assert paths(edits.reorder_chains(drawn, "r/b", -1)) == ["r", "r/b", "r/a", "r/c"]
    for path, by in (("r/b", 1), ("r/c", -1)):
        with pytest.raises(EditError, match="default is always tried last"):
            edits.reorder_chains(drawn, path, by)


def test_a_released_step_follows_its_orchestrator():
    drawn = sheet(sequence("s", "a", "b", "c"), "d")

    assert edits.release(drawn, "s/b").flow.root == chain(sequence("s", "a", "c"), "b", "d")


def test_a_step_of_the_root_chain_cannot_be_released():
    with pytest.raises(EditError, match="member of no orchestrator"):
        edits.release(sheet("a"), "a")


def test_a_parked_chain_is_spliced_into_a_link_as_a_whole():
    drawn = sheet("a", "b", parked=(chain("c", "d"),))

    assert paths(edits.splice(drawn, "|0/c", ("a", "next", "b"))) == ["a", "c", "d", "b"]


def test_a_spliced_step_leaves_a_chain_that_closes_up():
    drawn = sheet("a", "b", loop("l", "c"))

    spliced = edits.splice(drawn, "a", ("l", "body", "l/c"))

    assert spliced.flow.root == chain("b", loop("l", "a", "c"))


@pytest.mark.parametrize(
    ("path", "link"),
    [
        ("a", ("a", "next", "l")),
        ("a", ("", "next", "a")),
        ("l", ("l", "body", "l/b")),
        ("l", ("l/b", "next", "l/c")),
    ],
)
def test_a_step_is_not_spliced_into_a_link_of_its_own(path, link):
    with pytest.raises(EditError):
        edits.splice(sheet("a", loop("l", "b", "c")), path, link)


def test_the_slot_on_a_link_is_before_its_target():
    assert edits.slot_on(sheet("a", loop("l", "b")), ("l", "body", "l/b")) == Slot("l", 0, 0)


def run_beside(drawn, source, target, mode):
    return edits.run_beside(drawn, source, "next", target, mode, catalogue=CATALOGUE)


def test_a_second_link_runs_both_in_parallel_and_goes_on_after_both():
    drawn = sheet("a", "b", "c", parked=(chain("x", "y"),))

    both = run_beside(drawn, "a", "|0/x", "collaborative")

    assert both.flow.root == chain("a", parallel("parallel", chain("b"), chain("x", "y")), "c")


def test_a_second_link_chooses_with_a_router():
    both = run_beside(sheet("a", "b", parked=(chain("x"),)), "a", "|0/x", "route")

    cases = (chain("b", case="b"), chain("x", case="x"))
    assert both.flow.root == chain("a", router("router", *cases))


def test_a_third_link_is_one_more_branch():
    drawn = sheet("a", parallel("p", chain("b")), parked=(chain("x"),))

    assert run_beside(drawn, "a", "|0/x", "collaborative").flow.root == chain(
        "a", parallel("p", chain("b"), chain("x"))
    )


def test_a_third_link_is_a_case_before_the_default():
    drawn = sheet("a", router("r", chain("b", case="b"), chain("c")), parked=(chain("b"),))

    cases = (chain("b", case="b"), chain("b", case="b-2"), chain("c"))
    assert run_beside(drawn, "a", "|0/b", "route").flow.root == chain("a", router("r", *cases))


def test_a_step_after_the_next_one_runs_beside_it():
    assert run_beside(sheet("a", "b", "c"), "a", "c", "collaborative").flow.root == chain(
        "a", parallel("parallel", chain("b"), chain("c"))
    )


@pytest.mark.parametrize(("source", "target"), [("c", "a"), ("a", "b"), ("a", "a")])
def test_a_second_link_that_is_none_is_refused(source, target):
    drawn = sheet("a", "b", loop("l", "b"), "c")
    with pytest.raises(EditError):
        run_beside(drawn, source, target, "collaborative")


def test_a_link_back_repeats_the_steps_between_in_a_loop():
    looped = edits.loop_over(sheet("a", "b", "c", "d"), "c", "b", catalogue=CATALOGUE)

    assert looped.flow.root == chain("a", loop("loop", "b", "c"), "d")


def test_a_link_back_to_itself_repeats_one_step():
    looped = edits.loop_over(sheet("a"), "a", "a", catalogue=CATALOGUE)

    assert looped.flow.root == chain(loop("loop", "a"))


def test_a_link_back_from_a_member_repeats_its_orchestrator():
    drawn = sheet("a", sequence("s", "b"), "c")

    assert edits.loop_over(drawn, "s/b", "a", catalogue=CATALOGUE).flow.root == chain(
        loop("loop", "a", sequence("s", "b")), "c"
    )


def test_a_link_forward_is_no_loop():
    with pytest.raises(EditError):
        edits.loop_over(sheet("a", "b"), "a", "b", catalogue=CATALOGUE)


def test_an_agent_is_used_again_behind_a_port():
    again = edits.use_again(sheet("a", loop("l", "b")), "l", "body", "a")

    assert again.flow.root == chain("a", loop("l", "a", "b"))
    assert set(again.flow.agents) == {"a", "b"}


def test_an_orchestrator_is_not_used_again():
    with pytest.raises(EditError, match="stands in one place"):
        edits.use_again(sheet("a", loop("l", "b")), "a", "next", "l")


def test_the_agents_of_steps_and_of_what_they_own_are_switched_off_and_on():
    drawn = sheet("a", loop("l", "b"), "c")

    off = edits.switch(drawn, ["a", "l"])
    assert {name for name, spec in off.flow.agents.items() if not spec.enabled} == {"a", "b"}
    assert edits.switch(off, ["a", "l"]).flow == drawn.flow
    assert edits.switch(off, ["a", "c"]).flow.agents["c"].enabled is False
