"""Adding: new agents, uses and orchestrators."""

import pytest

from agentflow_editor.document import edits
from agentflow_editor.document.edits import EditError, Slot
from agentflow_editor.document.sheet import Sheet
from editor.document.drawn import CATALOGUE, chain, parallel, paths, router, sheet


def added(drawn, kind="scripted", at=(500, 500), **more):
    return edits.add_agent(drawn, kind, at, catalogue=CATALOGUE, **more)


def test_the_first_step_of_an_empty_flow_hangs_on_the_start():
    assert paths(added(Sheet())) == ["scripted"]


def test_a_step_without_a_slot_is_parked():
    drawn = added(sheet("a"), at=(7, 8))

    assert paths(drawn) == ["a", "|0/scripted"]
    assert drawn.layout["|0/scripted"] == (7, 8)


def test_a_new_agent_is_defined_with_its_types_settings_and_a_free_name():
    drawn = added(added(Sheet()))

    kind = CATALOGUE.agent_types["scripted"]
    assert list(drawn.flow.agents) == ["scripted", "scripted-2"]
    assert drawn.flow.agents["scripted-2"].settings == kind.settings()


def test_a_step_joins_the_chain_of_its_slot():
    drawn = sheet(parallel("p", chain("a", "b")), parked=(chain("c"),))

    assert paths(added(drawn, slot=Slot("p", 0, 1)))[:4] == ["p", "p/a", "p/scripted", "p/b"]
    assert paths(added(drawn, slot=Slot("p", 1, 0)))[3] == "p/scripted"
    assert paths(added(drawn, slot=Slot("|0", 0, 0)))[3:] == ["|0/scripted", "|0/c"]


def test_a_step_in_a_slot_behind_the_last_case_is_a_routers_default():
    drawn = added(sheet(router("r", chain("a", case="x"))), slot=Slot("r", 1, 0))

    assert drawn.flow.root.steps[0].chains[1] == chain("scripted")


def test_an_agent_can_be_used_again():
    drawn = edits.add_use(sheet("a"), "a", (9, 9))

    assert paths(drawn) == ["a", "|0/a"]
    assert list(drawn.flow.agents) == ["a"]


def test_orchestrators_are_called_after_what_they_are():
    drawn = Sheet()
    for mode in ("collaborative", "collaborative", "sequential", "loop", "route"):
        drawn = edits.add_orchestrator(drawn, mode, (0, 0), catalogue=CATALOGUE)

    assert [it.name for it in drawn.flow.orchestrators()] == [
        "parallel",
        "parallel-2",
        "sequence",
        "loop",
        "router",
    ]
    assert len(set(drawn.layout.values())) == 5, "no node hides another one"


def test_new_orchestrators_have_the_chains_that_their_mode_begins_with():
    found = {}
    for mode in CATALOGUE.modes:
        step = edits.add_orchestrator(Sheet(), mode, (0, 0), catalogue=CATALOGUE).flow.root.steps[0]
        found[mode] = step.chains
        assert type(step.settings) is CATALOGUE.modes[mode].settings

    assert found["collaborative"] == ()
    assert found["loop"] == found["sequential"] == (chain(),)
    assert found["route"] == (chain(case="case-1"),)


@pytest.mark.parametrize("name", ["a", "p", "", " ", "x/y", "x~y", "\n"])
def test_a_name_that_is_taken_or_none_is_refused(name):
    with pytest.raises(EditError, match="choose another name"):
        added(sheet("a", parallel("p")), name=name)


def test_what_nobody_knows_is_refused_with_what_there_is():
    with pytest.raises(EditError, match="'scripted'"):
        added(Sheet(), kind="oracle")
    with pytest.raises(EditError, match="'loop'"):
        edits.add_orchestrator(Sheet(), "spiral", (0, 0), catalogue=CATALOGUE)
    with pytest.raises(EditError, match="no such agent"):
        edits.add_use(Sheet(), "ghost", (0, 0))
