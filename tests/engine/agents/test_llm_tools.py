"""Tools of model agents: real functions, a real MCP server, and a real server that wants them."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from agentflow.agents.base import executed_by
from agentflow.errors import NotAllowedError
from agentflow.event import Event
from agentflow.flow.flow import Flow, LlmSettings
from agentflow.models.open import open_models
from agentflow.running.outcome import RunOutcome
from agentflow.trace import ModelUsed, StepOutput, StepStarted, ToolCalled
from engine.agents.agent_alone import CATALOGUE, runner, settings, spec, write
from engine.checked import found
from engine.fakes import setup
from engine.models.chat_server import Answer, ChatServer, chat_server, refuses, says, wants

FUNCTIONS = '''
import os

def add(one: int, other: int = 1) -> int:
    """Add two numbers.

    Args:
        one: the first of them.
    """
    return one + other

async def place(city: str) -> dict:
    """Say where a city is."""
    return {"city": city, "at": [1, 2]}

def broken() -> str:
    raise RuntimeError("it is out of order")

def ends():
    os._exit(7)

def process() -> int:
    return os.getpid()

def order(what: str, *, call_key: str) -> str:
    """Order something."""
    return call_key
'''
SERVER = Path(__file__).with_name("mcp_tools.py")
FLOW = '[orchestration.sequential]\nagents = ["a"]\n[agents.a]\nprompt = "x"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, tools=FUNCTIONS)
    shutil.copy(SERVER, tmp_path)
    return tmp_path


async def asked(
    folder: Path, *answers: Answer, isolate: bool = True, **fields: Any
) -> tuple[RunOutcome, ChatServer]:
    """What comes of one event when a server gives these answers, and what it was asked."""
    async with chat_server(*answers) as server:
        llm = LlmSettings(base_url=server.url, model="tiny", **fields.pop("llm", {}))
        surroundings = setup(
            models=open_models({}), folder=folder, isolate=isolate, environ={"KEY": "s3cret-value"}
        )
        on_spec = {"llm": llm, **fields.pop("on_spec", {})}
        made = runner("llm", surroundings, on_spec=on_spec, prompt="Go on.", **fields)
        result = await made.run(Event())
    return result, server


def called(result: RunOutcome) -> list[ToolCalled]:
    return [entry for entry in result.entries if isinstance(entry, ToolCalled)]


def last_turn(server: ChatServer) -> dict[str, Any]:
    return server.asked[-1].body["messages"][-1]


@pytest.mark.parametrize("isolate", [True, False])
async def test_the_model_has_a_function_called_and_answers_with_what_came_of_it(folder, isolate):
    call = wants(("add", {"one": 2, "other": 40}))
    result, server = await asked(
        folder, call, says("It is 42."), isolate=isolate, tools=["tools:add"]
    )

    assert result.error == ""
    assert result.state["response"] == "It is 42."
    turns = server.asked[1].body["messages"][1:]
    assert turns == [
        {
            "role": "assistant",
            "content": "",
            "tool_calls": [
                {
                    "id": "call-1-0",
                    "type": "function",
                    "function": {"name": "add", "arguments": '{"one": 2, "other": 40}'},
                }
            ],
        },
        {"role": "tool", "content": "42", "tool_call_id": "call-1-0"},
    ]


async def test_the_model_is_told_what_a_function_is_for_and_what_it_takes(folder):
    _, server = await asked(folder, says("ok"), tools=["tools:add"])

    (tool,) = server.asked[0].body["tools"]
    assert tool["type"] == "function"
    assert tool["function"]["name"] == "add"
    assert tool["function"]["description"].startswith("Add two numbers.")
    parameters = tool["function"]["parameters"]
    assert parameters["required"] == ["one"]
    assert parameters["properties"]["one"]["type"] == "integer"
    assert parameters["properties"]["other"]["default"] == 1


async def test_functions_may_be_async_and_several_may_be_called_at_once(folder):
    calls = wants(("place", {"city": "Rome"}), ("add", {"one": 1}))
    result, server = await asked(folder, calls, says("ok"), tools=["tools:place", "tools:add"])

    assert [(it.tool, it.answer) for it in called(result)] == [
        ("place", '{"city": "Rome", "at": [1, 2]}'),
        ("add", "2"),
    ]
    assert [it["tool_call_id"] for it in server.asked[1].body["messages"][-2:]] == [
        "call-1-0",
        "call-1-1",
    ]


async def test_each_call_stands_in_the_trace_with_what_it_was_given_and_what_it_answered(folder):
    result, _ = await asked(
        folder, wants(("add", {"one": 2}), text="Let me see. "), says("3"), tools=["tools:add"]
    )

    (entry,) = called(result)
    assert (entry.path, entry.tool, entry.arguments) == ("worker", "add", {"one": 2})
    assert (entry.answer, entry.is_error) == ("3", False)
    assert entry.duration > 0
    assert [it.delta for it in result.entries if isinstance(it, StepOutput)] == [
        "Let me see. ",
        "3",
    ]
    assert result.metrics.agents["worker"].tool_calls == 1


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("broken", {}, "Error: RuntimeError: it is out of order"),
        ("add", {"one": "many"}, "valid integer"),
        ("add", {"number": 1}, "Unexpected keyword argument"),
        ("ends", {}, "ended with exit code 7"),
        ("nothing", {}, "there is no tool 'nothing'; there are add, broken, ends"),
    ],
)
async def test_what_goes_wrong_in_a_tool_is_for_the_model_to_know(folder, tool, arguments, said):
    functions = ["tools:add", "tools:broken", "tools:ends"]
    result, server = await asked(folder, wants((tool, arguments)), says("Sorry."), tools=functions)

    assert result.state["response"] == "Sorry."
    assert said in last_turn(server)["content"]
    assert called(result)[0].is_error


async def test_a_function_gets_the_key_of_its_call_of_which_the_model_knows_nothing(folder):
    once, twice = {"what": "ink"}, {"what": "ink", "call_key": "mine"}
    result, server = await asked(
        folder,
        wants(("order", once), ("order", {"what": "paper"})),
        wants(("order", once), ("order", twice)),
        says("ok"),
        tools=["tools:order"],
    )

    (tool,) = server.asked[0].body["tools"]
    assert list(tool["function"]["parameters"]["properties"]) == ["what"]
    assert tool["function"]["parameters"]["required"] == ["what"]
    keys = [it.answer for it in called(result)[:3]]
    began = next(it for it in result.entries if isinstance(it, StepStarted))
    assert len(set(keys)) == 3
    assert all(key.startswith(f"{result.run_id}:{began.seq}/") for key in keys)
    assert "mine" not in called(result)[3].answer


async def test_a_step_that_is_made_again_calls_the_same_tools_with_the_same_keys(folder):
    server = {"command": ["python", "mcp_tools.py"], "tools": ["key"]}
    talk = (wants(("order", {"what": "ink"}), ("key", {})), wants(("order", {"what": "ink"})))
    result, _ = await asked(
        folder,
        *talk,
        refuses("400 Bad Request", "not now"),
        *talk,
        says("ok"),
        tools=["tools:order"],
        mcp_servers=[server],
        on_spec={"retry_policy": {"max_retries": 1, "base_delay_ms": 0}},
    )

    assert result.state["response"] == "ok"
    keys = [it.answer for it in called(result)]
    assert keys[:3] == keys[3:]
    assert len(set(keys)) == 3


async def test_functions_run_in_a_process_of_their_own(folder):
    result, _ = await asked(folder, wants(("process", {})), says("ok"), tools=["tools:process"])

    import os

    assert int(called(result)[0].answer) != os.getpid()


async def test_a_model_that_goes_on_calling_is_stopped(folder):
    again = wants(("add", {"one": 1}))
    result, server = await asked(folder, again, tools=["tools:add"], max_tool_calls=3)

    assert result.status == "failed"
    assert "more than 3 tool calls; raise max_tool_calls" in result.error
    assert len(server.asked) == 4
    assert len(called(result)) == 3


async def test_a_function_that_is_not_there_fails_the_step(folder):
    result, server = await asked(folder, says("ok"), tools=["tools:missing"])

    assert "has no function 'missing'" in result.error
    assert server.asked == []


async def test_the_tools_of_an_mcp_server_are_offered_and_called(folder):
    server = {"command": ["python", "mcp_tools.py"], "tools": ["add", "variable", "broken"]}
    result, asked_of = await asked(
        folder,
        wants(("add", {"one": 2, "other": 3}), ("broken", {})),
        says("5"),
        mcp_servers=[server],
    )

    assert result.error == ""
    offered = asked_of.asked[0].body["tools"]
    assert [it["function"]["name"] for it in offered] == ["add", "variable", "broken"]
    assert offered[0]["function"]["description"] == "Add two numbers."
    assert "one" in offered[0]["function"]["parameters"]["properties"]
    assert json.loads(called(result)[0].answer) == 5
    assert called(result)[1].is_error


async def test_a_server_without_that_tool_says_what_it_has(folder):
    server = {"command": ["python", "mcp_tools.py"], "tools": ["divide"]}
    result, _ = await asked(folder, says("ok"), mcp_servers=[server])

    assert "offers no tool 'divide'; it offers add, broken, key, place" in result.error


async def test_two_tools_of_one_name_are_refused(folder):
    server = {"command": ["python", "mcp_tools.py"]}
    result, _ = await asked(folder, says("ok"), tools=["tools:add"], mcp_servers=[server])

    assert "two of its tools are called 'add'" in result.error


async def test_secrets_that_a_tool_says_are_not_in_the_trace(folder):
    server = {
        "command": ["python", "mcp_tools.py"],
        "env": {"KEY": "${KEY}"},
        "tools": ["variable"],
    }
    result, _ = await asked(
        folder, wants(("variable", {"name": "KEY"})), says("ok"), mcp_servers=[server]
    )

    assert called(result)[0].answer == "${KEY}"


async def test_an_answer_that_does_not_fit_its_schema_is_mended_after_tools_too(folder):
    answer = {"type": "object", "properties": {"sum": {"type": "integer"}}, "required": ["sum"]}
    result, server = await asked(
        folder,
        wants(("add", {"one": 1})),
        says('{"sum": "two"}'),
        says('{"sum": 2}'),
        tools=["tools:add"],
        answer=answer,
    )

    assert result.state["response"] == {"sum": 2}
    assert [it["role"] for it in server.asked[2].body["messages"]] == [
        *("user", "assistant", "tool", "assistant", "user"),
    ]


async def test_what_each_answer_took_is_in_the_trace_and_in_the_metrics(folder):
    prices = {"price_per_million_input": 2.0, "price_per_million_output": 10.0}
    result, _ = await asked(
        folder, wants(("add", {"one": 1})), says("2"), tools=["tools:add"], llm=prices
    )

    used = [it for it in result.entries if isinstance(it, ModelUsed)]
    assert [(it.model, it.input_tokens, it.output_tokens) for it in used] == [
        ("tiny", 20, 5),
        ("tiny", 7, 1),
    ]
    assert used[0].cost == pytest.approx(90e-6)
    told = result.metrics.to_json()["agents"]["worker"]
    assert (told["input_tokens"], told["output_tokens"]) == (27, 6)
    assert told["cost"] == pytest.approx(114e-6)


@pytest.mark.parametrize("prices", [{}, {"price_per_million_input": 2.0}])
async def test_no_cost_is_made_up_where_the_flow_does_not_state_both_prices(folder, prices):
    result, _ = await asked(folder, says("ok"), llm=prices)

    (used,) = [it for it in result.entries if isinstance(it, ModelUsed)]
    assert used.cost is None
    assert result.metrics.agents["worker"].cost is None


async def test_a_label_that_is_chosen_takes_tokens_too(folder):
    result, _ = await asked(folder, says('{"label": "yes"}'), labels=["yes", "no"])

    (used,) = [it for it in result.entries if isinstance(it, ModelUsed)]
    assert used.input_tokens == 7


def test_a_person_is_told_what_a_models_tools_would_execute():
    made = settings(
        "llm",
        tools=["tools:add"],
        mcp_servers=[{"command": ["python3", "server.py"], "env": {"KEY": "${KEY}"}}],
    )
    flow = Flow(agents={"worker": spec("llm", made)})

    assert executed_by(flow, "worker", CATALOGUE.agent_types["llm"]) == (
        "Python: add() of tools",
        "MCP: python3 server.py, gets ${KEY}",
    )


async def test_a_flow_that_may_not_execute_anything_has_no_tools(folder):
    surroundings = setup(models=open_models({}), folder=folder, may_execute=False)
    on_spec = {"llm": LlmSettings(provider="ollama")}
    made = runner("llm", surroundings, on_spec=on_spec, prompt="x", tools=["tools:add"])

    with pytest.raises(NotAllowedError, match=r"Python: add\(\) of tools"):
        await made.run(Event())


def test_a_model_that_cannot_call_tools_has_a_problem():
    tools = 'tools = ["tools:add"]\n'

    assert "the local model" in found("no-tools", FLOW + tools)[0].message
    assert not found("no-tools", '[llm]\nprovider = "openai"\n' + FLOW + tools)
    own = FLOW + tools + '[agents.a.llm]\nbase_url = "http://localhost:8080/v1"\n'
    assert not found("no-tools", own)


def test_tools_that_are_none_have_problems():
    assert found("no-call", FLOW + 'tools = ["tools.add"]\n')
    assert found("no-server", FLOW + "mcp_servers = [{ tools = ['a'] }]\n")
    assert found("labels-and-tools", FLOW + 'labels = ["a", "b"]\ntools = ["tools:add"]\n')
