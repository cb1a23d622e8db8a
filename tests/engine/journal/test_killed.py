"""A run that is killed at any moment, and goes on, ends as if it had not been killed."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("killing.py")


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where the runs are kept: in memory if that can be, as no kill -9 takes what was written."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as made:
        yield Path(made) / "runs"


def killing(folder: Path, *words: str) -> dict:
    """What the script found."""
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(folder), *words],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.timeout(900)
def test_a_flow_that_is_run_as_a_step_goes_on_too_and_no_finished_call_in_it_is_made_again(
    folder: Path,
):
    found = killing(folder, "each", "--flow", "around")

    assert found["faults"] == []
    assert found["kills"] == 3 * found["entries"] > 300
    assert found["again"] > 0


@pytest.mark.timeout(900)
def test_a_run_killed_at_each_entry_ends_the_same_and_no_finished_call_is_made_again(folder: Path):
    found = killing(folder, "each")

    assert found["faults"] == []
    assert found["entries"] >= 60
    assert found["kills"] == 3 * found["entries"]
    assert found["again"] > 0, "no call was in flight at any kill: they did not happen in time"


# Each flow that goes on inside of another writes that it does.
@pytest.mark.timeout(300)
@pytest.mark.parametrize("words", [(), ("--flow", "around", "--at", "6")])
def test_a_run_killed_again_and_again_gets_to_its_end(folder: Path, words: tuple[str, ...]):
    found = killing(folder, "storm", *words)

    assert found["faults"] == []
    assert found["kills"] > 20


@pytest.mark.timeout(300)
@pytest.mark.parametrize("build", ["commit", "waiting"])
def test_a_build_that_is_broken_on_purpose_is_caught(folder: Path, build: str):
    assert killing(folder, "each", "--step", "20", "--broken", build)["faults"]


@pytest.mark.timeout(300)
def test_a_build_that_keeps_nothing_of_flows_that_are_steps_is_caught(folder: Path):
    words = ("--flow", "around", "--step", "20", "--broken", "inside")

    assert killing(folder, "each", *words)["faults"]
