import pytest

from agentflow.flow.check import check
from agentflow.flow.flow import AgentSpec, AgentUse, Case, Chain, Flow, Orchestrator
from engine.checked import CATALOGUE, found, scripted

SHARED = """\
[orchestration]
mode = "mixed"
[[orchestration.mixed.stages]]
name = "review"
mode = "collaborative"
agents = ["writer", "critic"]
"""


def test_an_orchestrator_cannot_be_called_like_an_agent():
    problem = found("name-taken", SHARED + scripted("writer", "critic", "review"))[0]

    assert (problem.severity, problem.path) == ("error", "review")
    assert (problem.where, problem.line) == ("orchestration.mixed.stages[0].name", 4)
    assert problem.message == "an agent is called 'review' too"
    assert problem.fixes[0].edit == "rename"
    assert problem.fixes[0].arguments == {"path": "review", "new": "review_2"}


def test_an_orchestrator_cannot_be_called_like_an_agent_that_code_hands_in():
    assert found("name-taken", SHARED, registered=["review"])


def test_two_orchestrators_cannot_share_a_name():
    stage = SHARED.removeprefix('[orchestration]\nmode = "mixed"\n')
    problem = found("duplicate-name", SHARED + stage + scripted("writer", "critic"))[0]

    assert (problem.severity, problem.line) == ("error", 8)
    assert problem.fixes[0].arguments["new"] == "review_2"


@pytest.mark.parametrize("name", ["a/b", "a#2", "a~2", "|a", " ", "a\x07", "n" * 201])
def test_a_name_must_be_one_that_paths_can_hold(name: str):
    use = Chain(steps=(AgentUse(agent=name),))
    router = Orchestrator(
        name=name, mode="route", chains=(use.model_copy(update={"case": Case(name=name)}),)
    )
    flow = Flow(agents={name: AgentSpec(name=name)}, root=Chain(steps=(router,)))
    bad = [it for it in check(flow, CATALOGUE) if it.code == "bad-name"]

    assert [it.severity for it in bad] == ["error"] * 3


def test_two_cases_of_a_router_cannot_share_a_name():
    text = """\
[orchestration]
mode = "route"
[orchestration.routing]
default = ["writer"]
[[orchestration.routing.cases]]
name = "question"
when = "kind == 1"
agents = ["writer"]
[[orchestration.routing.cases]]
name = "question"
when = "kind == 2"
agents = ["writer"]
"""
    problem = found("duplicate-case", text + scripted("writer"))[0]

    assert (problem.severity, problem.path, problem.line) == ("error", "route", 10)
    assert problem.where == "orchestration.routing.cases[1].name"
    assert problem.fixes[0].edit == "set_case"
    assert problem.fixes[0].arguments == {
        "path": "route",
        "chain": 1,
        "field": "name",
        "value": "question_2",
    }
