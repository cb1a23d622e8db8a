"""Shelf: where journals lie. Each program that keeps runs writes a file of its own there."""

import logging
import secrets
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import platformdirs

from agentflow.errors import JournalError
from agentflow.journal.database import explained
from agentflow.journal.page import outermost
from agentflow.journal.reader import Reader
from agentflow.journal.recorded_run import RecordedRun

__all__ = ["Found", "Shelf"]

_LOG = logging.getLogger(__name__)

Found = tuple[Path, RecordedRun]
"""A run, and the journal that it is in."""


class Shelf:
    """The user's journals, or the one file that was named instead."""

    def __init__(self, file: Path | None = None, *, folder: Path | None = None) -> None:
        """`folder` is where journals lie; None for the user's own."""
        self._file, self._folder = file, folder

    def new(self) -> Path:
        """The file that a program is to write now.

        Raises:
            JournalError: nobody knows where this user's files lie.
        """
        if self._file is not None:
            return self._file
        return self._place() / f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}-{secrets.token_hex(2)}.db"

    def files(self) -> tuple[Path, ...]:
        """The journals that there are, the oldest first.

        Raises:
            JournalError: nobody knows where they lie, or may look there, or the file that was named
                is not there.
        """
        if self._file is None:
            return _journals_in(self._place())
        if not self._file.exists():
            raise JournalError(self._file, "is not there", "name a journal that there is")
        return (self._file,)

    def find(self, run_id: str) -> Found:
        """The run whose id is this, or the only one whose id begins so.

        Raises:
            JournalError: there is none, or several, or the file that was named cannot be read.
        """
        if not run_id:  # as a shell has it that knows no such variable
            raise JournalError("runs", "no id is given", "see: agentflow runs list")
        found: dict[str, Path] = {}
        for file in self.files():
            for its_id in self._ids(file):
                if its_id.startswith(run_id) and (":" in run_id or outermost(its_id) == its_id):
                    found[its_id] = file
        if len(found) > 1:
            raise JournalError(run_id, f"{len(found)} runs have an id that begins so", "give more")
        for its_id, file in found.items():
            with Reader(file) as reader:
                run = reader.run(its_id)
            if run is not None:
                return file, run
        raise JournalError(run_id, "no run with this id is kept", "see: agentflow runs list")

    def _place(self) -> Path:
        if self._folder is not None:
            return self._folder
        with suppress(RuntimeError):
            state = platformdirs.user_state_path("agentflow-studio", appauthor=False)
            if state.is_absolute():
                return state / "runs"
        what = "there is no home folder to keep runs in"
        raise JournalError("journal", what, "set HOME, or name a file with --journal")

    def _ids(self, file: Path) -> Iterator[str]:
        """The ids of a journal's runs; none of one among many that cannot be read."""
        try:
            with Reader(file) as reader:
                yield from reader.ids()
        except JournalError as error:
            if self._file is not None:
                raise
            _LOG.info("passed over: %s", error)


def _journals_in(folder: Path) -> tuple[Path, ...]:
    with explained(folder), suppress(FileNotFoundError, NotADirectoryError):
        return tuple(sorted(it for it in folder.iterdir() if it.match("*.db")))
    return ()
