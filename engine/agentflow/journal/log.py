"""Log: whether what SQLite keeps beside a journal is damaged before its end.

SQLite takes a log as far as its checksums hold, and passes over the rest without a word: a process
that dies leaves a last transaction that is not whole. But each transaction is on the disk before
the next one begins, so that where two have ended behind the last one that is taken, something has
happened to the log since then, and what it said is lost.
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

__all__ = ["is_broken_inside"]

_HEADER_SIZE = 32
_SALTS = slice(16, 24)
_FRAME_HEAD = struct.Struct(">II8s8x")
"""Page, pages in the file where a transaction ends with it, salts, checksums; then comes the page.
See SQLite's "WAL-mode File Format"."""
_TAKEN = struct.Struct("=16xI")
"""How many frames SQLite took, as it tells in the index of the log."""


def is_broken_inside(file: Path, page_size: int) -> bool:
    """Whether transactions are passed over that were once on the disk.

    Args:
        file: the journal's, which has been read, and which nobody writes just now.
        page_size: its pages', in bytes.
    """
    log, index = (file.with_name(f"{file.name}{ending}") for ending in ("-wal", "-shm"))
    try:
        with index.open("rb") as stream:
            (taken,) = _TAKEN.unpack(stream.read(_TAKEN.size))
        with log.open("rb") as stream:
            return sum(_ends(stream, page_size, taken)) > 1
    except (OSError, struct.error):
        return False  # there is none, or none that could be taken


def _ends(stream: BinaryIO, page_size: int, taken: int) -> Iterator[bool]:
    """For each frame behind those that were taken: whether a transaction ends with it."""
    salts = {stream.read(_HEADER_SIZE)[_SALTS]}
    step, number = _FRAME_HEAD.size + page_size, 0
    while True:
        stream.seek(_HEADER_SIZE + number * step)
        head = stream.read(_FRAME_HEAD.size)
        if len(head) < _FRAME_HEAD.size:
            return
        _, pages, salt = _FRAME_HEAD.unpack(head)
        number += 1
        if number == 1:
            salts.add(salt)  # of a log whose own head is damaged
        if number > taken and salt in salts:
            yield pages > 0
