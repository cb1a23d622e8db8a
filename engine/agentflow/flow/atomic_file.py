"""Writes a file whole or not at all."""

import contextlib
import hashlib
import os
import stat
import tempfile
from pathlib import Path

__all__ = ["FileChangedError", "replace_file"]


class FileChangedError(Exception):
    """The file on disk is no longer what it was believed to be."""


def replace_file(path: Path, content: bytes, *, expected: str | None) -> None:
    """Give a file other bytes. On any failure it is as it was, and nothing is left beside it.

    Links are followed, and the file's mode is kept.

    Args:
        path: the file; it may be new.
        content: its new bytes.
        expected: SHA-256, in hex, of the bytes that it must have now; "" for a file that must not
            be there; None to replace it whatever it is.

    Raises:
        FileChangedError: it has other bytes than expected.
        OSError: it could not be written.
    """
    real = Path(os.path.realpath(path))
    mode = _mode(real)
    handle, name = tempfile.mkstemp(prefix=f".{real.name}.", suffix=".tmp", dir=real.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        if expected is not None and _digest(real) != expected:
            raise FileChangedError(str(real))
        os.replace(name, real)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
    _sync_folder(real.parent)


def _mode(path: Path) -> int:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _digest(path: Path) -> str:
    """SHA-256 of a file's bytes in hex; "" for a file that is not there."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""


def _sync_folder(folder: Path) -> None:
    # The new name must survive a power cut too; where folders cannot be synced nothing is lost.
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
