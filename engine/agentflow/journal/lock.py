"""Lock: says that somebody writes to a journal, for as long as that process lives.

An exclusive transaction on a database that stays empty: that works on every system that SQLite
works on, and no way to die leaves it locked.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from agentflow.journal.database import explained, real_file
from agentflow.private_file import make_private, refuse_no_file

__all__ = ["Lock", "is_locked", "remove"]


_PATIENCE = 0.2
"""Seconds: who only looks whether it is held is in the way for less than one of them."""


class Lock:
    """Held from when it is made until it is closed, or its process is gone."""

    def __init__(self, journal: Path) -> None:
        """Take it.

        Raises:
            JournalError: somebody else has it, or it cannot be made.
        """
        with explained(journal):
            refuse_no_file(journal)
            path = _beside(journal)
            make_private(path)
            self._connection = sqlite3.connect(
                path, isolation_level=None, timeout=_PATIENCE, check_same_thread=False
            )
        try:
            with explained(journal):
                self._connection.execute("BEGIN EXCLUSIVE")
        except BaseException:
            self._connection.close()
            raise

    def close(self) -> None:
        """Let others have it."""
        self._connection.close()


def is_locked(journal: Path) -> bool:
    """Whether somebody writes to it just now."""
    # Without a trace, and where nothing may be written: who has it lets nobody read there either.
    uri = f"{_beside(journal).as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(uri, uri=True, timeout=0)) as connection:
            connection.execute("PRAGMA schema_version").fetchone()
    except sqlite3.Error as error:
        return error.sqlite_errorcode == sqlite3.SQLITE_BUSY
    return False


def remove(journal: Path) -> None:
    """Delete a journal with all that lies beside it.

    Raises:
        JournalError: it cannot be deleted.
    """
    with explained(journal):
        for ending in ("-wal", "-shm", "-journal", "", "-lock", "-lock-journal"):
            journal.with_name(journal.name + ending).unlink(missing_ok=True)


def _beside(journal: Path) -> Path:
    file = real_file(journal)
    return file.with_name(f"{file.name}-lock")
