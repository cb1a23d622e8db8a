import pytest

from agentflow.flow.check import check
from agentflow.flow.flow import AgentUse, Chain, Flow, Orchestrator
from engine.checked import CATALOGUE, checked, found, scripted


def flat(mode: str, body: str) -> str:
    table = "routing" if mode == "route" else mode
    head = f'[orchestration]\nmode = "{mode}"\n[orchestration.{table}]\n'
    return head + body + scripted("writer", "critic")


def test_a_flow_without_steps_is_an_error():
    problem = check(Flow(), CATALOGUE)[0]

    assert (problem.severity, problem.code) == ("error", "empty-flow")
    assert problem.where == "orchestration"


@pytest.mark.parametrize("mode", ["sequential", "collaborative", "loop"])
def test_an_orchestrator_without_steps_is_an_error(mode: str):
    problem = found("empty-chain", flat(mode, "agents = []\n"))[0]

    assert (problem.severity, problem.path) == ("error", mode)
    assert [it.edit for it in problem.fixes] == ["add_stand_in", "remove"]


def test_a_branch_without_steps_is_an_error():
    problem = found("empty-chain", flat("collaborative", 'agents = ["writer", []]\n'))[0]

    assert problem.message == "branch 2 has no steps"


def test_an_empty_orchestrator_that_never_runs_is_worth_knowing_only():
    empty = Orchestrator(name="empty", mode="sequential", chains=(Chain(),))
    root = Chain(steps=(AgentUse(agent="a"),))
    flow = Flow(root=root, parked=(Chain(steps=(empty,)),))

    assert {it.severity for it in check(flow, CATALOGUE, registered=["a"])} == {"info"}


def test_an_unknown_mode_is_an_error_with_the_mode_that_was_meant():
    text = flat("sequental", 'agents = ["writer"]\n')
    problem = next(it for it in checked(text) if it.code == "unknown-mode")

    assert problem.severity == "error"
    assert problem.fixes[0].title == "Write 'sequential'"


def test_what_is_parked_is_told_once_for_each_tree():
    text = flat("sequential", 'agents = ["writer"]\n') + '[editor]\nparked = [["writer", "critic"]]'
    problems = found("parked", text)

    assert [(it.severity, it.path, it.where) for it in problems] == [
        ("info", "|0/writer", "editor.parked[0][0]")
    ]
    assert problems[0].message == (
        "'writer' and the step that it leads to hang on nothing, so they never run"
    )


@pytest.mark.parametrize(("depth", "codes"), [(64, []), (65, ["too-deep"])])
def test_orchestrators_may_stand_sixty_four_deep(depth: int, codes: list[str]):
    step: AgentUse | Orchestrator = AgentUse(agent="a")
    for number in range(depth):
        chain = Chain(steps=(step,))
        step = Orchestrator(name=f"o{number}", mode="sequential", chains=(chain,))
    problems = check(Flow(root=Chain(steps=(step,))), CATALOGUE, registered=["a"])

    assert [it.code for it in problems if it.severity == "error"] == codes


ROUTER = """\
default = ["critic"]
[[orchestration.routing.cases]]
name = "first"
{first}
agents = ["writer"]
[[orchestration.routing.cases]]
name = "second"
{second}
agents = ["writer"]
"""


def test_a_router_without_a_default_may_fail():
    problem = found("no-default", flat("route", ROUTER.format(first="", second="")[20:]))[0]

    assert (problem.severity, problem.path) == ("warning", "route")
    assert problem.fixes[0].edit == "add_default"


def test_a_router_with_a_default_or_a_case_that_always_holds_cannot_fail():
    always = ROUTER.format(first='when = "true"', second="")[20:]

    assert not found("no-default", flat("route", ROUTER.format(first="", second="")))
    assert not found("no-default", flat("route", always))


@pytest.mark.parametrize(
    ("body", "severity"),
    [("cases = []\n", "error"), ('cases = []\ndefault = "writer"\n', "warning")],
)
def test_a_router_without_cases_has_nothing_to_choose_from(body: str, severity: str):
    problem = found("no-cases", flat("route", body))[0]

    assert problem.severity == severity
    assert problem.fixes[0].edit == "add_case"


def test_a_case_without_steps_is_doubtful():
    text = flat("route", ROUTER.format(first="", second="").replace('["writer"]', "[]", 1))
    problem = found("empty-case", text)[0]

    assert (problem.severity, problem.where) == ("warning", "orchestration.routing.cases[0]")


@pytest.mark.parametrize(
    ("first", "second", "is_reachable"),
    [
        ('when = "x > 1"', 'when = "x > 2"', True),
        ('when = "x > 1"', 'when = "x > 1 "', False),
        ('when = "true"', 'when = "x > 1"', False),
        ('keywords = ["Bill", "price"]', 'keywords = ["PRICE", "bill"]', False),
        ('keywords = ["bill"]', 'keywords = ["bill", "price"]', True),
        ('route = "a"', 'route = "a"', False),
        ('route = "second"', "", False),
        ('route = "a"', "", True),
    ],
)
def test_a_case_that_an_earlier_one_always_precedes_is_never_tried(
    first: str, second: str, is_reachable: bool
):
    problems = found("unreachable-case", flat("route", ROUTER.format(first=first, second=second)))

    assert [it.fixes[0].arguments for it in problems] == (
        [] if is_reachable else [{"path": "route", "chain": 1}]
    )
