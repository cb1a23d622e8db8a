"""MCP agents: tools of a real server, over pipes and over HTTP."""

import asyncio
import os
import shutil
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from agentflow.agents.base import AgentSetup
from agentflow.errors import NotAllowedError, SetupError
from agentflow.event import Event
from agentflow.trace import StepStarted
from engine.agents.agent_alone import CATALOGUE, built, outcome, runner, settings, spec
from engine.checked import found
from engine.fakes import setup
from engine.processes import gone, until

SERVER = Path(__file__).with_name("mcp_tools.py")
COMMAND = ["python", "mcp_tools.py"]
FLOW = '[orchestration.sequential]\nagents = ["a"]\n[agents.a]\ntype = "mcp"\n'


@pytest.fixture
def home(tmp_path: Path) -> AgentSetup:
    shutil.copy(SERVER, tmp_path)
    return setup(folder=tmp_path, environ={"KEY": "s3cret-value"})


def _is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@asynccontextmanager
async def served() -> AsyncIterator[str]:
    """The address of a server over HTTP."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(SERVER), str(port)), stdout=quiet, stderr=quiet
    )
    try:
        await until(lambda: _is_open(port), "the server does not listen")
        yield f"http://127.0.0.1:{port}/mcp"
    finally:
        process.kill()
        await process.wait()


async def test_a_tool_is_called_over_pipes_with_what_the_state_says(home: AgentSetup):
    result = await outcome(
        "mcp", {"n": 2}, home, command=COMMAND, tool="add", arguments={"one": "{{ n }}", "other": 3}
    )

    assert result.error == ""
    assert result.state["response"] == 5


async def test_a_tool_is_called_over_http():
    async with served() as url:
        arguments = {"city": "{{ c }}"}
        result = await outcome(
            "mcp", {"c": "Rome"}, url=url, tool="place", arguments=arguments, output_key="found"
        )

    assert result.error == ""
    assert result.state["found"] == {"city": "Rome", "at": [1, 2]}


async def test_a_server_is_told_the_calls_key(home: AgentSetup):
    result = await outcome("mcp", {}, home, command=COMMAND, tool="key")

    began = next(it for it in result.entries if isinstance(it, StepStarted))
    assert result.state["response"] == f"{result.run_id}:{began.seq}"


async def test_a_private_host_has_to_be_named():
    async with served() as url:
        named = url.replace("127.0.0.1", "localhost.localdomain")
        result = await outcome("mcp", {}, url=named, tool="process")

    assert result.status == "failed"


async def test_one_session_serves_all_calls_and_ends_with_the_runner(home: AgentSetup):
    made = runner("mcp", home, command=COMMAND, tool="process")
    async with made:
        handles = [await made.emit(Event()) for _ in range(4)]
        pids = {(await it.outcome()).state["response"] for it in handles}

    (pid,) = pids
    await gone(pid)


async def test_no_server_is_started_before_it_is_called(home: AgentSetup):
    async with runner("mcp", home, command=["no-such-program"], tool="process"):
        pass


async def test_a_server_that_is_not_there_is_told(home: AgentSetup):
    program = await outcome("mcp", {}, home, command=["no-such-program"], tool="process")
    silent = await outcome("mcp", {}, home, command=["true"], tool="process")

    assert "no program 'no-such-program' on the PATH" in program.error
    assert "MCP server" in silent.error


async def test_a_tool_that_fails_and_one_that_is_unknown_fail_the_step(home: AgentSetup):
    failed = await outcome("mcp", {}, home, command=COMMAND, tool="broken")
    unknown = await outcome("mcp", {}, home, command=COMMAND, tool="nothing")

    assert "'broken' failed: Error executing tool" in failed.error
    assert "'nothing'" in unknown.error


async def test_a_server_that_died_is_started_again(home: AgentSetup):
    made = runner("mcp", home, command=COMMAND, tool="process")
    async with made:
        first = (await made.run(Event())).state["response"]
        os.kill(first, signal.SIGKILL)
        await gone(first)
        lost = await made.run(Event())
        again = await made.run(Event())

    assert lost.status == "failed"
    assert again.state["response"] != first


async def test_a_call_that_is_too_late_leaves_a_session_that_the_next_one_can_use(
    home: AgentSetup,
):
    made = runner("mcp", home, command=COMMAND, tool="process", on_spec={"timeout": "50ms"})
    async with made:
        results = [await made.run(Event())]
        await until_started(made, results)

    assert results[0].status == "failed"
    assert results[-1].status == "succeeded"


async def until_started(made: Any, results: list[Any]) -> None:
    for _ in range(200):
        results.append(await made.run(Event()))
        if results[-1].status == "succeeded":
            return


async def test_the_server_sees_the_named_variables_and_no_others(home: AgentSetup):
    def asked(**fields: Any) -> Any:
        arguments = {"name": "TOKEN"}
        return outcome(
            "mcp", {}, home, command=COMMAND, tool="variable", arguments=arguments, **fields
        )

    assert (await asked()).state["response"] == "nothing"
    assert (await asked(env={"TOKEN": "${KEY}"})).state["response"] == "s3cret-value"


def test_it_is_refused_where_nothing_may_be_executed_or_nothing_speaks_the_protocol(monkeypatch):
    with pytest.raises(NotAllowedError, match="would use server -x"):
        built("mcp", setup(may_execute=False), command=["server", "-x"], tool="t")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SetupError, match=r"pip install \"agentflow-studio\[mcp\]\""):
        built("mcp", command=["server"], tool="t")


def test_a_person_is_told_which_server_it_uses_and_which_keys_it_gets():
    kind = CATALOGUE.agent_types["mcp"]
    over_pipes = settings("mcp", command=["a", "b c"], env={"K": "${KEY}"}, tool="t")
    over_http = settings("mcp", url="https://a.example/mcp", private_hosts=["nas.lan"], tool="t")

    assert kind.executes(spec("mcp", over_pipes)) == ("MCP: a 'b c', gets ${KEY}",)
    assert kind.executes(spec("mcp", over_http)) == (
        "MCP: https://a.example/mcp",
        "MCP: may reach nas.lan in a private network",
    )


def test_a_server_and_a_tool_have_to_be_named():
    assert found("no-server", FLOW)
    assert found("no-tool", FLOW)
    assert found("no-server", FLOW + 'url = "http://x/"\ncommand = ["a"]\ntool = "t"')
    assert found("bad-template", FLOW + 'url = "http://x/"\ntool = "t"\narguments = { a = "{{ a" }')
    assert not found("no-server", FLOW + 'command = ["a"]\ntool = "t"')


async def test_what_a_server_says_as_it_dies_at_its_start_is_told(home: AgentSetup):
    dies = "import sys; sys.exit('x' * 9000 + ' the database is locked')"
    result = await outcome("mcp", {}, home, command=["python", "-c", dies], tool="add")

    assert "it said: …x" in result.error
    assert "the database is locked" in result.error
    assert len(result.error) < 2000
