"""Reader: what a journal says, as far as its seals hold."""

import sqlite3
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from agentflow.errors import JournalError
from agentflow.journal.chain import next_seal
from agentflow.journal.codec import decoded
from agentflow.journal.database import (
    BROKEN_LOG,
    explained,
    has_broken_log,
    open_for_reading,
)
from agentflow.journal.lock import is_locked
from agentflow.journal.page import Page, outermost
from agentflow.journal.recorded_run import RecordedRun
from agentflow.trace import RunFinished, TraceEntry

__all__ = ["Reader"]

_RUNS = "SELECT id, began, flow, file, digest, number, sealed, entries, seal FROM runs"
_ROWS = "SELECT first, body, seal FROM entries WHERE run = ? ORDER BY first"


class Reader:
    """Reads one journal, and changes nothing of it."""

    def __init__(self, path: Path) -> None:
        """Open it.

        Raises:
            JournalError: it cannot be read, or is no journal of ours.
        """
        self.path = path
        self._connection = open_for_reading(path)
        self._is_broken: bool | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self._connection.close()

    def runs(self) -> Iterator[RecordedRun]:
        """All runs in the order in which they began, each as far as it is whole.

        Raises:
            JournalError: the list of runs, or the log, is damaged; what is there was given.
        """
        with explained(self.path):
            # Never by the index over the ids: what a damaged index finds is another run.
            for row in self._connection.execute(f"{_RUNS} ORDER BY number"):
                yield self._read(row)
            self._miss_no_run()
            if self._has_broken_log():
                raise JournalError(self.path, BROKEN_LOG, "keep it aside, and name another file")

    def run(self, run_id: str) -> RecordedRun | None:
        """A run as far as it is whole; None when it is not in this journal.

        Raises:
            JournalError: the list of runs is damaged.
        """
        with explained(self.path):
            for row in self._connection.execute(_RUNS):
                if row[0] == run_id:
                    return self._read(row)
            self._miss_no_run()
        return None

    def inside(self, run_id: str) -> Iterator[RecordedRun]:
        """The runs inside of a run, each as far as it is whole.

        Raises:
            JournalError: the list of runs is damaged.
        """
        with explained(self.path):
            for row in self._connection.execute(f"{_RUNS} ORDER BY number"):
                if row[0] != run_id and outermost(str(row[0])) == run_id:
                    yield self._read(row)

    def ids(self) -> list[str]:
        """The ids of all runs.

        Raises:
            JournalError: the list of runs is damaged.
        """
        with explained(self.path):
            self._miss_no_run()
            return [str(row[0]) for row in self._connection.execute(_RUNS)]

    def _miss_no_run(self) -> None:
        """A run that a damaged table has lost still stands in the index over the ids."""
        listed = sorted(str(row[0]) for row in self._connection.execute(_RUNS))
        known = self._connection.execute("SELECT id FROM runs INDEXED BY runs_by_id ORDER BY id")
        if listed != [str(row[0]) for row in known]:
            what = "is damaged: its list of runs is not whole"
            raise JournalError(self.path, what, "keep it aside, and name another file")

    def _read(self, row: tuple[Any, ...]) -> RecordedRun:
        run_id, began, *others, number, facts_seal, count, seal = row
        # Damage may have given a column another type; then its seal is broken anyway.
        began = began if isinstance(began, float) else 0.0
        page = Page(str(run_id), began, *map(str, others), number=number)
        chain = _Chain(page)
        try:
            for fields in self._connection.execute(_ROWS, (number,)):
                chain.add(*fields)
        except (sqlite3.DatabaseError, ValueError) as error:
            damage = f"it is damaged after its first {page.entries} entries ({error})"
        else:
            is_all = (page.entries, page.seal) == (count, seal)
            damage = "" if is_all else f"what followed its first {page.entries} entries is lost"
        if page.facts_seal != facts_seal:
            damage = "what is said of the run itself is damaged"
        if not (damage or self._has_ended(chain)) and self._has_broken_log():
            damage = f"what followed its first {page.entries} entries is lost with the log's end"
        return RecordedRun(
            page=page,
            rows=tuple(chain.rows),
            entries=tuple(chain.entries),
            text=self._flow(page.digest),
            damage=damage,
        )

    @staticmethod
    def _has_ended(chain: "_Chain") -> bool:
        return bool(chain.entries) and isinstance(chain.entries[-1], RunFinished)

    def _has_broken_log(self) -> bool:
        """Asked of what nobody writes just now: what is being written is not whole yet."""
        if self._is_broken is None:
            with explained(self.path):
                is_written = is_locked(self.path)
                self._is_broken = not is_written and has_broken_log(self._connection, self.path)
        return self._is_broken

    def _flow(self, digest: str) -> str | None:
        """The text of a flow; None where it is not what it was."""
        query = "SELECT text FROM flows WHERE digest = ?"
        try:
            (text,) = self._connection.execute(query, (digest,)).fetchone() or (None,)
        except (sqlite3.DatabaseError, UnicodeError):
            return None
        if not isinstance(text, str) or sha256(text.encode("utf-8")).hexdigest() != digest:
            return None
        return text


class _Chain:
    """The rows of a run whose seals hold, one after another."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.rows: list[str] = []
        self.entries: list[TraceEntry] = []

    def add(self, first: object, body: object, seal: object) -> None:
        """Take the next row in.

        Raises:
            ValueError: it is not what was written after the one before.
        """
        page = self._page
        if first != page.entries or not isinstance(body, str):
            raise ValueError("a row is missing, or no text")
        if next_seal(page.seal, page.entries, body) != seal:
            raise ValueError("a seal is broken")
        entries = decoded(body, page.run_id)
        page.sealed(body, len(entries))
        self.rows.append(body)
        self.entries += entries
