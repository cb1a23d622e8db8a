"""Whatever a function does in the process of its own, its step fails and nothing else does."""

import asyncio
import os
from pathlib import Path

import pytest

from agentflow.agents import _python_process
from agentflow.agents.python import PythonSettings
from agentflow.event import Event
from agentflow.flow.flow import AgentSpec
from agentflow.runner import Runner
from agentflow.trace import StepOutput
from engine.fakes import flow, parallel, setup
from engine.processes import gone, until

pytestmark = pytest.mark.usefixtures("nothing_open", "run_async", "nothing_left")

HEAD = """\
import ctypes, json, os, pathlib, signal, struct, subprocess, sys, threading, time

def pipes():
    \"\"\"The file descriptors of pipes that this process could write to or read from.\"\"\"
    found = []
    for number in os.listdir("/proc/self/fd"):
        try:
            if os.readlink(f"/proc/self/fd/{number}").startswith("pipe:"):
                found.append(int(number))
        except OSError:
            pass
    return found

def write_everywhere(data):
    for number in pipes():
        try:
            os.write(number, data)
        except OSError:
            pass

def framed(message):
    body = json.dumps(message).encode()
    return struct.pack(">I", len(body)) + body

def good(state):
    return {"x": 1}

def bad(state):
"""

BRIEF = "0.5s"

ZOO = {
    "exits at once": ("os._exit(7)", "its process ended with exit code 7", None),
    "exits with success": ("os._exit(0)", "its process ended with exit code 0", None),
    "kills itself": ("os.kill(os.getpid(), signal.SIGKILL)", "ended by SIGKILL", None),
    "reads where nothing is": ("ctypes.string_at(0)", "ended by SIGSEGV", None),
    "aborts": ("os.abort()", "ended by SIGABRT", None),
    "stops itself": ("os.kill(os.getpid(), signal.SIGSTOP)", "its own timeout of 0.5s", BRIEF),
    "kills its group": ("os.killpg(0, signal.SIGTERM)", "ended by SIGTERM", None),
    "hangs": ("while True: pass", "its own timeout of 0.5s", BRIEF),
    "hangs, deaf to signals": (
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n    while True: pass",
        "its own timeout of 0.5s",
        BRIEF,
    ),
    "closes every file": ("os.closerange(0, 100)", "its process", None),
    "closes every file and goes on": (
        "os.closerange(0, 100)\n    while True: time.sleep(0.01)",
        "it closed the channel",
        None,
    ),
    "writes garbage everywhere": (
        "write_everywhere(b'\\xff' * 64)\n    time.sleep(60)",
        "its process answered nonsense",
        None,
    ),
    "writes text everywhere": (
        "write_everywhere(struct.pack('>I', 5) + b'hello')\n    time.sleep(60)",
        "its process answered nonsense",
        None,
    ),
    "writes other JSON everywhere": (
        "write_everywhere(framed([1, 2]))\n    time.sleep(60)",
        "its process answered nonsense",
        None,
    ),
    "writes something too deep everywhere": (
        "write_everywhere(struct.pack('>I', 60000) + b'[' * 60000)\n    time.sleep(60)",
        "its process answered nonsense",
        None,
    ),
    "answers half": (
        "write_everywhere(struct.pack('>I', 100) + b'{')\n    os._exit(1)",
        "exit code 1",
        None,
    ),
    "answers as its host would, wrongly": (
        (
            "number = sys._getframe(2).f_locals['request']['of']; "
            "write_everywhere(framed({'of': number, 'changed': 3})); time.sleep(60)"
        ),
        "its process answered nonsense",
        None,
    ),
    "returns too much": ("return {'a': 'x' * 70_000_000}", "characters of text", None),
    "raises what cannot be read": (
        "class Odd(Exception):\n        def __str__(self): raise SystemExit(9)\n    raise Odd",
        "raised Odd: (its text cannot be read)",
        None,
    ),
    "raises half a character": ("raise ValueError('a\\ud800b')", "ValueError: a\ufffdb", None),
    "raises under an endless name": (
        "raise type('X' * 1_000_000, (Exception,), {})('x')",
        "raised XXX",
        None,
    ),
    "exits in a thread and hangs": (
        "threading.Thread(target=lambda: os._exit(3)).start()\n    time.sleep(60)",
        "exit code 3",
        None,
    ),
    "forks and exits": (
        "if os.fork() == 0:\n        time.sleep(60)\n    os._exit(4)",
        "exit code 4",
        None,
    ),
    "starts a program and exits": (
        "subprocess.Popen(['sleep', '60'])\n    os._exit(4)",
        "exit code 4",
        None,
    ),
    "forks without an end": (
        "while True:\n        os.fork() or time.sleep(60)\n        time.sleep(0.05)",
        "its own timeout of 0.5s",
        BRIEF,
    ),
    "floods its output without an end": (
        "while True: print('y' * 5000)",
        "its own timeout of 0.5s",
        BRIEF,
    ),
    "floods its errors without an end": (
        "while True: print('y', file=sys.stderr)",
        "its own timeout of 0.5s",
        BRIEF,
    ),
    "floods past Python without an end": (
        "while True: os.write(1, b'y' * 5000); os.write(2, b'y' * 5000)",
        "its own timeout of 0.5s",
        BRIEF,
    ),
}


def _runner(folder: Path, body: str, timeout: str | None = None) -> Runner:
    (folder / "agents.py").write_text(f"{HEAD}    {body}\n")
    specs = {
        name: AgentSpec.model_validate(
            {
                "name": name,
                "type": "python",
                "timeout": timeout if name == "bad" else None,
                "settings": PythonSettings(call=f"agents:{name}"),
            }
        )
        for name in ("bad", "good")
    }
    team = parallel("team", "bad", "good", failure_threshold=0.5)
    of = flow(team, "good").model_copy(update={"agents": specs})
    return Runner.from_flow(of, setup=setup(folder=folder, isolate=True))


@pytest.mark.parametrize("name", ZOO)
async def test_a_function_that_misbehaves_fails_its_step_and_nothing_else(name, tmp_path):
    body, told, timeout = ZOO[name]

    async with _runner(tmp_path, body, timeout) as it:
        results = [await it.run(Event()), await it.run(Event())]

    for result in results:
        failed = result.path_results["team/bad"]
        assert failed["status"] == "failed"
        assert failed["error"].startswith("team/bad: ")
        assert told in failed["error"]
        assert len(failed["error"]) < 1000
        assert failed["error"].encode()
        assert result.status == "succeeded", result.error
        assert result.state == {"team": {"good": {"x": 1}}, "x": 1}
        assert _said(result) < 5_000_000


def _said(result):
    return sum(len(it.delta) + 100 for it in result.entries if isinstance(it, StepOutput))


HARMLESS = {
    "closes the standard files": "os.closerange(0, 3)\n    sys.stdout.close()\n    print('x')",
    "drops the standard files": "sys.stdout = sys.stderr = sys.stdin = None",
    "forks, and both return": "os.fork()",
    "forks, and the child prints": "if os.fork() == 0: print('x' * 100_000)",
    "leaves a thread that prints": (
        "def prints():\n        while True: print('x'); time.sleep(0.001)\n"
        "    threading.Thread(target=prints, daemon=True).start()"
    ),
    "answers somebody else": "write_everywhere(framed({'of': 'x', 'changed': {'forged': 1}}))",
    "prints lots": "for _ in range(2000): print('y' * 5000)",
}


@pytest.mark.parametrize("name", HARMLESS)
async def test_what_does_no_harm_is_no_failure_of_any_call(name, tmp_path):
    await _harms_no_call(name, tmp_path)


async def test_a_channel_that_is_believed_blindly_is_noticed(tmp_path, monkeypatch):
    async def believed(process, *_):
        return await _python_process._receive(process)

    monkeypatch.setattr(_python_process, "_answer", believed)

    with pytest.raises(AssertionError):
        await _harms_no_call("answers somebody else", tmp_path)


async def _harms_no_call(name, tmp_path):
    async with _runner(tmp_path, f"{HARMLESS[name]}\n    return {{'y': 2}}") as it:
        results = [await it.run(Event()) for _ in range(3)]

    for result in results:
        assert result.status == "succeeded", result.error
        assert result.state == {"team": {"bad": {"y": 2}, "good": {"x": 1}}, "x": 1}


async def test_what_was_printed_after_too_much_is_said_not_to_be_recorded(tmp_path):
    async with _runner(tmp_path, "for _ in range(2000): print('y' * 5000)") as it:
        result = await it.run(Event())

    said = [it.delta for it in result.entries if isinstance(it, StepOutput)]
    assert "not recorded" in said[-1]
    assert 4_000_000 < _said(result) < 5_000_000


async def test_a_program_that_a_function_left_behind_ends_with_the_runner(tmp_path):
    body = (
        "child = subprocess.Popen(['sleep', '600'])\n"
        "    return {'pids': [*state.get('pids', ()), child.pid]}"
    )
    async with _runner(tmp_path, body) as it:
        result = await it.run(Event())
    await gone(result.state["team"]["bad"]["pids"][0])


def _group_of(pid):
    return int(Path(f"/proc/{pid}/stat").read_text().split()[4])


async def test_what_an_idle_process_started_ends_even_if_that_ended_before(tmp_path):
    told = tmp_path / "pid"
    body = (
        "child = subprocess.Popen(['sleep', '600'])\n"
        f"    pathlib.Path({str(told)!r}).write_text(str(child.pid))\n"
        "    threading.Timer(0.05, lambda: os._exit(3)).start()"
    )
    async with _runner(tmp_path, body) as it:
        await it.run(Event())
        host = _group_of(told.read_text())
        await until(lambda: not Path(f"/proc/{host}/exe").exists(), "the process did not end")
        await asyncio.sleep(0.05)
        child = int(told.read_text())
        await it.run(Event())
    await gone(child)
    assert host != os.getpid()
