"""kill -9 at any moment: the next start has all work that is older than two seconds, and the file
is as it was. The editors are real processes that edit at random."""

import hashlib
import os
import random
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from agentflow_editor.document.document import Document
from agentflow_editor.recovery.draft import Draft
from agentflow_editor.recovery.shelf import Shelf
from editor.document.drawn import CATALOGUE

RESTLESS = Path(__file__).with_name("restless.py")
OLDEST = 2.0
"""Seconds of work that a kill may cost."""
KILLS = 6
MANY_KILLS = 30

FLOW = """\
# as it was
[orchestration]
mode = "sequential"

[orchestration.sequential]
agents = ["first"]

[agents.first]
type = "scripted"
"""


@dataclass
class Outcome:
    """What came of some kills."""

    ages: list[float] = field(default_factory=list)
    """Seconds between the newest edit that was had back and the kill."""
    not_offered: int = 0
    damaged_files: int = 0


def _editor(state: Path, *arguments: str) -> subprocess.Popen[str]:
    # The folder of this file must not come before the standard library on the path.
    command = [sys.executable, "-P", str(RESTLESS), str(state), *arguments]
    environ = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environ)


def _killed(state: Path, after: float, *arguments: str) -> tuple[list[tuple[int, float]], float]:
    """What an editor told until it was killed, seconds after its first edit, and when it was."""
    with _editor(state, *arguments) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        time.sleep(after)
        process.kill()
        at = time.time()
        lines = [first, *process.stdout.read().splitlines()]
    told = [line.split() for line in lines if line.startswith("edit")]
    return [(int(number), float(when)) for _, number, _, when in told if when], at


def _offered(state: Path) -> Draft | None:
    """What the next start offers; it is taken, so that the next kill has a clean shelf."""
    kept = Shelf(state / "state" / "unsaved", CATALOGUE).left_behind()
    assert len(kept) <= 1
    for it in kept:
        it.forget()
    return kept[0].draft if kept else None


def _newest(draft: Draft) -> int:
    roles = [spec.role for spec in draft.sheet.flow.agents.values()]
    return max((int(role[5:]) for role in roles if role.startswith("edit-")), default=0)


def kill(moments: list[float], state: Path, file: Path | None, *arguments: str) -> Outcome:
    """Kill editors one after another, each so many seconds after its first edit."""
    outcome = Outcome()
    for after in moments:
        before = hashlib.sha256(file.read_bytes()).digest() if file else b""
        told, at = _killed(state, after, *([str(file)] if file else []), *arguments)
        draft = _offered(state)
        due = [number for number, when in told if when < at - OLDEST]
        if draft is None:
            outcome.not_offered += bool(due) or at - told[0][1] > OLDEST
            outcome.ages.append(at - told[0][1])
            continue
        again = Document(CATALOGUE)
        again.restore(draft.base, draft.path, draft.sheet)
        assert again.is_modified
        newest = _newest(draft)
        lost = [when for number, when in told if number > newest]
        outcome.ages.append(at - min(lost) if lost else 0.0)
        after = hashlib.sha256(file.read_bytes()).digest() if file else b""
        outcome.damaged_files += before != after
    return outcome


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state of a user"


@pytest.fixture(params=["a file", "no file yet"])
def file(request, tmp_path: Path) -> Path | None:
    if request.param != "a file":
        return None
    path = tmp_path / "flow" / "agentflow.toml"
    path.parent.mkdir()
    path.write_text(FLOW, "utf-8")
    return path


def _moments(count: int) -> list[float]:
    return [random.uniform(0.0, 3.5) for _ in range(count)]


def _check(outcome: Outcome) -> None:
    assert outcome.damaged_files == 0
    assert outcome.not_offered == 0
    assert max(outcome.ages) <= OLDEST, outcome.ages


def test_a_killed_editor_loses_nothing_older_than_two_seconds(qapp, state, file):
    _check(kill(_moments(KILLS // 2), state, file))


def test_an_editor_that_ends_in_order_leaves_nothing_behind(qapp, state, file):
    with _editor(state, *([str(file)] if file else []), "--tidy") as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.read()
        assert process.wait(20) == 0

    left = [it for it in (state / "state").rglob("*") if it.is_file()]
    assert left == []


@pytest.mark.many_kills
@pytest.mark.timeout(600)
def test_thirty_killed_editors_in_a_row_lose_nothing_older(qapp, state, file):
    _check(kill(_moments(MANY_KILLS // 2), state, file))


def test_a_journal_that_never_flushes_is_caught(qapp, state, file):
    with pytest.raises(AssertionError, match="not_offered"):
        _check(kill([OLDEST + 0.5], state, file, "--broken"))
