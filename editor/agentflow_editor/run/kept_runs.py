"""KeptRuns: the journal of a window's runs."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from agentflow.errors import JournalError
from agentflow.journal.keeper import Keeper
from agentflow.journal.shelf import Shelf
from agentflow.journal.writer import Writer
from agentflow.settings import AskedEnvironment
from agentflow_editor.document.document import Document

__all__ = ["KeptRuns"]


class KeptRuns:
    """Keeps what is run from one window, in a journal that is made with the first run."""

    def __init__(
        self, shelf: Shelf | None = None, wanted: Callable[[], bool] = lambda: True
    ) -> None:
        """Keep runs.

        Args:
            shelf: where journals lie; None to keep nothing.
            wanted: asked before each run: whether it is to be kept.
        """
        self._shelf, self._wanted = shelf, wanted
        self._writer: Writer | None = None

    def keeper(self, document: Document, environ: AskedEnvironment) -> Keeper | None:
        """Keeps a run of the flow as it is drawn now; None where nothing is kept.

        Raises:
            JournalError: the journal cannot be written.
        """
        if self._shelf is None or not self._wanted():
            return None
        if self._writer is not None and self._writer.is_broken:
            self.close()
        if self._writer is None:
            self._writer = _new_writer(self._shelf)
        name = document.sheet.flow.name
        return Keeper(
            self._writer, document.text, _place_of(document), flow=name, hidden=environ.hidden
        )

    def close(self) -> None:
        """Write what is left."""
        writer, self._writer = self._writer, None
        if writer is not None:
            with suppress(JournalError):  # whoever waited for it has heard of it
                writer.close()


def _place_of(document: Document) -> Path | None:
    """The flow's file; its folder alone where the file does not say what is drawn."""
    path = document.path
    return path.resolve().parent if path and document.is_modified else path


def _new_writer(shelf: Shelf) -> Writer:
    try:
        return Writer(shelf.new())
    except JournalError as error:
        fix = "mend that, or switch “Keep every run” off in the preferences (Ctrl+,)"
        raise JournalError(error.where, error.what, fix) from error
