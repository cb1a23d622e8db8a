"""Prune: forgets runs that ended long ago, and gives their room back."""

from collections.abc import Callable
from pathlib import Path

from agentflow.journal.database import explained, open_for_writing
from agentflow.journal.lock import Lock, remove
from agentflow.journal.page import outermost
from agentflow.journal.reader import Reader
from agentflow.journal.recorded_run import RecordedRun

__all__ = ["pruned"]


def pruned(file: Path, unwanted: Callable[[RecordedRun], bool], *, may_remove: bool) -> int:
    """Take the runs that nobody wants out of a journal; how many they were.

    Args:
        file: the journal.
        unwanted: asked for each run.
        may_remove: whether the file itself may go, once no run is left in it.

    Raises:
        JournalError: somebody writes to it just now, or it is damaged: then it stays as it is.
    """
    lock = Lock(file)
    try:
        with Reader(file) as reader:
            runs = [(run.page.number, run.id, unwanted(run)) for run in reader.runs()]
        forgotten = {its_id for _, its_id, is_unwanted in runs if is_unwanted}
        # What is inside of a run stays, or goes, with it.
        gone = [number for number, its_id, _ in runs if outermost(its_id) in forgotten]
        if gone:
            _forget(file, gone)
        is_empty = len(gone) == len(runs)
    finally:
        lock.close()
    if is_empty and may_remove:
        remove(file)
    return sum(outermost(its_id) == its_id for its_id in forgotten)


def _forget(file: Path, numbers: list[int]) -> None:
    connection = open_for_writing(file)
    try:
        with explained(file):
            connection.execute("BEGIN IMMEDIATE")
            for number in numbers:
                connection.execute("DELETE FROM entries WHERE run = ?", (number,))
                connection.execute("DELETE FROM runs WHERE number = ?", (number,))
            connection.execute("DELETE FROM flows WHERE digest NOT IN (SELECT digest FROM runs)")
            connection.execute("COMMIT")
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
