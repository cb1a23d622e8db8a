"""The prompt: a person at a real terminal is asked, and without one nobody is."""

import os
import pty
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

FLOW = """\
[orchestration]
mode = "collaborative"
[orchestration.collaborative]
name = "ask"
agents = ["one", "two"]
[agents.one]
type = "human"
question = "First\\u001b[2J question?"
fields = [{ name = "n", label = "Number", kind = "number" }]
[agents.two]
type = "human"
question = "Second question?"
[[agents.two.fields]]
name = "c"
label = "Colour"
kind = "choice"
choices = ["red", "blue"]
[[agents.two.fields]]
name = "ok"
label = "Sure"
kind = "yes/no"
default = true
"""


class Terminal:
    """The command at a terminal of its own."""

    def __init__(self, file: Path, *options: str) -> None:
        self._ours, theirs = pty.openpty()
        command = [sys.executable, "-m", "agentflow", "run", str(file), "--json", *options]
        self.process = subprocess.Popen(
            command, stdin=theirs, stderr=theirs, stdout=subprocess.PIPE, text=True
        )
        os.close(theirs)
        os.set_blocking(self._ours, False)
        self.seen = ""

    def until(self, text: str) -> None:
        deadline = time.monotonic() + 30
        while text not in self.seen:
            assert time.monotonic() < deadline, f"never saw {text!r} in {self.seen!r}"
            try:
                self.seen += os.read(self._ours, 65536).decode()
            except BlockingIOError:
                time.sleep(0.02)
        self.seen = self.seen.partition(text)[2]

    def type(self, text: str) -> None:
        os.write(self._ours, text.encode())

    def end(self) -> str:
        out, _ = self.process.communicate(timeout=30)
        return out

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()
        os.close(self._ours)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    (tmp_path / "agentflow.toml").write_text(FLOW, encoding="utf-8")
    opened = Terminal(tmp_path / "agentflow.toml")
    yield opened
    opened.close()


def test_questions_come_one_after_the_other_and_are_asked_again_until_they_fit(terminal: Terminal):
    terminal.until("First\\x1b[2J question?")
    terminal.until("Number: ")
    terminal.type("many\n")
    terminal.until("a number is wanted")
    terminal.until("Number: ")
    terminal.type("7\n")
    terminal.until("Second question?")
    terminal.until("2. blue")
    terminal.until("Colour: ")
    terminal.type("2\n")
    terminal.until("Sure (yes/no; Enter for yes): ")
    terminal.type("\n")

    out = terminal.end()

    assert '"n": 7' in out
    assert '"c": "blue"' in out
    assert '"ok": true' in out


def test_an_end_of_input_declines(terminal: Terminal):
    terminal.until("Number: ")
    terminal.type("\x04")
    terminal.until("Colour: ")
    terminal.type("\x04")

    assert "the person declined to answer" in terminal.end()


def test_without_a_terminal_nobody_is_asked(tmp_path: Path):
    (tmp_path / "agentflow.toml").write_text(FLOW, encoding="utf-8")
    command = [sys.executable, "-m", "agentflow", "run", str(tmp_path / "agentflow.toml")]

    done = subprocess.run(command, input="7\n", capture_output=True, text=True, timeout=60)

    assert done.returncode == 1
    assert re.search("there is nobody to ask, and '[nc]' has no default", done.stderr)
