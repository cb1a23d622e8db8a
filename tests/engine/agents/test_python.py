"""Python agents, called in this process and in one of their own."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from agentflow.agents.base import AgentSetup
from agentflow.errors import NotAllowedError
from agentflow.event import Event
from agentflow.flow.flow import RetryPolicy
from agentflow.running.outcome import RunOutcome
from agentflow.trace import StepOutput
from engine.agents.agent_alone import CATALOGUE, built, outcome, runner, settings, spec, write
from engine.fakes import setup
from engine.processes import gone, until


@pytest.fixture(params=["here", "isolated"])
def surroundings(request, tmp_path: Path) -> AgentSetup:
    return setup(folder=tmp_path, isolate=request.param == "isolated")


@pytest.fixture
def isolated(tmp_path: Path) -> AgentSetup:
    return setup(folder=tmp_path, isolate=True)


async def ran(source: str, surroundings: AgentSetup, call: str = "agents:work", **data: Any):
    assert surroundings.folder is not None
    write(surroundings.folder, agents=source)
    return await outcome("python", data, surroundings, call=call)


def _changes(result: RunOutcome) -> dict[str, Any]:
    assert result.status == "succeeded", result.error
    return result.state.to_dict()


async def test_a_function_of_the_state_adds_what_it_returns(surroundings):
    source = "def work(state):\n    return {'twice': state['n'] * 2}"

    assert _changes(await ran(source, surroundings, n=21)) == {"n": 21, "twice": 42}


async def test_a_function_may_be_async_and_take_the_event(surroundings, tmp_path):
    write(
        tmp_path,
        agents="import asyncio\n"
        "async def work(state, event):\n"
        "    await asyncio.sleep(0)\n"
        "    return {'route': event.metadata['route'], 'said': event.data['message']}",
    )
    event = Event(data={"message": "hello"}, metadata={"route": "north"})

    result = await runner("python", surroundings, call="agents:work").run(event)

    assert _changes(result) == {"message": "hello", "route": "north", "said": "hello"}


async def test_the_file_may_be_named_as_it_is_called(surroundings, tmp_path):
    write(tmp_path, agents="def work(state):\n    return {'n': 1}")

    assert _changes(await outcome("python", {}, surroundings, call="agents.py:work")) == {"n": 1}


async def test_params_reach_a_function_that_takes_them(surroundings, tmp_path):
    write(tmp_path, agents="def work(state, *, params):\n    return {'seen': params}")

    result = await outcome(
        "python", {}, surroundings, call="agents:work", params={"deep": {"n": [1, 2]}}
    )

    assert _changes(result) == {"seen": {"deep": {"n": [1, 2]}}}


async def test_the_key_of_its_call_reaches_a_function_that_takes_it(surroundings):
    result = await ran("def work(state, *, key):\n    return {'key': key}", surroundings)

    assert _changes(result)["key"].startswith(f"{result.run_id}:")


async def test_a_returned_state_replaces_the_one_before(surroundings):
    source = "from agentflow import State\ndef work(state):\n    return State({'only': 1})"

    assert _changes(await ran(source, surroundings, old=1)) == {"only": 1}


async def test_nothing_returned_changes_nothing(surroundings):
    assert _changes(await ran("def work(state): pass", surroundings, n=1)) == {"n": 1}


async def test_an_agent_may_scribble_on_the_state_it_gets(surroundings):
    source = (
        "def work(state):\n    state['list'].append(9)\n    return {'seen': len(state['list'])}"
    )

    assert _changes(await ran(source, surroundings, list=[1])) == {"list": [1], "seen": 2}


async def test_an_agent_result_with_an_error_fails_the_step(surroundings):
    source = (
        "from agentflow import AgentResult\n"
        "def work(state):\n"
        "    return AgentResult(error='no bread')"
    )

    result = await ran(source, surroundings)

    assert result.status == "failed"
    assert "no bread" in result.error


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("raise ValueError('no such page')", "raised ValueError: no such page"),
        ("raise SystemExit(3)", "raised SystemExit: 3"),
        ("raise KeyboardInterrupt", "raised KeyboardInterrupt"),
        ("return [1, 2]", "returned a list"),
        ("return {'when': object()}", "no JSON value"),
        ("return {'n': float('nan')}", "nan"),
    ],
)
async def test_what_a_function_does_wrong_fails_its_step_and_nothing_else(surroundings, body, told):
    result = await ran(f"def work(state):\n    {body}", surroundings)

    assert result.status == "failed"
    assert "worker: agent 'worker'" in result.error
    assert told in result.error


async def test_both_ways_tell_a_failure_alike(tmp_path):
    errors = set()
    for isolate in (False, True):
        for body in ("raise ValueError('x')", "return 3"):
            surroundings = setup(folder=tmp_path, isolate=isolate)
            result = await ran(f"def work(state):\n    {body}", surroundings)
            errors.add((body, result.error))
            (tmp_path / "agents.py").unlink()

    assert len(errors) == 2, errors


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ("missing:work", "missing"),
        ("agents:missing", "missing"),
        ("agents:constant", "constant"),
    ],
)
async def test_a_function_that_is_not_there_is_named(surroundings, call, told):
    result = await ran("constant = 3", surroundings, call=call)

    assert result.status == "failed"
    assert told in result.error


async def test_a_module_that_cannot_be_imported_fails_the_step(surroundings):
    result = await ran("import there_is_no_such_module", surroundings)

    assert result.status == "failed"
    assert "there_is_no_such_module" in result.error


async def test_an_installed_module_may_be_called(surroundings):
    result = await outcome("python", {"a": [3, 1]}, surroundings, call="copy:copy")

    assert _changes(result) == {"a": [3, 1]}


async def test_a_file_beside_the_flow_shadows_nothing(surroundings, tmp_path):
    write(
        tmp_path,
        json="raise RuntimeError('a stranger was imported')",
        ours="VALUE = 7",
        agents="import json, ours\ndef work(state):\n    return {'n': json.loads(str(ours.VALUE))}",
    )

    assert _changes(await outcome("python", {}, surroundings, call="agents:work")) == {"n": 7}


async def test_a_file_beside_the_flow_is_nobody_elses_module(surroundings, tmp_path):
    write(tmp_path, json="def work(state):\n    return {'mine': True}")

    result = await outcome("python", {}, surroundings, call="json:work")

    assert _changes(result) == {"mine": True}
    assert "site-packages" not in (sys.modules["json"].__file__ or "")
    assert hasattr(sys.modules["json"], "loads")


async def test_the_import_path_is_afterwards_what_it_was(surroundings):
    before = list(sys.path)

    await ran("def work(state): pass", surroundings)

    assert sys.path == before


async def test_what_a_function_prints_never_becomes_its_answer(isolated):
    source = (
        "import os, sys\n"
        "def work(state):\n"
        "    print('{\"said\": 1}')\n"
        "    sys.stdout.write('more')\n"
        "    os.write(1, b'raw bytes')\n"
        "    return {'n': 1}"
    )

    result = await ran(source, isolated)

    assert _changes(result) == {"n": 1}
    told = "".join(it.delta for it in result.entries if isinstance(it, StepOutput))
    assert told == '{"said": 1}\nmore'


async def test_a_function_does_not_read_the_programs_input(isolated):
    source = "import sys\ndef work(state):\n    return {'read': sys.stdin.read()}"

    assert _changes(await ran(source, isolated)) == {"read": ""}


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("os._exit(7)", "exit code 7"),
        ("os.kill(os.getpid(), 11)", "SIGSEGV"),
    ],
)
async def test_a_process_that_ends_fails_its_step(isolated, body, told):
    result = await ran(f"import os\ndef work(state):\n    {body}", isolated)

    assert result.status == "failed"
    assert told in result.error


async def test_after_a_crash_the_next_call_gets_another_process(isolated, tmp_path):
    write(
        tmp_path,
        agents="import os, pathlib\n"
        "def work(state):\n"
        "    mark = pathlib.Path(state['mark'])\n"
        "    if mark.exists():\n"
        "        return {'pid': os.getpid()}\n"
        "    mark.touch()\n"
        "    os._exit(1)",
    )
    again = {"retry_policy": RetryPolicy(max_retries=1, base_delay_ms=0)}

    result = await outcome(
        "python", {"mark": str(tmp_path / "mark")}, isolated, call="agents:work", on_spec=again
    )

    assert _changes(result)["pid"] != os.getpid()


async def test_one_process_serves_call_after_call(isolated, tmp_path):
    write(tmp_path, agents="import os\ndef work(state):\n    return {'pid': os.getpid()}")

    async with runner("python", isolated, call="agents:work") as started:
        pids = {(await started.run(Event())).state["pid"] for _ in range(2)}

    assert len(pids) == 1


async def test_a_cancelled_call_is_killed_with_all_that_it_started(isolated, tmp_path):
    write(
        tmp_path,
        agents="import os, pathlib, subprocess, sys, time\n"
        "def work(state):\n"
        "    child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "    pathlib.Path(state['pids'] + '.new').write_text(f'{os.getpid()} {child.pid}')\n"
        "    os.rename(state['pids'] + '.new', state['pids'])\n"
        "    while True: pass",
    )
    told = tmp_path / "pids"

    async with runner("python", isolated, call="agents:work") as started:
        handle = await started.emit(Event(data={"pids": str(told)}))
        await until(told.exists, "the function did not begin")
        handle.cancel()
        result = await handle.outcome()

    assert result.status == "cancelled"
    for pid in told.read_text().split():
        await gone(int(pid))


async def test_no_process_outlives_its_runner(isolated, tmp_path):
    write(tmp_path, agents="import os\ndef work(state):\n    return {'pid': os.getpid()}")

    result = await outcome("python", {}, isolated, call="agents:work")

    await gone(result.state["pid"])


async def test_a_process_dies_with_the_program_that_started_it(tmp_path):
    write(
        tmp_path,
        agents="import os, time\n"
        "def work(state):\n    print(os.getpid(), flush=True)\n    time.sleep(600)",
        program="import asyncio, pathlib, sys\n"
        "from agentflow import AgentSetup, Event, Runner\n"
        "from agentflow.flow.flow import AgentSpec, AgentUse, Chain, Flow\n"
        "from agentflow.agents.python import PythonSettings\n"
        "from agentflow.trace import StepOutput\n"
        "spec = AgentSpec(name='w', type='python', settings=PythonSettings(call='agents:work'))\n"
        "flow = Flow(agents={'w': spec}, root=Chain(steps=(AgentUse(agent='w'),)))\n"
        "setup = AgentSetup(models=None, folder=pathlib.Path(sys.argv[1]), isolate=True)\n"
        "runner = Runner.from_flow(flow, setup=setup)\n"
        "tell = lambda it: isinstance(it, StepOutput) and print(it.delta, end='', flush=True)\n"
        "runner.subscribe(tell)\n"
        "asyncio.run(runner.run(Event()))\n",
    )
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, str(tmp_path / "program.py"), str(tmp_path)),
        stdout=asyncio.subprocess.PIPE,
    )
    assert program.stdout is not None
    pid = int(await program.stdout.readline())

    program.kill()
    await program.communicate()

    await gone(pid)


async def test_calls_at_the_same_time_have_processes_of_their_own(isolated, tmp_path):
    write(
        tmp_path,
        agents="import os, pathlib, time\n"
        "def work(state):\n"
        "    folder = pathlib.Path(state['folder'])\n"
        "    (folder / f'{os.getpid()}.here').touch()\n"
        "    while len(list(folder.glob('*.here'))) < 2: time.sleep(0.01)\n"
        "    return {'pid': os.getpid()}",
    )

    async with runner("python", isolated, call="agents:work") as started:
        event = Event(data={"folder": str(tmp_path)})
        handles = [await started.emit(event) for _ in range(2)]
        pids = {(await it.outcome()).state["pid"] for it in handles}

    assert len(pids) == 2


def test_an_agent_that_may_not_execute_is_refused(tmp_path):
    with pytest.raises(NotAllowedError, match=r"agents\.worker"):
        built("python", setup(folder=tmp_path, may_execute=False), call="agents:work")


def test_building_an_agent_imports_nothing(tmp_path):
    write(tmp_path, agents="raise AssertionError('imported')")

    built("python", setup(folder=tmp_path), call="agents:work")


def test_it_says_what_it_would_execute():
    told = CATALOGUE.agent_types["python"].executes(
        spec("python", settings("python", call="agents:collect"))
    )

    assert len(told) == 1
    assert "agents" in told[0]
    assert "collect()" in told[0]


@pytest.mark.parametrize(
    ("call", "is_fine"),
    [
        ("agents:collect", True),
        ("package.module:collect", True),
        ("${WHICH}", True),
        ("", False),
        ("agents", False),
        ("agents.py:collect", True),
        ("../agents:collect", False),
        ("agents:", False),
        ("agents:collect()", False),
    ],
)
def test_a_call_that_names_no_function_is_told_before_it_runs(call, is_fine):
    faults = CATALOGUE.agent_types["python"].faults(spec("python", settings("python", call=call)))

    assert [it.where for it in faults] == ([] if is_fine else ["call"])
