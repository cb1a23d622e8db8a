"""Records: a file of checked lines that is only ever added to, so that a torn end harms no more.

Each line is the CRC-32 of what follows, in eight hex digits, a space, and an object in JSON.
"""

import json
import os
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

__all__ = ["Record", "append", "begin", "read", "sync"]

Record = Mapping[str, Any]
"""Values by name, all of them JSON."""

OWN_FILE = 0o600
OWN_FOLDER = 0o700


def begin(path: Path, records: tuple[Record, ...]) -> int:
    """Put these records in the place of all others; the file's size.

    Only where there are others does it wait for the disk, so that a power cut takes not both.

    Raises:
        OSError: they could not be written; what was there is there still.
    """
    beside = path.with_name(f"{path.name}.new")
    beside.unlink(missing_ok=True)
    size = append(beside, records)
    if path.exists():
        sync(beside)
    beside.replace(path)
    return size


def append(path: Path, records: tuple[Record, ...]) -> int:
    """Add records, which outlive this program from now on; the file's size.

    Nothing waits for the disk: until `sync` a power cut can still take them.

    Raises:
        OSError: they could not be written, or not all of them; those that stand there stay whole.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=OWN_FOLDER)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, OWN_FILE)
    with os.fdopen(handle, "ab") as file:
        # Whatever a record torn off before left behind ends here, as a line of its own.
        torn = b"\n" if file.tell() and not _ends_whole(path) else b""
        file.write(torn + b"".join(map(_line, records)))
        file.flush()
        return file.tell()


def sync(path: Path) -> None:
    """Wait until a file, and that it is there, is on the disk.

    Raises:
        OSError: the file is not there, or the disk took it not.
    """
    with path.open("r+b") as file:
        os.fsync(file.fileno())
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def read(path: Path) -> Iterator[Record]:
    """Every record that is whole, in order; what is torn or changed is passed over.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        for line in file:
            record = _record(line)
            if record is not None:
                yield record


def _line(record: Record) -> bytes:
    body = json.dumps(record).encode("ascii")
    return b"%08x %b\n" % (zlib.crc32(body), body)


def _record(line: bytes) -> Record | None:
    crc, _, body = line.rstrip(b"\n").partition(b" ")
    try:
        if int(crc, 16) != zlib.crc32(body):
            return None
        record: Any = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return cast("Record", record) if isinstance(record, dict) else None


def _ends_whole(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"
