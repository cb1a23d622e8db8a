"""InnerRuns: the flows that steps of a broken-off run have run, each made ready to go on as well.

Each is kept as a run of its own. Its id is made of the key of the call that it is a part of, so
that it is found again when that call is made again.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import cast

from agentflow.call_key import call_key
from agentflow.event import Event
from agentflow.journal.keeper import Keeper
from agentflow.journal.reader import Reader
from agentflow.journal.recorded_run import RecordedRun
from agentflow.journal.resumption import Resumption
from agentflow.journal.shelf import Shelf
from agentflow.keeping import InnerRun
from agentflow.trace import RunFinished, StepStarted, TraceEntry

__all__ = ["InnerRuns", "resumption"]


def resumption(
    journal: Path, run_id: str, keeper: Keeper, environ: Mapping[str, str]
) -> Resumption:
    """A run of a journal that goes on, with all that is inside of it.

    Args:
        journal: the file, which the keeper writes.
        run_id: the run's, or its beginning.
        keeper: keeps what comes.
        environ: what the flow was told then, and is told now.

    Raises:
        JournalError: it cannot be resumed.
    """
    _, run = Shelf(journal).find(run_id)
    with Reader(journal) as reader:
        keeper.knows_inside(InnerRuns(reader.inside(run.id), environ))
    return Resumption(run, keeper, environ)


class InnerRuns:
    """What is recorded of the runs inside of one."""

    def __init__(self, runs: Iterable[RecordedRun], environ: Mapping[str, str]) -> None:
        """`environ` is what the flow was told then, and is told now.

        Raises:
            JournalError: the environment lacks what it told then.
        """
        self._environ = environ
        self._runs = {run.id: run for run in runs}
        self._entries = {run.id: run.as_it_was(environ) for run in self._runs.values()}

    def __call__(self, keeper: Keeper, event: Event) -> InnerRun | None:
        """How a run stands whose call is made now, inside of what is known by that call's key."""
        run = self._runs.get(keeper.run_id)
        if run is None:
            return InnerRun(keeper)
        if run.damage or run.page.digest != keeper.digest:
            return None
        entries = self._entries[run.id]
        _count_keys(entries)
        if run.end is not None and run.end.status != "cancelled":
            return InnerRun(keeper, ended=cast("RunFinished", entries[-1]))
        return InnerRun(keeper, Resumption(run, keeper, self._environ, event=event))


def _count_keys(entries: Iterable[TraceEntry]) -> None:
    """A step that is come to again has another key each time, also by those that are not called."""
    for entry in entries:
        if isinstance(entry, StepStarted) and entry.kind == "agent":
            call_key("", entry.path, entry.seq)
