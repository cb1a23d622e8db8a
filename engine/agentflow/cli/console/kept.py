"""Kept: the journal of a command's run, and whether all of it could be written."""

import os
from pathlib import Path
from types import TracebackType
from typing import Self

from agentflow.errors import JournalError
from agentflow.flow.flow_file import FlowFile
from agentflow.journal.inner_runs import resumption
from agentflow.journal.keeper import Keeper
from agentflow.journal.resumption import Resumption
from agentflow.journal.shelf import Shelf
from agentflow.journal.writer import Writer
from agentflow.settings import AskedEnvironment

__all__ = ["Kept"]


class Kept:
    """Keeps what is run while it is open."""

    def __init__(
        self,
        journal: Path | None,
        flow: FlowFile,
        environ: AskedEnvironment,
        *,
        resumed: str = "",
    ) -> None:
        """Open a journal.

        Args:
            journal: the file; None for a new one in the user's folder.
            flow: what is run.
            environ: what it asks the environment is not kept.
            resumed: the id of the run in that journal that is to go on; "" for a new one.

        Raises:
            JournalError: it cannot be written, or the run not be resumed.
        """
        self._writer = _writer_of(journal, may_go_without=not resumed)
        self.keeper = Keeper(
            self._writer, flow.text, flow.source, flow=flow.flow.name, hidden=environ.hidden
        )
        self.lost = ""
        """Why not all of it was written; "" when it was."""
        try:
            self.resumption = self._resumption(resumed) if resumed else None
        except BaseException:
            self._writer.close()
            raise

    def _resumption(self, run_id: str) -> Resumption:
        # Read anew: until the journal was ours, another program may have gone on with the run.
        return resumption(self._writer.path, run_id, self.keeper, os.environ)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        try:
            self._writer.close()
        except JournalError as lost:
            self.lost = str(lost)


def _writer_of(journal: Path | None, *, may_go_without: bool) -> Writer:
    try:
        return Writer(Shelf(journal).new())
    except JournalError as error:
        if not may_go_without:
            raise
        fix = f"{error.fix}; --no-journal runs without keeping it"
        raise JournalError(error.where, error.what, fix) from error
