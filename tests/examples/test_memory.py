"""The example of a memory: what one run of a session says, the next one knows."""

import subprocess
import sys
from pathlib import Path

import pytest

FILE = Path(__file__).parents[2] / "examples" / "memory" / "agentflow.toml"


@pytest.fixture
def answer(tmp_path: Path):
    """What the command line prints for a reader of a session, in a home of the test's own."""

    def run(session: str, reader: str) -> str:
        words = ["run", str(FILE), "--sample", "--session", session, "--set", f'reader="{reader}"']
        command = [sys.executable, "-m", "agentflow", *words]
        environ = {"XDG_STATE_HOME": str(tmp_path), "PATH": "", "HOME": str(tmp_path)}
        done = subprocess.run(command, capture_output=True, text=True, env=environ, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_memory_counts_a_readers_visits_and_knows_who_asked_the_same(answer):
    first, second = answer("one", "Ida"), answer("one", "Ida")
    other, elsewhere = answer("one", "Ben"), answer("two", "Ida")

    assert "visit number 1" in first
    assert "Last time" not in first
    assert "visit number 2" in second
    assert "Last time you wrote: “I liked the book about lighthouses." in second
    assert "visit number 1" in other
    assert "You might talk to Ida" in other
    assert elsewhere == first
