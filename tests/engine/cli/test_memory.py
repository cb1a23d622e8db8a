"""What runs of the command line remember: by session, and once, even if one is killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="it kills as POSIX does")

FLOW = """\
[orchestration]
mode = "sequential"
[orchestration.sequential]
agents = ["count", "after"]
[memory]
path = "memory.db"
[agents.count]
type = "python"
call = "agents:count"
[agents.after]
type = "scripted"
output = { response = "{{ n }} of {{ recall('n') }}" }
"""
AGENTS = """\
import pathlib, time

def count(state, memory):
    n = memory.recall("n", 0) + 1
    memory.remember("n", n)
    mark = pathlib.Path(__file__).with_name("counted")
    if "hang" in state and not mark.exists():
        mark.touch()
        time.sleep(3600)
    return {"n": n}
"""


@pytest.fixture
def agentflow(tmp_path: Path):
    """Starts the command in a home of the test's own."""
    (tmp_path / "agentflow.toml").write_text(FLOW, encoding="utf-8")
    (tmp_path / "agents.py").write_text(AGENTS, encoding="utf-8")
    environ = {**os.environ, "XDG_STATE_HOME": str(tmp_path / "state")}

    def start(*words: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "agentflow", *words]
        pipe = subprocess.PIPE
        return subprocess.Popen(
            command, cwd=tmp_path, env=environ, text=True, stdout=pipe, stderr=pipe
        )

    return start


def said(process: "subprocess.Popen[str]") -> str:
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return out.strip()


def test_each_session_has_a_memory_of_its_own(agentflow):
    answers = [
        said(agentflow("run", "agentflow.toml", *words))
        for words in ([], ["--session", "ann"], ["--session", "ann"], [], ["--session", "ben"])
    ]

    assert answers == ["1 of 1", "1 of 1", "2 of 2", "2 of 2", "1 of 1"]


def test_what_a_killed_run_had_remembered_its_resumption_does_not_remember_again(
    agentflow, tmp_path: Path
):
    killed = agentflow("run", "agentflow.toml", "--session", "ann", "--set", "hang=true")
    end = time.monotonic() + 60
    while not (tmp_path / "counted").exists():
        assert time.monotonic() < end
        time.sleep(0.02)
    os.kill(killed.pid, signal.SIGKILL)
    killed.communicate()
    run_id = said(agentflow("runs", "list")).split()[0]

    resumed = said(agentflow("runs", "resume", run_id))

    assert resumed == "1 of 1"
    assert said(agentflow("run", "agentflow.toml", "--session", "ann")) == "2 of 2"
    replayed = said(agentflow("runs", "replay", run_id))
    assert replayed == "1 of 1"
    assert said(agentflow("run", "agentflow.toml", "--session", "ann")) == "3 of 3"
