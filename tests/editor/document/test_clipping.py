"""Copying steps as a text, and pasting what a text says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentflow.flow.load import parse
from agentflow_editor.document import edits
from agentflow_editor.document.clipping import clipping, read_clipping
from agentflow_editor.document.edits import EditError, Slot
from agentflow_editor.document.layout import completed
from agentflow_editor.document.sheet import Sheet
from editor.document.drawn import CATALOGUE, chain, loop, parallel, paths, sheet
from engine.flows import flows

ONE = """
[orchestration]
mode = "mixed"

[[orchestration.mixed.stages]]
name = "{0}"
agents = ["{0}"]

"""


def pasted(into: Sheet, text: str, at=(0, 0), slot=None) -> Sheet:
    return edits.paste(into, read_clipping(text, CATALOGUE), at, slot=slot)


def test_what_is_copied_is_a_flow_that_can_be_run():
    drawn = sheet("a", parallel("p", chain("b"), chain("c", "d")), "e")

    text = clipping(drawn, ["p", "a", "p/b"], CATALOGUE)

    file = parse(text, CATALOGUE)
    assert file.flow.root == chain("a", parallel("p", chain("b"), chain("c", "d")))
    assert set(file.flow.agents) == {"a", "b", "c", "d"}
    assert not file.problems


def test_a_paste_into_an_empty_flow_is_what_was_copied():
    drawn = sheet("a", loop("l", "b"))

    copy = pasted(completed(Sheet(), CATALOGUE), clipping(drawn, ["a", "l"], CATALOGUE))

    assert copy.flow.root == drawn.flow.root
    assert copy.flow.agents == drawn.flow.agents


def test_pasted_steps_are_parked_with_names_and_agents_of_their_own():
    drawn = edits.set_agent(sheet("a", loop("l", "a")), "a", "description", "first")

    copy = pasted(drawn, clipping(drawn, ["a", "l"], CATALOGUE), at=(70, 80))

    assert paths(copy)[3:] == ["|0/a-2", "|0/l-2", "|0/l-2/a-2"]
    assert copy.flow.agents["a-2"].description == "first"
    assert copy.layout["|0/a-2"] == (70, 80)


def test_pasted_steps_join_the_chain_that_is_meant():
    drawn = sheet("a", "b")

    copy = pasted(drawn, clipping(drawn, ["a"], CATALOGUE), slot=Slot("", 0, 1))

    assert paths(copy) == ["a", "a-2", "b"]


def test_steps_that_are_not_neighbours_are_pasted_as_chains_of_their_own():
    drawn = sheet("a", "b", "c")

    copy = pasted(drawn, clipping(drawn, ["a", "c"], CATALOGUE))

    assert paths(copy) == ["a", "b", "c", "|0/a-2", "|1/c-2"]


def test_an_agent_that_nobody_defined_does_not_become_an_orchestrator_of_its_name():
    copy = pasted(sheet("a", loop("l", "b")), ONE.format("l"))

    assert paths(copy)[-1] == "|0/l-2"
    assert copy.flow.agents.keys() == {"a", "b"}


@given(flows(), st.data())
@settings(max_examples=60, deadline=None)
def test_whatever_is_copied_says_the_same_when_it_is_pasted(flow, data):
    drawn = completed(Sheet(flow), CATALOGUE)
    every = [it.path for it in flow.places()]
    chosen = data.draw(st.lists(st.sampled_from(every), min_size=1, unique=True))

    text = clipping(drawn, chosen, CATALOGUE)

    empty = completed(Sheet(), CATALOGUE)
    clipped = edits.paste(empty, edits.clip(drawn, chosen), (0, 0))
    copy = pasted(empty, text)
    assert copy.flow.root == clipped.flow.root
    assert copy.flow.parked == clipped.flow.parked
    assert copy.flow.agents == clipped.flow.agents


@pytest.mark.parametrize(
    "text",
    [
        "",
        "just words",
        "key = 1",
        "a = " + "[" * 500,
        "\0",
        "\ud800",
        "x = 1\n" * 2,
        "[agents.a]\ntype = 'scripted'",
        "a" * 2_000_000,
    ],
)
def test_a_text_that_says_no_steps_is_refused_in_a_line(text):
    with pytest.raises(EditError, match="holds no steps") as refused:
        read_clipping(text, CATALOGUE)
    assert len(str(refused.value)) < 400
    assert "\n" not in str(refused.value)


def test_a_name_that_none_can_have_is_not_pasted():
    with pytest.raises(EditError):
        pasted(sheet("a"), ONE.format("a/b"))


def test_pasting_a_python_agent_imports_nothing(tmp_path, monkeypatch):
    (tmp_path / "trap.py").write_text("raise SystemExit('imported')")
    monkeypatch.chdir(tmp_path)
    text = ONE.format("t") + '[agents.t]\ntype = "python"\ncall = "trap:run"\n'

    assert paths(pasted(sheet("a"), text))[-1] == "|0/t"
