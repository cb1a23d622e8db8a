"""The bundle itself, as somebody has it who has no Python: outside the checkout, no PATH.

`make test-bundle` makes it and says where it is.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentflow.agents._python_process import PythonProcesses
from agentflow.agents.base import AgentCall
from agentflow.event import Event
from agentflow.state import State

BUNDLE = Path(os.environ.get("AGENTFLOW_BUNDLE", "")).resolve()
PROGRAM = BUNDLE / "agentflow-studio"

pytestmark = pytest.mark.skipif("AGENTFLOW_BUNDLE" not in os.environ, reason="make test-bundle")


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A copy where nothing of the checkout is near; hard links, since it is large."""
    shutil.copytree(BUNDLE, tmp_path / "moved", symlinks=True, copy_function=_link)
    return tmp_path / "moved" / PROGRAM.name


def _link(source: str, target: str) -> None:
    if os.path.islink(source):
        os.symlink(os.readlink(source), target)
    else:
        try:
            os.link(source, target)
        except OSError:
            shutil.copy2(source, target)


def _run(program: Path, *words: str) -> subprocess.CompletedProcess[str]:
    home = program.parents[1]
    return subprocess.run(
        [program, *words], cwd=home, env={"HOME": str(home)}, capture_output=True, text=True
    )


def test_it_tells_its_version(program):
    assert _run(program, "--version").stdout.startswith("agentflow ")


@pytest.mark.parametrize("example", ["sequential", "research-assistant", "creator-critic"])
def test_it_runs_an_example_with_its_python_agents_and_its_model(program, example):
    _run(program, "new", example, "made")

    done = _run(program, "run", "made/agentflow.toml", "--sample", "--json")

    assert done.returncode == 0, done.stderr
    assert '"status": "succeeded"' in done.stdout


async def test_the_process_for_python_agents_is_the_program_itself(program, tmp_path, monkeypatch):
    (tmp_path / "agents.py").write_text(
        "import csv, sqlite3, sys, statistics, xml.etree.ElementTree\n"
        "def mean(state):\n"
        "    return {'mean': statistics.mean(state['numbers']), 'by': sys.executable}\n"
    )
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(program))
    processes = PythonProcesses(tmp_path)
    call = AgentCall(event=Event(), agent="mean", path="mean", run_id="r", number=1)

    state = await processes.call("agents:mean", {}, State({"numbers": [1, 2, 6]}), call)
    await processes.close()

    assert (state["mean"], state["by"]) == (3, str(program))


def test_it_knows_what_each_setting_is_for(program):
    """As the inspector's help does, which reads it off the sources."""
    (program.parents[1] / "agents.py").write_text(
        "from agentflow.field_docs import field_docs\n"
        "from agentflow.flow.flow import RetryPolicy\n"
        "def told(state):\n"
        "    return {'told': field_docs(RetryPolicy)['max_retries']}\n"
    )
    (program.parents[1] / "agentflow.toml").write_text(
        '[orchestration]\nmode = "sequential"\n[orchestration.sequential]\nagents = ["a"]\n'
        '[agents.a]\ntype = "python"\ncall = "agents:told"\n'
    )

    done = _run(program, "run", "agentflow.toml", "--input", "hello", "--json")

    assert "Calls after the first one." in done.stdout, done.stderr


def test_it_runs_no_module_but_its_own(program):
    done = _run(program, "-m", "http.server")

    assert done.returncode == 2
    assert "-m" in done.stderr


@pytest.fixture
def display() -> Iterator[str]:
    """A screen that nobody sees."""
    server = shutil.which("Xvfb")
    if server is None or shutil.which("xdotool") is None:
        pytest.skip("needs Xvfb and xdotool")
    reading, writing = os.pipe()
    command = [
        server,
        "-displayfd",
        str(writing),
        "-screen",
        "0",
        "1400x900x24",
        "-nolisten",
        "tcp",
    ]
    process = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as told:
        yield f":{told.readline().strip()}"
    process.terminate()
    process.wait()


def test_the_editor_opens_a_window_on_a_flow_and_ends_when_it_is_told_to(program, display):
    _run(program, "new", "sequential", "made")
    home = program.parents[1]
    environ = {"HOME": str(home), "DISPLAY": display}

    editor = subprocess.Popen([program, "edit", "made/agentflow.toml"], cwd=home, env=environ)
    try:
        title = _title_of_a_window(environ)
        editor.send_signal(signal.SIGTERM)
        ended = editor.wait(20)
    finally:
        editor.kill()

    assert title == "made/agentflow.toml - AgentFlow Studio"
    assert ended == 0


def _title_of_a_window(environ: dict[str, str]) -> str:
    find = ["xdotool", "search", "--onlyvisible", "--name", "AgentFlow Studio", "getwindowname"]
    path = {"PATH": os.environ["PATH"], **environ}
    end = time.monotonic() + 30
    while time.monotonic() < end:
        found = subprocess.run(find, env=path, capture_output=True, text=True, check=False)
        if " - " in found.stdout:
            return found.stdout.strip()
        time.sleep(0.2)
    return ""
