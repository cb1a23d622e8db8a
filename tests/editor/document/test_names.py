"""Names: renaming, and finding free ones."""

from dataclasses import replace

import pytest

from agentflow.flow.flow import AgentSpec
from agentflow_editor.document import edits
from agentflow_editor.document.edits import EditError
from agentflow_editor.document.edits.names import free_name
from agentflow_editor.document.sheet import Sheet
from editor.document.drawn import by_name, chain, parallel, paths, router, sheet


@pytest.mark.parametrize(
    ("wanted", "taken", "free"),
    [
        ("text", [], "text"),
        ("text", ["text"], "text-2"),
        ("text", ["text", "text-2"], "text-3"),
        ("text-2", ["text-2"], "text-3"),
        ("researcher1", ["researcher1"], "researcher1-2"),
        ("4-2", ["4-2", "4-3"], "4-4"),
    ],
)
def test_a_free_name_counts_on(wanted, taken, free):
    assert free_name(wanted, taken) == free or free_name(wanted, taken) not in taken


def test_renaming_an_agent_renames_every_use_and_keeps_positions():
    drawn = sheet("w", parallel("p", chain("w"), chain("a", "w")))

    renamed = edits.rename(drawn, "p/w", "writer")

    assert paths(renamed) == ["writer", "p", "p/writer", "p/a", "p/writer~2"]
    assert list(renamed.flow.agents) == ["writer", "a"]
    assert renamed.flow.agents["writer"].name == "writer"
    assert by_name(renamed)["writer"] == by_name(drawn)["w"]


def test_renaming_an_orchestrator_carries_its_members_positions():
    drawn = sheet(parallel("p", chain("a")))

    renamed = edits.rename(drawn, "p", " research ")

    assert paths(renamed) == ["research", "research/a"]
    assert renamed.layout["research/a"] == drawn.layout["p/a"]


def test_the_same_name_is_no_change():
    drawn = sheet("a", parallel("p"))

    assert edits.rename(drawn, "a", "a") is drawn
    assert edits.rename(drawn, "p", "p") is drawn


@pytest.mark.parametrize("new", ["b", "p", "", "x|y"])
def test_a_name_that_is_taken_or_none_is_refused(new):
    with pytest.raises(EditError, match="choose another name"):
        edits.rename(sheet("a", "b", parallel("p")), "a", new)


def test_an_agent_that_nobody_defined_may_become_one_that_is():
    drawn = sheet("colector", "collector")
    agents = {"collector": drawn.flow.agents["collector"]}
    undefined = Sheet(drawn.flow.model_copy(update={"agents": agents}), drawn.layout)

    renamed = edits.rename(undefined, "colector", "collector")

    assert paths(renamed) == ["collector", "collector~2"]
    assert renamed.flow.agents == agents


def test_one_use_can_become_that_of_another_agent():
    renamed = edits.rename_use(sheet("a", "b", "a"), "a~2", "b")

    assert paths(renamed) == ["a", "b", "b~2"]
    assert renamed.layout["b~2"] == (3, 0)


def test_a_use_cannot_become_an_orchestrator_nor_the_other_way_round():
    drawn = sheet("a", parallel("p"))

    with pytest.raises(EditError, match="taken"):
        edits.rename_use(drawn, "a", "p")
    with pytest.raises(EditError, match="uses no agent"):
        edits.rename_use(drawn, "p", "a")


def test_a_case_gets_a_name_that_no_other_case_has():
    drawn = sheet(router("r", chain("a", case="x"), chain(case="y"), chain("b")))

    renamed = edits.rename_case(drawn, "r", 0, "question")

    assert renamed.flow.root.steps[0].chains[0].case.name == "question"
    assert edits.rename_case(drawn, "r", 0, "x") is drawn
    for chain_number, name in [(0, "y"), (0, "#"), (2, "else"), (9, "z")]:
        with pytest.raises(EditError):
            edits.rename_case(drawn, "r", chain_number, name)


def test_renaming_an_agent_renames_it_where_it_stands_by_and_removing_it_takes_it_out_there():
    drawn = sheet("w", "a")
    agents = {"w": AgentSpec(name="w", fallback="a"), "a": AgentSpec(name="a")}
    drawn = replace(drawn, flow=drawn.flow.model_copy(update={"agents": agents}))

    renamed = edits.rename_agent(drawn, "a", "other")
    removed = edits.remove_agent(renamed, "other")

    assert renamed.flow.agents["w"].fallback == "other"
    assert removed.flow.agents["w"].fallback == ""
