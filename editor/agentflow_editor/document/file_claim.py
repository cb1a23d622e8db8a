"""FileClaim: which editor may edit a file when several have it open."""

import hashlib
import os
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, Signal

from agentflow_editor.document.document import Document
from agentflow_editor.process.held_file import hold

__all__ = ["FileClaim"]


class FileClaim(QObject):
    """Holds the claim to its document's file; where another has it, the document is read-only.

    Claims stand in a folder of the user, not beside the file, so that opening writes nothing
    there. They end with their editor, however it ends. What guards a file from editors of others
    is that saving looks at what is there.
    """

    changed = Signal()
    """Another editor has the file, or none has it any more, or it is edited anyway."""

    def __init__(self, document: Document, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._folder = folder
        self._lock: QLockFile | None = None
        self._path: Path | None = None
        self._holder = ""
        document.file_changed.connect(self._on_file_changed)

    @property
    def holder(self) -> str:
        """Who else has the file, "another window" or "process 17 on host"; "" where nobody has."""
        return self._holder

    def held_elsewhere(self, path: Path) -> bool:
        """Whether another editor has some file."""
        if self._lock is not None and self._path == path.resolve():
            return False
        return _is_others(self._lock_of(path))  # one of our own ends with this

    def look(self) -> None:
        """Take the claim where it has become free."""
        if self._holder:
            self._claim()

    def edit_anyway(self) -> None:
        """Edit beside the other editor; saving still looks at what is there."""
        self._holder = ""
        self._document.set_read_only(False)
        self.changed.emit()

    def release(self) -> None:
        """Leave the file to others."""
        if self._lock is not None:
            self._lock.unlock()
        self._lock = self._path = None

    def _on_file_changed(self) -> None:
        path = self._document.path
        if self._lock is not None and path is not None and path.resolve() == self._path:
            return
        self.release()
        self._path = None if path is None else path.resolve()
        self._claim()

    def _claim(self) -> None:
        lock = None if self._path is None else self._lock_of(self._path)
        holder = ""
        if lock is not None and lock.isLocked():
            self._lock = lock
        elif lock is not None and _is_others(lock):
            holder = _holder(lock)
        is_other = holder != self._holder
        self._holder = holder
        self._document.set_read_only(bool(holder))
        if is_other:
            self.changed.emit()

    def _lock_of(self, path: Path) -> QLockFile | None:
        """The lock of a file, taken where it is free; None where no folder for it can be made."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError:
            return None
        name = hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:32]
        return hold(self._folder / f"{name}.lock")


def _is_others(lock: QLockFile | None) -> bool:
    return lock is not None and lock.error() is QLockFile.LockError.LockFailedError


def _holder(lock: QLockFile) -> str:
    pid, host, _ = lock.getLockInfo()
    if pid == os.getpid():
        return "another window"
    return f"another editor (process {pid} on {host})" if pid else "another editor"
