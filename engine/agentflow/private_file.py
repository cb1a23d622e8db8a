"""Private files: made so that nobody but their user can read them."""

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path

__all__ = ["make_private", "refuse_no_file"]


def make_private(path: Path) -> None:
    """See to it that there is such a file, and that what is made is for nobody else to read.

    SQLite would let everybody read it; its -wal and -shm are made like the file itself.

    Raises:
        OSError: it cannot be made, or is something else than a file.
    """
    refuse_no_file(path)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR | getattr(os, "O_CLOEXEC", 0), 0o600))


def refuse_no_file(path: Path) -> None:
    """Say so where something else than a file stands: whoever opens a pipe may wait for ever.

    Raises:
        OSError: it is a folder, a pipe or a device.
    """
    with suppress(FileNotFoundError):
        if not stat.S_ISREG(path.stat().st_mode):
            raise OSError(errno.EINVAL, "it is no file")
