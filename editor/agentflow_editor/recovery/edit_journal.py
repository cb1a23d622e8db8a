"""EditJournal: keeps a document's unsaved work, at most a second behind what is drawn."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from agentflow.errors import SaveError
from agentflow.flow.flow_file import FlowFile
from agentflow.flow.kinds import Kinds
from agentflow_editor.document.document import Document
from agentflow_editor.document.sheet import Sheet
from agentflow_editor.recovery.draft import base_record, draft_record
from agentflow_editor.recovery.records import append, begin
from agentflow_editor.recovery.shelf import Place, Shelf

__all__ = ["EditJournal"]

PATIENCE = 400
"""Milliseconds from an edit until it is kept; more edits meanwhile do not put it off."""
LARGEST = 4 << 20
"""Bytes after which a journal begins anew with its newest record."""


class EditJournal(QObject):
    """Follows one document. There is a journal on disk only while something is unsaved.

    Files are written by a thread of its own, in order, so that no disk holds up the window.
    """

    failed = Signal(str)
    """(why) The work could not be kept; told once until it can be kept again."""

    def __init__(
        self,
        document: Document,
        shelf: Shelf,
        kinds: Kinds,
        parent: QObject | None = None,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._shelf = shelf
        self._kinds = kinds
        self._now = now
        self._place: Place | None = None
        self._base: tuple[FlowFile | None, Path | None] | None = None
        self._size = 0
        self._has_failed = False
        self._writer = ThreadPoolExecutor(1, "edit-journal")
        self._last: Future[None] | None = None
        self._soon = QTimer(self, singleShot=True, interval=PATIENCE)
        self._soon.timeout.connect(self._keep)
        document.changed.connect(self._on_changed)
        document.file_changed.connect(self._on_changed)
        document.modified_changed.connect(self._on_modified)

    def flush(self) -> None:
        """Keep what is drawn now, and return when it is on disk."""
        self._soon.stop()
        self._submit()
        if self._last is not None:
            self._last.result()

    def set_aside(self) -> None:
        """The unsaved work is about to be given up: keep it where it can be had back from."""
        if self._document.is_modified:
            self.flush()
            self._soon.stop()
            self._writer.submit(self._give_up).result()

    def close(self) -> None:
        """The document is closed in order: leave nothing behind."""
        document = self._document
        document.changed.disconnect(self._on_changed)
        document.file_changed.disconnect(self._on_changed)
        document.modified_changed.disconnect(self._on_modified)
        self._soon.stop()
        self._writer.submit(self._forget)
        self._writer.shutdown()
        if self._place is not None:
            self._place.let_go()

    def _on_changed(self, *_: object) -> None:
        if not self._soon.isActive():
            self._soon.start()

    def _on_modified(self, is_modified: bool) -> None:
        if not is_modified:
            self._writer.submit(self._forget)

    def _keep(self) -> None:
        if self._last is not None and not self._last.done():
            self._soon.start()
        else:
            self._submit()

    def _submit(self) -> None:
        document = self._document
        if document.is_modified:
            work = _Work(document.sheet, document.file, document.path, self._now())
            self._last = self._writer.submit(self._write, work)

    # What the thread does: nothing else touches the place, the base and the size.

    def _write(self, work: "_Work") -> None:
        try:
            self._add(work)
        except (OSError, SaveError) as error:
            if not self._has_failed:
                self.failed.emit(getattr(error, "strerror", None) or str(error))
            self._has_failed = True
        else:
            self._has_failed = False

    def _add(self, work: "_Work") -> None:
        if self._place is None:
            self._place = self._shelf.place()
        draft = draft_record(work.sheet, self._kinds, work.at)
        base = (work.file, work.path)
        if self._is_of(base) and self._size < LARGEST:
            self._size = append(self._place.journal, (draft,))
        else:
            self._size = begin(self._place.journal, (base_record(*base), draft))
            self._base = base

    def _is_of(self, base: tuple[FlowFile | None, Path | None]) -> bool:
        known = self._base
        return known is not None and known[0] is base[0] and known[1] == base[1]

    def _forget(self) -> None:
        if self._place is not None:
            self._place.remove()
        self._base = None

    def _give_up(self) -> None:
        if self._place is not None:
            self._place.set_aside()
        self._base = None


@dataclass(frozen=True, slots=True)
class _Work:
    """What is to be kept: frozen values, so that a thread may read them."""

    sheet: Sheet
    file: FlowFile | None
    path: Path | None
    at: datetime
