"""What the verbs of `agentflow runs` have in common: which run of which journal is meant."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from agentflow.journal.lock import is_locked
from agentflow.journal.recorded_run import RecordedRun

__all__ = ["journal_option", "status_of", "told_of", "when"]

F = TypeVar("F", bound=Callable[..., Any])


def journal_option(function: F) -> F:
    """The option that names a journal, instead of all that the user's folder holds."""
    option = click.option(
        "--journal",
        metavar="FILE",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Read this journal, and no other.",
    )
    return option(function)


def status_of(file: Path, run: RecordedRun) -> str:
    """How a run ended, or that it goes on, or that it was broken off."""
    if run.end is not None:
        return run.end.status
    return "running" if is_locked(file) else "broken off"


def told_of(file: Path, run: RecordedRun) -> dict[str, Any]:
    """A run in the form that programs read: all but what happened in it."""
    return {
        "id": run.id,
        "began": run.page.began,
        "status": status_of(file, run),
        "flow": run.page.flow,
        "file": run.page.file,
        "entries": len(run.entries),
        "journal": str(file),
        "damage": run.damage,
    }


def when(seconds: float) -> str:
    """A time as a person reads it, where that person is."""
    return datetime.fromtimestamp(seconds).astimezone().strftime("%Y-%m-%d %H:%M:%S")
