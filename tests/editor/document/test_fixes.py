"""Fixes: every fix that a problem offers can be done, and mends it."""

import pytest

from agentflow.errors import one_of
from agentflow.flow.check import check
from agentflow.problem import Fix
from agentflow_editor.document import edits
from agentflow_editor.document.edits import EditError
from agentflow_editor.document.sheet import Sheet
from editor.document.drawn import CATALOGUE, chain, loop, parallel, router, sheet


def broken() -> Sheet:
    """A sheet with about everything wrong that an edit can mend."""
    drawn = sheet(
        "writer",
        router("r", chain("writer", case="x"), chain("editor", case="x")),
        loop("l", "editor"),
        parallel("p", chain("writr"), chain("somebody")),
        router("empty"),
    )
    for name, field, value in [
        ("writer", "enabled", False),
        ("writer", "llm.api_key", "sk-1234567890"),
        ("editor", "timeout", "5m"),
    ]:
        drawn = edits.set_agent(drawn, name, field, value)
    drawn = edits.define_agent(drawn, "spare", "scripted", catalogue=CATALOGUE)
    drawn = edits.set_flow(edits.set_flow(drawn, "timeout", "1m"), "failure_threshold", 3.0)
    drawn = edits.set_orchestrator(drawn, "l", "timeout", "9m")
    left = {name: spec for name, spec in drawn.flow.agents.items() if name not in UNDEFINED}
    left["editor"] = left["editor"].model_copy(update={"type": "scriptd"})
    return Sheet(drawn.flow.model_copy(update={"agents": left}), drawn.layout)


UNDEFINED = ("writr", "somebody")


def test_every_fix_that_is_offered_mends_its_problem():
    drawn = broken()
    problems = check(drawn.flow, CATALOGUE)
    offered = [(problem, fix) for problem in problems for fix in problem.fixes if fix.edit]

    for problem, fix in offered:
        mended = edits.apply_fix(drawn, fix, catalogue=CATALOGUE)
        left = {(it.code, it.path, it.where) for it in check(mended.flow, CATALOGUE)}
        assert (problem.code, problem.path, problem.where) not in left, str(problem)

    done = {fix.edit for _, fix in offered}
    assert done >= {"define_agent", "rename_use", "set_agent"}, one_of(done)


def test_a_fix_that_only_a_person_can_do_says_so():
    with pytest.raises(EditError, match="by hand"):
        edits.apply_fix(Sheet(), Fix("Add a first step"), catalogue=CATALOGUE)


def test_a_fix_names_only_what_the_table_allows():
    with pytest.raises(EditError, match="by hand"):
        edits.apply_fix(Sheet(), Fix("Do it", "__import__", {"name": "os"}), catalogue=CATALOGUE)
