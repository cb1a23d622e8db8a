"""Ports: which sockets each mode has, and how large its node is."""

from agentflow.flow.flow import Orchestrator
from agentflow_editor.document.node_size import box_size
from agentflow_editor.document.ports import ChainPort, chain_ports
from editor.document.drawn import CATALOGUE, chain, loop, parallel, router, sequence, sheet


def test_a_mode_of_one_chain_has_one_port_for_it():
    assert chain_ports(sequence("s"), CATALOGUE) == (ChainPort("steps", "steps", 0),)
    assert chain_ports(loop("l"), CATALOGUE) == (ChainPort("body", "body", 0),)


def test_all_branches_begin_at_the_same_port():
    step = parallel("p", chain("a"), chain("b"))

    assert chain_ports(step, CATALOGUE) == (ChainPort("branches", "branches", None),)


def test_a_router_has_a_port_a_case_and_one_for_its_default():
    step = router("r", chain("a", case="next"), chain(case="y"), chain("b"))

    assert chain_ports(step, CATALOGUE) == (
        ChainPort("case 0", "next", 0),
        ChainPort("case 1", "y", 1),
        ChainPort("default", "default", 2),
    )


def test_a_router_without_a_default_can_be_given_one_at_its_port():
    assert chain_ports(router("r", chain(case="x")), CATALOGUE)[-1].chain == 1


def test_the_port_of_a_default_that_holds_no_step_says_that_it_goes_on():
    without, going_on = router("r", chain(case="x")), router("r", chain(case="x"), chain())

    assert [chain_ports(it, CATALOGUE)[-1].label for it in (without, going_on)] == [
        "default",
        "default: go on",
    ]


def test_a_mode_that_nobody_knows_has_one_port():
    assert len(chain_ports(Orchestrator(name="o", mode="spiral"), CATALOGUE)) == 1


def test_a_node_is_as_high_as_its_ports_need():
    agent = sheet("a").flow.root.steps[0]
    heights = [
        box_size(step, CATALOGUE)[1]
        for step in (
            agent,
            loop("l"),
            router("r", chain(case="x")),
            router("r", chain(case="x"), chain(case="y")),
        )
    ]

    assert heights == sorted(heights)
    assert {box_size(step, CATALOGUE)[0] for step in (agent, loop("l"))} == {208}
