"""DiskSync: has the system write files to their disk, while nobody waits for it."""

import contextlib
import threading
from pathlib import Path

from agentflow_editor.recovery.records import sync

__all__ = ["DiskSync"]

PAUSE = 1.0
"""Seconds from one writing to the next: what is wanted meanwhile is done in one."""


class DiskSync:
    """A thread that is there while something is to be written. It makes nothing of Qt's."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wanted: Path | None = None
        self._is_busy = False
        self._ended = threading.Event()

    def want(self, path: Path) -> None:
        """Have what a file holds now on the disk soon; returns at once."""
        with self._lock:
            self._wanted = path
            if self._is_busy or self._ended.is_set():
                return
            self._is_busy = True
        # A daemon: a disk that hangs must not keep the process from ending.
        threading.Thread(target=self._work, name="agentflow: disk", daemon=True).start()

    def end(self) -> None:
        """Write no more; what is being written is not waited for."""
        self._ended.set()

    def _work(self) -> None:
        while (path := self._next()) is not None:
            with contextlib.suppress(OSError):  # it was saved meanwhile, and the journal is gone
                sync(path)
            self._ended.wait(PAUSE)

    def _next(self) -> Path | None:
        with self._lock:
            path, self._wanted = self._wanted, None
            if self._ended.is_set():
                path = None
            self._is_busy = path is not None
            return path
