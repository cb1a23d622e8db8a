"""LastWords: the end of what a program says on its standard error, kept for when it fails."""

import os
from threading import Thread
from typing import Self

__all__ = ["LastWords"]

MOST_BYTES = 4096
MOST_TOLD = 1000
"""Characters of it that an error has room for; why a program ended stands at the end."""
TIME_TO_END = 1.0
"""Seconds in which what a program has said arrives; one of its own children may go on talking."""


class LastWords:
    """A pipe for a program's standard error, read in a thread of its own till its end.

    Whatever the program says, it never waits for a reader, and only the last 4 KB are held.
    """

    def __init__(self) -> None:
        reading, writing = os.pipe()
        self.pipe = os.fdopen(writing, "w", encoding="utf-8")
        """What the program is given as its standard error."""
        self._kept = b""
        self._thread = Thread(target=self._read, args=(reading,), daemon=True, name="last words")
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.pipe.close()

    def said(self) -> str:
        """What it said last, on one line. It waits a moment for a program that is about to end."""
        self.pipe.close()
        self._thread.join(TIME_TO_END)
        text = " ".join(self._kept.decode("utf-8", "replace").split())
        return text if len(text) <= MOST_TOLD else f"…{text[-MOST_TOLD:]}"

    def _read(self, reading: int) -> None:
        with os.fdopen(reading, "rb", buffering=0) as pipe:
            while piece := pipe.read(MOST_BYTES):
                self._kept = (self._kept + piece)[-MOST_BYTES:]
