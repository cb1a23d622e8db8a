"""Flows for the command line to run, and the command line itself."""

from collections.abc import Callable
from pathlib import Path

import pytest

from agentflow.cli import main

GREETING = """
[agent_flow]
name = "greeting"

[orchestration]
mode = "sequential"

[orchestration.sequential]
agents = ["greeter", "polisher"]

[agents.greeter]
type = "scripted"
output = { response = "Hello, {{ message }}" }

[agents.polisher]
type = "scripted"
output = { polished = true }
"""


@pytest.fixture
def flow(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a flow's text into a file of its own."""

    def write(text: str = GREETING) -> Path:
        path = tmp_path / "agentflow.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Calls the command: (exit code, stdout, stderr)."""

    def call(*words: object) -> tuple[int, str, str]:
        code = main([str(word) for word in words])
        return code, *capsys.readouterr()

    return call
