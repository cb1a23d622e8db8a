"""Rows: what a transaction of the writer does to the tables."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from agentflow.journal.codec import encoded
from agentflow.journal.database import real_file
from agentflow.journal.kept_run import KeptRun
from agentflow.trace_rows import Row

__all__ = ["Rows"]

_A_ROW = 64
"""Entries in a row at most: while one is encoded, no other thread of the process runs."""

_LARGE = 4 * 1024 * 1024

_NEW_RUN = (
    "INSERT INTO runs (id, began, flow, file, digest, sealed, entries, seal)"
    " VALUES (?, ?, ?, ?, ?, ?, 0, ?)"
)


class Rows:
    """One transaction after another, on the connection that writes."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._do = connection.execute
        self._connection = connection
        file = real_file(path)
        self._log = file.with_name(f"{file.name}-wal")

    def begin(self) -> None:
        """Begin a transaction."""
        self._do("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """All of it is on the disk when this returns."""
        self._do("COMMIT")

    def give_up(self) -> None:
        """Nothing of it is."""
        if self._connection.in_transaction:
            self._do("ROLLBACK")

    def add(self, run: KeptRun, rows: Sequence[Row]) -> None:
        """Append entries to a run, which is told first where it is new."""
        page = run.page
        if not page.number:
            self._do("INSERT OR IGNORE INTO flows VALUES (?, ?)", (page.digest, run.text))
            facts = (page.run_id, page.began, page.flow, page.file, page.digest)
            made = self._do(_NEW_RUN, (*facts, page.facts_seal, page.seal))
            page.number = made.lastrowid or 0
        for start in range(0, len(rows), _A_ROW):
            some, first = rows[start : start + _A_ROW], page.entries
            body = run.hide(encoded(some, first, run.epoch))
            row = (page.number, first, body, page.sealed(body, len(some)))
            self._do("INSERT INTO entries VALUES (?, ?, ?, ?)", row)
        self._do(
            "UPDATE runs SET entries = ?, seal = ? WHERE number = ?",
            (page.entries, page.seal, page.number),
        )

    def empty_the_log(self, *, at_least: int = _LARGE) -> None:
        """Move what the log holds into the file and empty it, once it holds so many bytes.

        Where somebody reads just now, that is left for later.
        """
        if self._log.exists() and self._log.stat().st_size > at_least:
            self._do("PRAGMA busy_timeout = 0")
            self._do("PRAGMA wal_checkpoint(TRUNCATE)")
            self._do("PRAGMA busy_timeout = 5000")
