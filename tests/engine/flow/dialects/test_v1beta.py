from datetime import timedelta

import pytest

from agentflow.flow.flow import AgentUse, Orchestrator
from agentflow.templates import fill


def told(file, code="not-translated"):
    problems = (*file.problems, *file.translated)
    return {it.where: it.message for it in problems if it.code == code}


def shape(step):
    if isinstance(step, AgentUse):
        return step.agent
    assert isinstance(step, Orchestrator)
    return step.mode, [[shape(it) for it in chain.steps] for chain in step.chains]


def shapes(file):
    return [shape(step) for step in file.flow.root.steps]


def steps(**needs: str) -> str:
    return "".join(
        f"[[workflow.steps]]\nname = {name!r}\nagent = {name!r}\ndependencies = {firsts.split()}\n"
        for name, firsts in needs.items()
    )


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("sequential", ("sequential", [["a", "b"]])),
        ("parallel", ("collaborative", [["a"], ["b"]])),
        ("loop", ("loop", [["a", "b"]])),
    ],
)
def test_a_workflows_agents_are_the_members_of_its_mode(hear, mode, expected):
    file = hear(f'[workflow]\nmode = "{mode}"\nagents = ["a", "b"]\ntimeout = "1m"\n')

    assert file.dialect.name == "v1beta"
    assert shapes(file) == [expected]
    assert file.flow.settings.timeout == timedelta(minutes=1)


def test_a_loop_has_ten_passes_unless_the_file_says_otherwise(hear):
    for said, expected in (("", 10), ("max_iterations = 3", 3), ("max_iterations = 0", 10)):
        file = hear(f'[workflow]\nmode = "loop"\nagents = ["a"]\n{said}\n')
        assert file.flow.root.steps[0].settings.max_iterations == expected
        assert "when code says so there" in told(file)["workflow"]


def test_a_dag_becomes_stages_and_branches(hear):
    needs = {"s": "", "a": "s", "b": "a", "c": "a", "d": "s", "e": "b c d"}
    file = hear('[workflow]\nmode = "dag"\n' + steps(**needs))

    inner = ("collaborative", [["b"], ["c"]])
    assert shapes(file) == ["s", ("collaborative", [["a", inner], ["d"]]), "e"]
    assert told(file) == {}


def test_a_dag_of_another_shape_says_what_waits_longer(hear):
    file = hear('[workflow]\nmode = "dag"\n' + steps(a="", b="", c="a b", d="b"))

    assert shapes(file) == [
        ("collaborative", [["a"], ["b"]]),
        ("collaborative", [["c"], ["d"]]),
    ]
    assert "'d' waits for 'a' too" in told(file)["workflow.steps"]


def test_a_dag_in_a_circle_runs_in_turn_and_says_so(hear):
    file = hear('[workflow]\nmode = "dag"\n' + steps(a="b", b="a"))

    assert shapes(file) == [("sequential", [["a", "b"]])]
    assert "in a circle" in told(file)["workflow.steps"]


def test_a_dependency_on_nothing_and_what_a_step_cannot_say_are_told(hear):
    file = hear("""
        [workflow]
        mode = "dag"
        [[workflow.steps]]
        name = "fetch"
        agent = "http"
        dependencies = ["ghost"]
        condition = "x > 1"
        [[workflow.steps]]
        name = "nobody"
        agent = 3
        """)

    assert shapes(file) == [("sequential", [["http"]])]
    assert told(file).keys() == {
        "workflow.steps[0]",
        "workflow.steps[0].name",
        "workflow.steps[0].condition",
        "workflow.steps[1]",
    }


def test_a_file_without_a_workflow_is_a_single_agent(hear, native_text):
    file = hear("""
        # A helper.
        name = "helper"
        system_prompt = "Be short."
        timeout = "30s"

        [llm]
        provider = "ollama"
        base_url = "http://localhost:11434"

        [tracing]
        enabled = true  # kept
        """)

    agent = file.flow.agents["helper"]
    assert (agent.system_prompt, agent.timeout) == ("Be short.", timedelta(seconds=30))
    assert shapes(file) == [("sequential", [["helper"]])]
    assert file.flow.name == "helper"
    assert "enabled = true  # kept" in native_text(file)
    assert "# A helper." in native_text(file)


def test_a_bare_timeout_is_nanoseconds_there(hear):
    file = hear('[workflow]\nmode = "parallel"\nagents = ["a"]\ntimeout = 1500000000\n')

    assert file.flow.settings.timeout == timedelta(milliseconds=1500)
    assert "nanoseconds" in told(file, "translated")["workflow.timeout"]


def test_a_projects_agents_keep_what_they_say(hear):
    file = hear("""
        [project]
        name = "desk"
        version = "2"
        author = "somebody"
        [workflow]
        mode = "sequential"
        [agents.a]
        role = "reader"
        timeout_seconds = 4
        enabled = false
        [agents.a.memory]
        provider = "chromem"
        [agents.b]
        """)

    flow = file.flow
    assert (flow.name, flow.version) == ("desk", "2")
    assert shapes(file) == [("sequential", [["a", "b"]])]
    assert (flow.agents["a"].enabled, flow.agents["b"].enabled) == (False, True)
    assert flow.agents["a"].timeout == timedelta(seconds=4)
    assert file.native["project"] == {"author": "somebody"}
    assert file.native["agents"]["a"]["memory"] == {"provider": "chromem"}


@pytest.mark.parametrize(
    "text",
    [
        'name = "x"\n[phases.a]\nmode = "loop"\n',
        '[workflow]\nmode = "loop"\n[orchestration]\nmode = "mixed"\n',
        "[workflow]\nowner = 'me'\n",
    ],
)
def test_what_is_of_another_program_is_not_taken_for_a_workflow(hear, text):
    assert hear(text).dialect is None


@pytest.mark.parametrize(
    "workflow",
    ['mode = 3\nagents = "a"', "steps = 3\nmode = 'dag'", "mode = 'x'\nagents = [1, '']"],
)
def test_values_of_another_kind_are_told_and_no_crash(hear, workflow):
    assert hear(f"[workflow]\n{workflow}\n").dialect.name == "v1beta"


def test_a_prompt_is_taken_as_it_is_written_there(hear):
    file = hear('name = "x"\nsystem_prompt = "say {{ name }}"\n')

    assert fill(file.flow.agents["x"].system_prompt, {}, "x") == "say {{ name }}"
