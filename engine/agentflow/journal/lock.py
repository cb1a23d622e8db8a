"""Lock: says that somebody writes to a journal, for as long as that process lives.

An exclusive transaction on a database that stays empty: that works on every system that SQLite
works on, and no way to die leaves it locked.
"""

import sqlite3
from pathlib import Path

from agentflow.errors import JournalError
from agentflow.journal.database import explained
from agentflow.private_file import make_private

__all__ = ["Lock", "is_locked", "remove"]


class Lock:
    """Held from when it is made until it is closed, or its process is gone."""

    def __init__(self, journal: Path) -> None:
        """Take it.

        Raises:
            JournalError: somebody else has it, or it cannot be made.
        """
        path = _beside(journal)
        with explained(journal):
            make_private(path)
            self._connection = sqlite3.connect(
                path, isolation_level=None, timeout=0, check_same_thread=False
            )
        try:
            self._connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            self._connection.close()
            what = "is being written by another program"
            raise JournalError(journal, what, "wait for its end, or name another file") from error

    def close(self) -> None:
        """Let others have it."""
        self._connection.close()


def is_locked(journal: Path) -> bool:
    """Whether somebody writes to it just now."""
    if not _beside(journal).exists():
        return False
    try:
        Lock(journal).close()
    except JournalError:
        return True
    return False


def remove(journal: Path) -> None:
    """Delete a journal with all that lies beside it.

    Raises:
        JournalError: it cannot be deleted.
    """
    with explained(journal):
        for ending in ("-wal", "-shm", "", "-lock"):
            journal.with_name(journal.name + ending).unlink(missing_ok=True)


def _beside(journal: Path) -> Path:
    return journal.with_name(f"{journal.name}-lock")
