"""Which steps a problem is about: its own, or every use of the agent in whose definition it is."""

import pytest

from agentflow.problem import Problem
from agentflow_editor.document.concern import agent_of, problems_by_step, steps_of, told
from editor.document.drawn import loop, sheet


def found(where: str, path: str = "") -> Problem:
    return Problem(severity="error", code="x", message="is wrong", where=where, path=path)


PLACES = sheet("writer", loop("refine", "critic", "writer"), "my agent").flow.places()


@pytest.mark.parametrize(
    ("problem", "paths"),
    [
        (found("agents.writer.type"), ["writer", "refine/writer"]),
        (found('agents."my agent".timeout'), ["my agent"]),
        (found("agents.writer", path="refine/writer"), ["refine/writer"]),
        (found("orchestration.mixed", path="refine"), ["refine"]),
        (found("agents.nobody.type"), []),
        (found("agents"), []),
        (found("llm.model"), []),
        (found("agents_of.writer"), []),
    ],
)
def test_a_problem_is_about_its_step_or_every_use_of_its_agent(problem, paths):
    assert list(steps_of(problem, PLACES)) == paths
    assert list(problems_by_step([problem], PLACES)) == paths


def test_each_step_has_its_own_problems_and_those_of_its_agent_in_their_order():
    own, shared = found("", path="refine/writer"), found("agents.writer.type")

    by_step = problems_by_step([own, shared], PLACES)

    assert by_step == {"writer": [shared], "refine/writer": [own, shared]}


def test_an_agent_is_known_by_the_place_of_the_problem():
    assert agent_of(found('agents."my agent".llm.model')) == "my agent"
    assert agent_of(found("agents")) == agent_of(found("llm.model")) == ""


def test_what_is_said_of_an_agent_is_said_after_its_key():
    assert told(found("agents.writer.llm.model")) == "llm.model: is wrong"
    assert told(found("orchestration.timeout")) == "orchestration.timeout: is wrong"
    assert told(found("agents.writer")) == "Is wrong"
    assert told(found("orchestration.mixed", path="refine")) == "Is wrong"
