"""Private files: made so that nobody but their user can read them."""

import os
from pathlib import Path

__all__ = ["make_private"]


def make_private(path: Path) -> None:
    """See to it that there is such a file, and that what is made is for nobody else to read.

    SQLite would let everybody read it; its -wal and -shm are made like the file itself.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR | getattr(os, "O_CLOEXEC", 0), 0o600))
