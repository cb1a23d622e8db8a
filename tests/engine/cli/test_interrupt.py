"""Signals: the first is polite, the second is not."""

import os
import signal
import subprocess
import sys
import time

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
