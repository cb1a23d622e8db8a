import pytest

from agentflow.flow.check import check
from agentflow.flow.flow import AgentUse, Chain, Flow, Orchestrator
from engine.checked import CATALOGUE, checked, found, scripted

USING = """\
[orchestration]
mode = "sequential"
[orchestration.sequential]
agents = ["colector", "writer"]
"""


def test_an_unknown_agent_is_an_error_with_the_name_that_was_meant_and_a_stand_in():
    problem = found("unknown-agent", USING + scripted("collector", "writer"))[0]

    assert (problem.severity, problem.path) == ("error", "sequential/colector")
    assert problem.message == "no agent named 'colector'"
    assert [(it.edit, dict(it.arguments)) for it in problem.fixes] == [
        ("rename_use", {"path": "sequential/colector", "name": "collector"}),
        ("define_agent", {"name": "colector", "type": "scripted"}),
    ]


def test_each_use_of_an_unknown_agent_is_told():
    text = USING.replace('"writer"', '"writer", "writer"')
    paths = [it.path for it in found("unknown-agent", text + scripted("colector"))]

    assert paths == ["sequential/writer", "sequential/writer~2"]


def test_an_unknown_agent_that_never_runs_is_worth_knowing_only():
    parked = Chain(steps=(AgentUse(agent="nobody"),))
    flow = Flow(root=Chain(steps=(AgentUse(agent="a"),)), parked=(parked,))
    severities = {it.path: it.severity for it in check(flow, CATALOGUE, registered=["a"])}

    assert severities == {"|0/nobody": "info"}


def test_a_use_of_an_orchestrators_name_says_where_the_orchestrator_stands():
    polish = Orchestrator(
        name="polish", mode="sequential", chains=(Chain(steps=(AgentUse(agent="a"),)),)
    )
    flow = Flow(root=Chain(steps=(polish, AgentUse(agent="polish"))))
    problem = check(flow, CATALOGUE, registered=["a"])[0]

    assert (problem.code, problem.path) == ("two-owners", "polish~2")
    assert problem.message == (
        "'polish' is an orchestrator and stands at 'polish'; it cannot stand here too"
    )
    assert problem.fixes[0].edit == "remove"


def test_an_agent_that_no_step_uses_is_worth_knowing():
    problem = found("unused-agent", USING + scripted("colector", "writer", "spare"))[0]

    assert (problem.severity, problem.where, problem.line) == ("info", "agents.spare", 12)
    assert problem.fixes[0].edit == "remove_agent"


def test_a_step_of_an_agent_that_is_not_enabled_is_worth_knowing():
    text = USING + scripted("colector", "writer") + "enabled = false\n"
    problem = found("disabled-agent", text)[0]

    assert (problem.severity, problem.path) == ("info", "sequential/writer")
    assert problem.fixes[0].arguments == {"name": "writer", "field": "enabled", "value": True}


def test_an_agent_of_an_unknown_type_is_an_error_when_it_runs():
    text = USING + scripted("colector", "writer").replace("scripted", "scriptde")
    problems = found("unknown-type", text + '[agents.spare]\ntype = "rocket"\n')

    assert [(it.severity, it.where) for it in problems] == [
        ("error", "agents.colector.type"),
        ("error", "agents.writer.type"),
        ("warning", "agents.spare.type"),
    ]
    assert problems[0].message == "no agent type is called 'scriptde'"
    assert problems[0].fixes[0].arguments == {"name": "colector", "type": "scripted"}


def test_an_agent_that_code_hands_in_may_be_of_any_type():
    text = USING + scripted("colector") + '[agents.writer]\ntype = "rocket"\n'

    assert [it.severity for it in found("unknown-type", text, registered=["writer"])] == ["warning"]


@pytest.mark.parametrize(
    ("table", "code"),
    [
        ('type = "llm"', "no-prompt"),
        ('type = "llm"\nsystem_prompt = "Write."', ""),
        ('type = "llm"\nlabels = ["yes", "no"]', ""),
        ('type = "python"', "no-call"),
        ('type = "python"\ncall = "agents:write"', ""),
        ('type = "text"\ntask = "search"', "no-folder"),
        ('type = "text"\ntask = "search"\nfolder = "library"', ""),
        ('type = "text"\ntask = "format"', "no-template"),
    ],
)
def test_a_type_says_what_its_agent_lacks(table: str, code: str):
    problems = checked(USING + scripted("colector") + f"[agents.writer]\n{table}\n")

    assert [it.code for it in problems] == ([code] if code else [])
    assert all(it.where.startswith("agents.writer") and it.fixes for it in problems)


def test_what_an_agent_lacks_that_is_never_called_does_not_matter():
    text = USING + scripted("colector") + '[agents.writer]\ntype = "python"\n'

    assert [it.code for it in checked(text + "enabled = false")] == ["disabled-agent"]
    assert checked(text, registered=["writer"]) == ()


@pytest.mark.parametrize(
    ("key", "is_secret"),
    [
        ("sk-live-1234", True),
        ("${OPENAI_API_KEY}", False),
        ("${OPENAI_API_KEY:}", False),
        ("${OPENAI_API_KEY:sk-live-1234}", True),
        ("sk-${REST}", True),
        ("", False),
    ],
)
def test_a_key_in_the_file_is_an_error_and_is_never_repeated(key: str, is_secret: bool):
    text = USING + scripted("colector", "writer")
    text += f'[agents.writer.llm]\nprovider = "openai"\napi_key = "{key}"\n'
    text += f'[llm]\napi_key = "{key}"\n'
    problems = [it for it in checked(text) if it.code == "secret"]

    assert [it.where for it in problems] == (
        ["agents.writer.llm.api_key", "llm.api_key"] if is_secret else []
    )
    assert not any("live" in f"{it}{it.fixes}" for it in problems)
    if is_secret:
        assert problems[0].severity == "error"
        assert problems[0].fixes[0].arguments == {
            "name": "writer",
            "field": "llm.api_key",
            "value": "${OPENAI_API_KEY}",
        }
        assert problems[1].fixes[0].arguments["value"] == "${API_KEY}"
