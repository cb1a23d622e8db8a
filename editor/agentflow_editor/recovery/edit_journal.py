"""EditJournal: keeps a document's unsaved work, at most a second behind what is drawn."""

import math
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from agentflow.flow.flow_file import FlowFile
from agentflow_editor.document.document import Document
from agentflow_editor.document.manuscript import Manuscript
from agentflow_editor.document.sheet import Sheet
from agentflow_editor.recovery.disk_sync import DiskSync
from agentflow_editor.recovery.draft import (
    base_record,
    base_sheet,
    change_record,
    draft_record,
    words_record,
)
from agentflow_editor.recovery.records import Record, append, begin
from agentflow_editor.recovery.shelf import Place, Shelf

__all__ = ["EditJournal"]

PATIENCE = 400
"""Milliseconds from an edit until it is kept; more edits meanwhile do not put it off."""
CHEAP = 0.004
"""Seconds; what takes longer to keep is left to the timer, so that no edit is felt."""
SHARE = 20
"""How many times as long as keeping an edit took the next ones wait, so that they cost little."""
LARGE = 32 << 10
"""Bytes of a record of what is other than before, after which the whole work is kept once more."""
LARGEST = 4 << 20
"""Bytes after which a journal begins anew with its newest record."""

Base = tuple[FlowFile | None, Path | None]
"""A file as it was read, and where it is."""


class EditJournal(QObject):
    """Follows one document. There is a journal on disk only while something is unsaved.

    An edit is kept at once, before it is drawn: a window that is busy drawing holds timers up. Only
    where that would be felt it waits for a timer, and for other edits. Writing to the system is
    done here, on the window's own thread; that the disk has it is waited for on another.
    """

    failed = Signal(str)
    """(why) The work could not be kept; told once until it can be kept again."""

    def __init__(
        self,
        document: Document,
        shelf: Shelf,
        parent: QObject | None = None,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._shelf = shelf
        self._now = now
        self._place: Place | None = None
        self._base: Base | None = None
        self._kept: tuple[Sheet, Manuscript] | None = None
        self._since: tuple[int, Sheet] = 0, Sheet()
        """The number and the sheet of the work that further work is told as changes of."""
        self._change = 0
        """The bytes of the latest change."""
        self._disk = DiskSync()
        self._size = 0
        self._at_once_from = 0.0
        self._has_failed = self._is_closed = False
        self._soon = QTimer(self, singleShot=True, interval=PATIENCE)
        self._soon.timeout.connect(self.flush)
        document.changed.connect(self._on_changed)
        document.file_changed.connect(self._on_changed)
        document.half_typed.changed.connect(self._on_half_typed)
        document.modified_changed.connect(self._on_modified)

    def flush(self) -> bool:
        """Keep what is drawn now; whether all that is unsaved is kept when this returns."""
        self._soon.stop()
        if self._is_at_stake:
            self._write()
        return not self._has_failed

    def set_aside(self) -> None:
        """The unsaved work is about to be given up: keep it where it can be had back from."""
        if self._is_at_stake and self.flush() and self._place is not None:
            self._place.set_aside()
            self._base = None
            self._soon.start()  # it may not be given up after all

    def close(self) -> None:
        """The document is closed in order: leave nothing behind."""
        self._is_closed = True
        self._soon.stop()
        self._forget()
        if self._place is not None:
            self._place.let_go()
        self._disk.end()

    def _on_changed(self, *_: object) -> None:
        if self._is_closed:
            return
        now = time.monotonic()
        if self._document.is_modified and now >= self._at_once_from:
            self.flush()
        elif not self._soon.isActive():
            self._at_once_from = min(self._at_once_from, now + PATIENCE / 1000)
            self._soon.start()

    @property
    def _is_at_stake(self) -> bool:
        return self._document.is_modified or self._document.half_typed.text is not None

    def _on_half_typed(self) -> None:
        self._kept = None
        if not self._is_closed and not self._soon.isActive():
            self._soon.start()
        self._on_modified()

    def _on_modified(self, *_: object) -> None:
        if not self._is_at_stake:
            self._forget()

    def _write(self) -> None:
        began = time.thread_time()
        try:
            self._add()
        except OSError as error:
            if not self._has_failed:
                self._has_failed = True
                self.failed.emit(error.strerror or str(error))
        else:
            self._has_failed = False
        cost = time.thread_time() - began
        self._at_once_from = time.monotonic() + SHARE * cost if cost < CHEAP else math.inf

    def _add(self) -> None:
        document = self._document
        if self._place is None:
            self._place = self._shelf.place()
        base = (document.file, document.path)
        sheet, manuscript = document.sheet, document.manuscript
        if self._is_of(base) and self._has_kept(sheet, manuscript):
            return
        words = words_record(sheet, self._now(), self._typed(), document.half_typed.text)
        if not self._is_of(base) or self._size >= LARGEST:
            self._begin(self._place.journal, sheet, words, base)
        elif self._change >= LARGE:
            self._keep_whole(self._place.journal, sheet, words)
        else:
            self._keep_change(self._place.journal, sheet, words)
        self._kept = (sheet, manuscript)
        self._disk.want(self._place.journal)

    def _begin(self, journal: Path, sheet: Sheet, words: Record, base: Base) -> None:
        since = base_sheet(base[0])
        records = base_record(*base), change_record(sheet, words, since, 0)
        self._size = begin(journal, records)
        self._base, self._since, self._change = base, (0, since), 0

    def _keep_whole(self, journal: Path, sheet: Sheet, words: Record) -> None:
        number = self._since[0] + 1
        self._size = append(journal, (draft_record(sheet, words, number),))
        self._since, self._change = (number, sheet), 0

    def _keep_change(self, journal: Path, sheet: Sheet, words: Record) -> None:
        number, since = self._since
        size = append(journal, (change_record(sheet, words, since, number),))
        self._size, self._change = size, size - self._size

    def _has_kept(self, sheet: Sheet, manuscript: Manuscript) -> bool:
        kept = self._kept
        return kept is not None and kept[0] is sheet and kept[1] is manuscript

    def _typed(self) -> str | None:
        """The text that the work is written into, where it is another than the file's."""
        text, file = self._document.manuscript.file, self._document.file
        return None if text is None or (file and text.text == file.text) else text.text

    def _is_of(self, base: Base) -> bool:
        known = self._base
        return known is not None and known[0] is base[0] and known[1] == base[1]

    def _forget(self) -> None:
        if self._place is not None:
            self._place.remove()
        self._base = None
        self._at_once_from = 0.0
