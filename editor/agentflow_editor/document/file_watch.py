"""FileWatch: notices when somebody else writes, replaces or deletes the file of a document."""

from typing import Literal

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from agentflow.errors import FlowFileError, FlowSyntaxError
from agentflow.flow.text_guard import read_source
from agentflow_editor.document.document import Document

__all__ = ["FileState", "FileWatch"]

FileState = Literal["same", "changed", "gone"]
"""How a file stands to what was read from it or written to it last."""

PATIENCE = 150
"""Milliseconds of quiet before a file is looked at: some programs write in several steps."""


EVERY = 1500
"""Milliseconds after which a file is looked at in any case: a folder on the network tells of no
change, and a system that watches as much as it can for others tells only of sizes and times."""


class FileWatch(QObject):
    """Compares the bytes on disk with those the document knows. Times and sizes count for nothing.

    Watching a file ends with its first replacement, and a folder says nothing of what is written in
    place, so both are watched; and whoever is about to rely on the file calls `look`.
    """

    changed = Signal(str)
    """(state) whenever the file stands otherwise, or was changed once more."""

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._state: FileState = "same"
        self._seen = ""
        self._watcher = QFileSystemWatcher(self)
        self._soon = QTimer(self, singleShot=True, interval=PATIENCE)
        self._soon.timeout.connect(self.look)
        self._watcher.fileChanged.connect(self._on_hit)
        self._watcher.directoryChanged.connect(self._on_hit)
        self._always = QTimer(self, interval=EVERY)
        self._always.timeout.connect(self._soon.start)
        self._always.start()
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
        for timer in (self._always, self._soon):
            timer.stop()
        for speaker in (self._watcher, self):
            speaker.blockSignals(True)
        self._watcher.deleteLater()

    def look(self) -> FileState:
        """Compare now."""
        if self._is_closed:
            return self._state
        self._watch()
        state, digest = self._compared()
        is_news = state != self._state or (state == "changed" and digest != self._seen)
        self._state, self._seen = state, digest
        if is_news:
            self.changed.emit(state)
        return state

    def _compared(self) -> tuple[FileState, str]:
        path, file = self._document.path, self._document.file
        if path is None:
            return "same", ""
        try:
            digest = read_source(path).digest
        except FlowSyntaxError:
            return "changed", ""  # no longer a text that could be a flow
        except FlowFileError:
            digest = ""
        known = "" if file is None else file.digest
        if digest == known:
            return "same", digest
        return "changed" if digest or path.exists() else "gone", digest

    def _begin(self) -> None:
        if self._is_closed:
            return
        if watched := [*self._watcher.files(), *self._watcher.directories()]:
            self._watcher.removePaths(watched)
        self.look()

    def _watch(self) -> None:
        """Watch the file and its folder, as far as they are there and not watched yet."""
        path = self._document.path
        if path is None:
            return
        real = path.resolve()
        wanted = [str(it) for it in (real, real.parent, path.absolute().parent) if it.exists()]
        known = {*self._watcher.files(), *self._watcher.directories()}
        if missing := [it for it in dict.fromkeys(wanted) if it not in known]:
            self._watcher.addPaths(missing)

    def _on_hit(self, _path: str) -> None:
        self._soon.start()
