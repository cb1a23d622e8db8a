"""FileWatch: notices when somebody else writes, replaces or deletes the file of a document."""

from pathlib import Path
from typing import Literal

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from agentflow.flow.flow_file import FlowFile
from agentflow_editor.document.document import Document
from agentflow_editor.document.file_reading import FileReading, Seen, seen_at

__all__ = ["FileState", "FileWatch"]

FileState = Literal["same", "changed", "gone"]
"""How a file stands to what was read from it or written to it last."""

PATIENCE = 150
"""Milliseconds of quiet before a file is looked at: some programs write in several steps."""
EVERY = 1500
"""Milliseconds after which a file is looked at in any case: a folder on the network tells of no
change, and a system that watches as much as it can for others tells only of sizes and times."""
FIRST, SLOWEST = 5, 320
"""Milliseconds until it is asked whether a file has been read, at first and at the longest."""


class FileWatch(QObject):
    """Compares the bytes on disk with those the document knows. Times and sizes count for nothing.

    Watching a file ends with its first replacement, and a folder says nothing of what is written in
    place, so both are watched. What is looked at unasked is read by a thread, one look at a time,
    since a folder may hang; whoever is about to rely on the file calls `look`.
    """

    changed = Signal(str)
    """(state) whenever the file stands otherwise, or was changed once more."""

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._state: FileState = "same"
        self._seen = ""
        self._reading: FileReading | None = None
        self._read_for: FlowFile | None = None
        self._is_stale = self._is_wanted = False
        self._watcher = QFileSystemWatcher(self)
        self._soon = QTimer(self, singleShot=True, interval=PATIENCE)
        self._soon.timeout.connect(self.look_soon)
        self._watcher.fileChanged.connect(self._on_hit)
        self._watcher.directoryChanged.connect(self._on_hit)
        self._always = QTimer(self, interval=EVERY)
        self._always.timeout.connect(self._soon.start)
        self._always.start()
        self._read = QTimer(self, singleShot=True)
        self._read.timeout.connect(self._on_time)
        self._is_closed = False
        document.file_changed.connect(self._begin)
        self._begin()

    @property
    def state(self) -> FileState:
        """How the file stood when it was last looked at."""
        return self._state

    @property
    def digest(self) -> str:
        """SHA-256 of what was seen on disk last, in hex; "" where nothing readable was there."""
        return self._seen

    def close(self) -> None:
        """Look no more, and leave the system's watches to others, of which there are few."""
        self._is_closed = True
        for timer in (self._always, self._soon, self._read):
            timer.stop()
        for speaker in (self._watcher, self):
            speaker.blockSignals(True)
        self._watcher.deleteLater()

    def look(self) -> FileState:
        """Compare now; the window waits for the disk."""
        if self._is_closed:
            return self._state
        self._is_stale = True  # what is being read may be older than what is read now
        path = self._document.path
        self._take(None if path is None else seen_at(path))
        return self._state

    def look_soon(self) -> None:
        """Compare once a thread has read the file; `changed` tells what came of it."""
        path = self._document.path
        if self._is_closed or path is None:
            return
        self._is_wanted = True
        if self._reading is None:
            self._begin_reading(path)

    def _begin_reading(self, path: Path) -> None:
        self._reading, self._read_for = FileReading(path), self._document.file
        self._is_stale = self._is_wanted = False
        self._read.start(FIRST)

    def _on_time(self) -> None:
        reading = self._reading
        if reading is None:
            return
        if reading.seen is None:
            self._read.start(min(2 * self._read.interval(), SLOWEST))
            return
        self._reading = None
        document = self._document
        is_of_this = document.file is self._read_for and document.path == reading.path
        if is_of_this and not self._is_stale:
            self._take(reading.seen)
        else:
            self._is_wanted = True  # it was saved, or looked at, or is another one since
        if self._is_wanted:
            self.look_soon()

    def _take(self, seen: Seen | None) -> None:
        """Hold what stands there; None for a document that is in no file."""
        if seen is not None:
            self._watch(seen)
        state, digest = self._compared(seen), seen.digest if seen else ""
        is_news = state != self._state or (state == "changed" and digest != self._seen)
        self._state, self._seen = state, digest
        if is_news:
            self.changed.emit(state)

    def _compared(self, seen: Seen | None) -> FileState:
        if seen is None:
            return "same"
        file = self._document.file
        if seen.is_text and seen.digest == ("" if file is None else file.digest):
            return "same"
        return "changed" if seen.is_there else "gone"

    def _begin(self) -> None:
        if self._is_closed:
            return
        if watched := [*self._watcher.files(), *self._watcher.directories()]:
            self._watcher.removePaths(watched)
        file, self._is_stale = self._document.file, True
        was, self._state = self._state, "same"
        self._seen = "" if file is None else file.digest
        if was != "same":
            self.changed.emit("same")
        self.look_soon()

    def _watch(self, seen: Seen) -> None:
        """Watch the file and its folder, as far as they are there and not watched yet."""
        known = {*self._watcher.files(), *self._watcher.directories()}
        if missing := [it for it in seen.places if it not in known]:
            self._watcher.addPaths(missing)

    def _on_hit(self, _path: str) -> None:
        self._soon.start()
