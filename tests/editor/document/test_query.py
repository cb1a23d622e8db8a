"""Queries: words and terms find the steps that they are about."""

import pytest

from agentflow.flow.check import check
from agentflow.problem import Problem
from agentflow_editor.document import edits
from agentflow_editor.document.query import searched
from agentflow_editor.document.sheet import Note
from editor.document.drawn import CATALOGUE, chain, loop, router, sheet

TITLES = {mode.name: mode.title for mode in CATALOGUE.modes.values()}


def drawn():
    made = sheet("writer", loop("refine", "critic"), router("r", chain("w2", case="Good")))
    made = edits.set_agent(made, "writer", "system_prompt", "Write about {{ topic }} at length.")
    made = edits.set_agent(made, "writer", "llm.model", "Tiny")
    made = edits.set_orchestrator(made, "refine", "condition", "quality_score >= 0.9")
    made = edits.set_agent(made, "critic", "enabled", False)
    made = edits.change_type(made, "writer", "llm", catalogue=CATALOGUE)
    return edits.add_use(made, "w2", (0, 900))


def found(text: str, marks=()) -> list[str]:
    flow = drawn().flow
    notes = {"1": Note("Why it is\nso LONG", 0, 0)}
    steps = searched(flow, TITLES, check(flow, CATALOGUE), notes)
    return [step.key for step in steps if step.is_found_by(text, marks)]


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("WRIT", ["writer"]),
        ('"about {{ topic"', ["writer"]),
        ("tiny", ["writer"]),
        ("good", ["r"]),
        ("long so", ["#1"]),
        ("is:note", ["#1"]),
        ("is:note writ", []),
        ("at length", ["writer"]),
        ("type:llm", ["writer"]),
        ("type:loop", ["refine"]),
        ("type:router", ["r"]),
        ("uses:topic", ["writer"]),
        ("uses:quality_score", ["refine"]),
        ("uses:quality", []),
        ("is:disabled", ["refine/critic"]),
        ("is:parked", ["|0/w2"]),
        ("is:orchestrator", ["refine", "r"]),
        ("is:agent w2", ["r/w2", "|0/w2"]),
        ("is:nonsense", []),
        ("type:", []),
    ],
)
def test_a_search_finds_what_it_says(text, paths):
    assert found(text) == paths


def test_what_a_run_says_of_a_step_counts_too():
    assert "writer" in found("is:failed", {"failed"})


def test_steps_with_problems_are_found():
    flow = edits.set_orchestrator(drawn(), "refine", "condition", "score >").flow
    steps = searched(flow, TITLES, check(flow, CATALOGUE))

    assert [it.key for it in steps if it.is_found_by("is:error")] == ["refine"]


def test_what_is_wrong_with_an_agent_is_wrong_with_each_step_that_is_it():
    made = sheet("writer", loop("refine", "writer", "critic"))
    problem = Problem(severity="error", code="x", message="is wrong", where="agents.writer.type")

    steps = searched(made.flow, TITLES, [problem])

    assert [it.key for it in steps if it.is_found_by("is:error")] == ["writer", "refine/writer"]
