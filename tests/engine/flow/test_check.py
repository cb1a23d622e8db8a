import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given

from agentflow.flow.check import check, check_by_rule, check_file
from agentflow.flow.flow import AgentSpec, AgentUse, Chain, Flow, Orchestrator
from agentflow.flow.load import parse
from agentflow.flow.rules.answers import Answers
from agentflow.problem import Problem
from engine.checked import CATALOGUE, checked, scripted
from engine.flows import flows

TUTORIAL = """\
# agentflow.toml
[orchestration]
mode = "collaborative"  # or "sequential", "loop", "mixed", "route"
timeout = "30s"
max_concurrency = 5
failure_threshold = 0.3  # Allow 30% of agents to fail

# For sequential mode
[orchestration.sequential]
agents = ["collector", "analyzer", "formatter"]

# For collaborative mode
[orchestration.collaborative]
agents = ["researcher1", "researcher2", "fact_checker"]
timeout = "60s"

# For loop mode
[orchestration.loop]
agent = "refiner"
max_iterations = 5
condition = "quality_score >= 0.9"

# For mixed mode
[orchestration.mixed]
[[orchestration.mixed.stages]]
name = "research"
mode = "collaborative"
agents = ["researcher1", "researcher2"]

[[orchestration.mixed.stages]]
name = "analysis"
mode = "sequential"
agents = ["analyzer", "writer"]
"""


def test_the_tutorials_file_lacks_three_agents_and_has_a_timeout_that_never_fires():
    assert [(it.severity, it.code, it.path, it.where, it.line) for it in checked(TUTORIAL)] == [
        (
            "error",
            "unknown-agent",
            f"collaborative/{name}",
            f"orchestration.collaborative.agents[{number}]",
            14,
        )
        for number, name in enumerate(["researcher1", "researcher2", "fact_checker"])
    ] + [
        (
            "warning",
            "timeout-never-fires",
            "collaborative",
            "orchestration.collaborative.timeout",
            15,
        )
    ]


def test_a_problem_reads_where_then_what_then_how_to_fix_it():
    text = '[orchestration]\nmode = "sequential"\n[orchestration.sequential]\nagents = ["colector"]'

    assert str(checked(text + scripted("collector"))[0]) == (
        "orchestration.sequential.agents[0]: no agent named 'colector'; use 'collector' instead"
    )


def test_errors_come_first_and_then_what_stands_first_in_the_file():
    text = """\
[orchestration]
mode = "mixed"
tiemout = "3s"
[[orchestration.mixed.stages]]
name = "refine"
mode = "loop"
agents = ["writer"]
[[orchestration.mixed.stages]]
name = "deliver"
mode = "route"
agents = ["writer", "nobody"]
[agents.writer]
type = "scripted"
[agents.spare]
type = "scripted"
"""

    assert [(it.code, it.line) for it in checked(text)] == [
        ("unknown-agent", 11),
        ("no-default", 8),
        ("unknown-key", 3),
        ("no-condition", 4),
        ("unused-agent", 14),
    ]


def test_what_reading_found_is_told_once():
    text = """\
[orchestration]
mode = "sequential"
[orchestration.sequential]
agents = ["a", "b"]
[orchestrators.a]
mode = "sequential"
agents = ["b"]
[orchestrators.b]
mode = "sequential"
agents = ["a"]
"""
    errors = [it.code for it in checked(text) if it.severity == "error"]

    assert errors.count("orchestrator-cycle") == 1
    assert errors.count("two-owners") == 1


def test_circles_that_hang_on_nothing_are_errors_too():
    text = """\
[orchestration]
mode = "sequential"
[orchestration.sequential]
agents = ["writer"]
[orchestrators.a]
mode = "sequential"
agents = ["writer", "b"]
[orchestrators.b]
mode = "loop"
agents = ["a"]
"""

    assert "orchestrator-cycle" in [
        it.code for it in checked(text + scripted("writer")) if it.severity == "error"
    ]


def test_agents_that_code_hands_in_count_as_defined():
    text = '[orchestration]\nmode = "sequential"\n[orchestration.sequential]\nagents = ["mine"]'

    assert [it.code for it in checked(text)] == ["unknown-agent"]
    assert checked(text, registered=["mine"]) == ()


def test_a_flow_in_no_file_has_the_places_that_it_would_be_saved_at():
    flow = Flow(root=Chain(steps=(AgentUse(agent="a"), AgentUse(agent="b"))))

    assert [it.where for it in check(flow, CATALOGUE)] == [
        "orchestration.mixed.stages[0].agents[0]",
        "orchestration.mixed.stages[1].agents[0]",
    ]


@given(flows())
def test_every_problem_of_a_random_flow_has_a_place_and_a_text(flow: Flow):
    paths = {place.path for place in flow.places()} | {""}

    for problem in check(flow, CATALOGUE):
        assert problem.where
        assert problem.path in paths
        assert problem.message
        assert "\n" not in str(problem)


@given(flows())
def test_a_random_flow_has_no_error_but_empty_chains(flow: Flow):
    errors = {it.code for it in check(flow, CATALOGUE) if it.severity == "error"}

    assert errors <= {"empty-chain"}


def test_ten_times_the_steps_are_ten_times_the_work():
    """Counted in calls, which no other load on the machine can change."""

    def calls(steps: int) -> int:
        flow = _wide(steps)
        count = 0

        def counted(frame: object, event: str, argument: object) -> None:
            nonlocal count
            count += 1

        sys.setprofile(counted)
        try:
            check(flow, CATALOGUE)
        finally:
            sys.setprofile(None)
        return count

    assert calls(3000) < 11 * calls(300)


def test_what_an_edit_left_alone_is_not_looked_at_again():
    asked: list[str] = []

    def faults(spec: AgentSpec) -> tuple[Problem, ...]:
        asked.append(spec.name)
        return ()

    types = {"scripted": replace(CATALOGUE.agent_types["scripted"], faults=faults)}
    catalogue = replace(CATALOGUE, agent_types=types)
    agents = {f"agent{n}": AgentSpec(name=f"agent{n}", type="scripted") for n in range(4)}
    flow, answers = _wide(4).model_copy(update={"agents": agents}), Answers()
    for description in ("one", "other"):
        changed = flow.agents["agent1"].model_copy(update={"description": description})
        flow = flow.model_copy(update={"agents": {**flow.agents, "agent1": changed}})
        for _ in check_by_rule(flow, catalogue, answers=answers):
            pass

    assert sorted(asked) == ["agent0", "agent1", "agent1", "agent2", "agent3"]


def test_a_flow_of_any_depth_is_checked():
    step: AgentUse | Orchestrator = AgentUse(agent="a")
    for number in range(2000):
        step = Orchestrator(name=f"o{number}", mode="loop", chains=(Chain(steps=(step,)),))

    assert "too-deep" in {it.code for it in check(Flow(root=Chain(steps=(step,))), CATALOGUE)}


def test_checking_a_sound_file_does_not_wait_for_heavy_libraries():
    text = TUTORIAL + scripted("researcher1", "researcher2", "fact_checker")
    script = (
        "import sys\n"
        "from agentflow.catalogue import Catalogue\n"
        "from agentflow.flow.check import check_file\n"
        "from agentflow.flow.load import parse\n"
        f"check_file(parse({text!r}, Catalogue.installed()), Catalogue.installed())\n"
        "print(*sorted({'networkx', 'rapidfuzz'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)

    assert (done.stdout.strip(), done.stderr) == ("", "")


@pytest.mark.parametrize("mode", ["sequential", "collaborative", "loop", "route"])
def test_lines_are_found_in_the_table_of_every_mode(mode: str):
    table = "routing" if mode == "route" else mode
    text = f"""\
[orchestration]
mode = "{mode}"

[orchestration.{table}]
agents = ["known",
  "unknown"]
"""
    problem = next(it for it in checked(text + scripted("known")) if it.code == "unknown-agent")

    assert (problem.where, problem.line) == (f"orchestration.{table}.agents[1]", 6)


def test_check_and_check_file_say_the_same_of_a_native_file():
    file = parse(TUTORIAL, CATALOGUE)

    assert [(it.code, it.where) for it in check(file.flow, CATALOGUE)] == [
        (it.code, it.where) for it in check_file(file, CATALOGUE)
    ]


def _wide(steps: int) -> Flow:
    names = [f"agent{number}" for number in range(steps)]
    branch = [Chain(steps=(AgentUse(agent=name),)) for name in names[: steps // 2]]
    wide = Orchestrator(name="wide", mode="collaborative", chains=tuple(branch))
    rest = tuple(AgentUse(agent=name) for name in names[steps // 2 :])
    return Flow(root=Chain(steps=(wide, *rest)))


@pytest.mark.parametrize(
    ("text", "where", "line"),
    [
        ('mode = "loop"\nloop_agent = "x"', "orchestration.loop_agent", 3),
        (
            'mode = "sequential"\nsequential_agents = ["x"]',
            "orchestration.sequential_agents[0]",
            3,
        ),
        (
            'mode = "route"\n[orchestration.routing.rules]\nbilling = "x"',
            "orchestration.routing.rules.billing",
            4,
        ),
        (
            'mode = "mixed"\n[[orchestration.mixed.stages]]\nagent = "x"',
            "orchestration.mixed.stages[0].agent",
            4,
        ),
        (
            (
                'mode = "mixed"\n[[orchestration.mixed.stages]]\nagent = "o"\n'
                '[orchestrators.o]\nmode = "collaborative"\nagents = [["x", "y"]]'
            ),
            "orchestrators.o.agents[0][0]",
            7,
        ),
    ],
)
def test_a_place_is_named_as_the_file_says_it(text: str, where: str, line: int):
    problem = next(it for it in checked(f"[orchestration]\n{text}") if it.code == "unknown-agent")

    assert (problem.where, problem.line) == (where, line)
