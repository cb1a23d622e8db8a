"""The file of a journal: a SQLite database of ours, of a version that we know, or an error."""

import os
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from agentflow.errors import JournalError
from agentflow.journal.log import is_broken_inside
from agentflow.private_file import make_private, refuse_no_file

__all__ = [
    "BROKEN_LOG",
    "VERSION",
    "explained",
    "has_broken_log",
    "open_for_reading",
    "open_for_writing",
    "real_file",
]

VERSION = 1
"""Of the tables and of the entries in them. What another version wrote is refused, not guessed."""

_APPLICATION = 0x41464A4C  # "AFJL"

_TABLES = """
CREATE TABLE flows (
    digest TEXT PRIMARY KEY,  -- SHA-256 of the text, in hex
    text TEXT NOT NULL        -- the flow file as it was
);
CREATE TABLE runs (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    began REAL NOT NULL,      -- seconds since the epoch
    flow TEXT NOT NULL,       -- its name
    file TEXT NOT NULL,       -- where the flow was read from, or its folder; '' for nowhere
    digest TEXT NOT NULL,     -- of the flow's text
    sealed BLOB NOT NULL,     -- the seal of the columns before
    entries INTEGER NOT NULL, -- how many there are
    seal BLOB NOT NULL        -- of the last row of them
);
CREATE UNIQUE INDEX runs_by_id ON runs (id);
CREATE TABLE entries (
    run INTEGER NOT NULL,
    first INTEGER NOT NULL,   -- number of the row's first entry in its run
    body TEXT NOT NULL,       -- JSON
    seal BLOB NOT NULL,
    PRIMARY KEY (run, first)
) WITHOUT ROWID;
"""

_NOT_WHOLE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)

BROKEN_LOG = "is damaged: what followed a break in its log is lost"

_FULL = "is on a disk that is full, or may grow no further"
_IS_FULL = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE)


def real_file(path: Path) -> Path:
    """The file behind a name: who goes by a link writes and locks what all others do."""
    return Path(os.path.realpath(path))


@contextmanager
def explained(path: Path) -> Generator[None, None, None]:
    """Turn what the machine or SQLite says about a journal into a JournalError."""
    try:
        yield
    except (sqlite3.Error, OSError, UnicodeError) as error:
        raise _judged(path, error) from error


def open_for_writing(path: Path) -> sqlite3.Connection:
    """The one connection that writes to a journal; the file is made where there is none.

    Raises:
        JournalError: it cannot be written, or is no journal of ours.
    """
    with explained(path):
        _make(path)
        if _has_log(path):
            _refuse_a_broken_log(path)
        connection = sqlite3.connect(
            real_file(path), isolation_level=None, check_same_thread=False, timeout=5
        )
    try:
        with explained(path):
            _check(connection, path)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            # The writer moves the log into the file itself, and then empties it: see `Writer`.
            connection.execute("PRAGMA wal_autocheckpoint = 0")
    except BaseException:
        connection.close()
        raise
    return connection


def open_for_reading(path: Path) -> sqlite3.Connection:
    """A connection that changes nothing of a journal.

    Raises:
        JournalError: it cannot be read, or is no journal of ours.
    """
    with explained(path):
        refuse_no_file(path)
        file = real_file(path)
        # Without a log all of it stands in the file itself, and nothing need be made beside it.
        uri = f"{file.as_uri()}?mode=ro{'' if _has_log(path) else '&immutable=1'}"
        connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=5)
    try:
        with explained(path):
            _check(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def has_broken_log(connection: sqlite3.Connection, path: Path) -> bool:
    """Whether a part of what was written is lost; see `log`. Nobody may be writing it just now."""
    (page_size,) = connection.execute("PRAGMA page_size").fetchone()
    return _has_log(path) and is_broken_inside(real_file(path), page_size)


def _has_log(path: Path) -> bool:
    file = real_file(path)
    return file.with_name(f"{file.name}-wal").exists()


def _refuse_a_broken_log(path: Path) -> None:
    """See to it that nothing is written over what shows the damage."""
    connection = open_for_reading(path)
    try:
        if has_broken_log(connection, path):
            raise JournalError(path, BROKEN_LOG, "keep it aside, and name another file")
    finally:
        connection.close()


def _make(path: Path) -> None:
    """See to it that there is a journal: made under another name, it is there whole or not at all.

    Whoever makes it has its lock.
    """
    refuse_no_file(path)
    file = real_file(path)
    if file.exists() and file.stat().st_size:
        return
    new = file.with_name(f"{file.name}-new")
    new.unlink(missing_ok=True)
    make_private(new)
    connection = sqlite3.connect(new, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = MEMORY")
        connection.executescript(
            f"BEGIN; {_TABLES} PRAGMA application_id = {_APPLICATION};"
            f"PRAGMA user_version = {VERSION}; COMMIT;"
        )
        connection.close()
        new.replace(file)
    except BaseException:
        connection.close()
        new.unlink(missing_ok=True)
        raise


def _check(connection: sqlite3.Connection, path: Path) -> None:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application != _APPLICATION:
        raise JournalError(path, "is no journal of AgentFlow", "name another file")
    if version != VERSION:
        what = f"is a journal of version {version}, and this program knows version {VERSION}"
        raise JournalError(path, what, "read it with the program that wrote it")


def _judged(path: Path, error: sqlite3.Error | OSError | UnicodeError) -> JournalError:
    if isinstance(error, OSError):
        what = f"cannot be opened ({error.strerror or error})"
        return JournalError(path, what, "let it be written there, or name another file")
    said = str(error)
    exactly = getattr(error, "sqlite_errorcode", 0)
    code = exactly & 0xFF
    if exactly in _IS_FULL:
        return JournalError(path, _FULL, "make room, or name another file")
    if isinstance(error, UnicodeError) or code in _NOT_WHOLE:
        what = f"is damaged, or no journal ({said})"
        return JournalError(path, what, "keep it aside, and name another file")
    if code == sqlite3.SQLITE_BUSY:
        fix = "wait for its end, or name another file"
        return JournalError(path, "is being written by another program", fix)
    if code == sqlite3.SQLITE_CANTOPEN:
        fix = "copy it, with all that is called like it, to where you may write; or name another"
        return JournalError(path, f"cannot be opened ({said})", fix)
    if code == sqlite3.SQLITE_IOERR:
        fix = "see to its disk, and to limits on the size of files, or name another file"
        return JournalError(path, f"cannot be read or written ({said})", fix)
    return JournalError(path, f"cannot be used ({said})", "name another file")
