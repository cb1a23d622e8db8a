"""SharedJson: a small file that several editors read and change, none undoing another's change."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QLockFile

from agentflow.flow.atomic_file import replace_file

__all__ = ["SharedJson"]

LONGEST_WAIT = 2_000
"""Milliseconds that a change waits for another one to be finished."""


class SharedJson:
    """One JSON value in a file. It is read anew each time, and changed by one process at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        """The file; it and its folder are made by the first change."""

    def read(self) -> Any:
        """What it holds now; None where it cannot be read."""
        try:
            return json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def change(self, change: Callable[[Any], Any]) -> None:
        """Put what a function makes of the value in its place.

        Raises:
            OSError: it could not be written; it holds what it held.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = QLockFile(f"{self.path}.lock")
        if not lock.tryLock(LONGEST_WAIT):
            raise PermissionError(13, "another process holds it, or its folder is read-only")
        try:
            text = json.dumps(change(self.read()), indent=2, sort_keys=True)
            replace_file(self.path, text.encode(), expected=None)
        finally:
            lock.unlock()
