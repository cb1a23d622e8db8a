"""Signals: the first is polite, the second is not."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from agentflow.cli.console.interrupt import Interrupt

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals are sent as POSIX has them")

STUCK = """
import time
from agentflow.cli.console.interrupt import Interrupt
with Interrupt({arguments}) as interrupt:
    interrupt.on_first(lambda: print("heard", flush=True))
    print("ready", flush=True)
    while True:
        time.sleep(1)
"""


def test_the_first_signal_calls_what_stops_the_run():
    calls: list[str] = []

    with Interrupt() as interrupt:
        interrupt.on_first(lambda: calls.append("stop"))
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0)

    assert calls == ["stop"]
    assert interrupt.heard


def test_a_signal_that_came_early_is_not_lost():
    calls: list[str] = []

    with Interrupt() as interrupt:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0)
        interrupt.on_first(lambda: calls.append("stop"))

    assert calls == ["stop"]


def test_afterwards_signals_mean_what_they_meant_before():
    before = signal.getsignal(signal.SIGINT)

    with Interrupt():
        assert signal.getsignal(signal.SIGINT) != before

    assert signal.getsignal(signal.SIGINT) == before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_second_signal_ends_the_process_at_once(number: int):
    with _stuck("grace=600") as process:
        process.send_signal(number)
        assert process.stdout.readline() == "heard\n"
        process.send_signal(number)

        assert process.wait(30) == 130


def test_after_its_grace_a_stuck_process_ends_by_itself():
    with _stuck("grace=0.1") as process:
        process.send_signal(signal.SIGINT)

        assert process.wait(30) == 130


def _stuck(arguments: str) -> subprocess.Popen[str]:
    code = STUCK.format(arguments=arguments)
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "ready\n"
    return process


CALLED = """
import os
def work(state):
    with open("called", "w") as file:
        file.write(str(os.getppid()))
"""

AFTERWARDS = """
[orchestration]
mode = "sequential"
[orchestration.sequential]
agents = ["worker"]
[agents.worker]
type = "python"
call = "own:work"
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_no_function_is_called_once_the_command_was_killed(tmp_path: Path):
    (tmp_path / "agentflow.toml").write_text(AFTERWARDS)
    (tmp_path / "own.py").write_text(CALLED)
    command = (sys.executable, "-m", "agentflow", "run", "agentflow.toml", "--no-journal")

    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.DEVNULL) as process:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        while not (found := children.read_text().split()):
            assert process.poll() is None
            time.sleep(0.001)
        time.sleep(0.02)  # it is asked while it is still being made ready
        process.kill()
    host = Path(f"/proc/{found[0]}/exe")
    end = time.monotonic() + 20
    while host.exists() and time.monotonic() < end:
        time.sleep(0.01)

    assert not host.exists()
    called = tmp_path / "called"
    assert not called.exists() or called.read_text() == str(process.pid)
