"""HeldFile: a lock that ends with the editor that has it, however that ends."""

import time
from pathlib import Path

from PySide6.QtCore import QLockFile

__all__ = ["hold"]

A_WHILE = 2.0
"""Seconds that making a lock takes at the very most."""


def hold(path: Path) -> QLockFile:
    """The lock of a file, taken where no editor that lives has it; `isLocked` says whether."""
    lock = QLockFile(str(path))
    lock.setStaleLockTime(0)  # as old as it may be: only the end of its editor frees it
    if not lock.tryLock(0) and _is_old(path):
        # It names a process that lives, but its number may be another program's by now. The
        # file is held by the system until its editor ends, and only then can it be removed.
        lock.removeStaleLockFile()
        lock.tryLock(0)
    return lock


def _is_old(path: Path) -> bool:
    """Whether a lock is not just being made."""
    try:
        return time.time() - path.stat().st_mtime > A_WHILE
    except OSError:
        return False
