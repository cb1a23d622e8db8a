"""MemoryFile: the SQLite file that values are remembered in, of ours or an error."""

import sqlite3
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from agentflow.errors import MemoryFileError
from agentflow.memory.rows import prune_asked
from agentflow.private_file import make_private

__all__ = ["MemoryFile"]

T = TypeVar("T")

_VERSION = 1
_APPLICATION = 0x41464D45  # "AFME"

_PATIENCE = 5.0
"""Seconds that another program may keep the file to itself."""
_PAGE, _MOST_BYTES = 4096, 256 * 1024 * 1024
_PRUNED_EACH = 500
"""Transactions after which what is known of calls is looked through again."""

_TABLES = """
CREATE TABLE items (
    number INTEGER PRIMARY KEY,
    session TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,      -- JSON
    text TEXT NOT NULL,       -- the words of it
    at REAL NOT NULL,         -- seconds since the epoch
    UNIQUE (session, key)
);
CREATE INDEX items_by_age ON items (session, at);
CREATE VIRTUAL TABLE words USING fts5 (
    key, text, content = 'items', content_rowid = 'number',
    tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE TRIGGER item_comes AFTER INSERT ON items BEGIN
    INSERT INTO words (rowid, key, text) VALUES (new.number, new.key, new.text);
END;
CREATE TRIGGER item_goes AFTER DELETE ON items BEGIN
    INSERT INTO words (words, rowid, key, text)
        VALUES ('delete', old.number, old.key, old.text);
END;
CREATE TABLE calls (
    key TEXT NOT NULL,        -- of an agent's call
    number INTEGER NOT NULL,  -- which of the things that it asked, from 0
    asked TEXT NOT NULL,
    answer TEXT NOT NULL,     -- JSON
    at REAL NOT NULL,
    PRIMARY KEY (key, number)
) WITHOUT ROWID;
"""


class MemoryFile:
    """One file, for all threads of a program; other programs may use it at the same time.

    It is opened, and made where there is none, when it is first used.
    """

    def __init__(self, path: Path | None) -> None:
        """`path` None remembers until it is closed, and in no file."""
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._turn = threading.RLock()
        self._writes = 0

    def done(self, work: Callable[[sqlite3.Connection], T], *, writes: bool) -> T:
        """Do something with it, as a whole or not at all.

        Raises:
            MemoryFileError: it cannot be used; nothing was changed.
        """
        with self._turn, self._explained():
            connection = self._opened()
            connection.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
            try:
                result = work(connection)
                self._writes += writes
                if writes and self._writes % _PRUNED_EACH == 0:
                    prune_asked(connection)
            except BaseException:
                connection.rollback()
                raise
            connection.commit()
            return result

    def close(self) -> None:
        """Let go of the file; the next use opens it again."""
        with self._turn:
            connection, self._connection = self._connection, None
            if connection is not None:
                connection.close()

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            if self._path is not None:
                make_private(self._path)
            connection = sqlite3.connect(
                self._path or ":memory:",
                isolation_level=None,
                check_same_thread=False,
                timeout=_PATIENCE,
            )
            try:
                self._prepare(connection)
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        return self._connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        self._check(connection)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA max_page_count = {_MOST_BYTES // _PAGE}")
        connection.execute("BEGIN IMMEDIATE")  # of two programs that come at once one makes it
        try:
            if _is_empty(connection):
                for statement in _statements(_TABLES):
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {_APPLICATION}")
                connection.execute(f"PRAGMA user_version = {_VERSION}")
            prune_asked(connection)
        except BaseException:
            connection.rollback()
            raise
        connection.commit()

    def _check(self, connection: sqlite3.Connection) -> None:
        """Leave a file alone that is somebody else's."""
        if _is_empty(connection):
            return
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if application != _APPLICATION:
            raise self._error("is no memory of AgentFlow", "name another file")
        if version != _VERSION:
            what = f"is a memory of version {version}, and this program knows version {_VERSION}"
            raise self._error(what, "use it with the program that wrote it")

    @contextmanager
    def _explained(self) -> Generator[None]:
        """Turn what the machine or SQLite says into a MemoryFileError."""
        try:
            yield
        except OSError as error:
            what = f"cannot be opened ({error.strerror or error})"
            raise self._error(what, "let it be written there, or name another file") from error
        except sqlite3.Error as error:
            raise self._error(*_judged(error)) from error

    def _error(self, what: str, fix: str) -> MemoryFileError:
        return MemoryFileError("memory" if self._path is None else self._path, what, fix)


def _judged(error: sqlite3.Error) -> tuple[str, str]:
    """What is wrong, and how to mend it."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return "is full, or its disk is", "let agents forget something, or name another file"
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return f"is damaged, or no memory ({error})", "keep it aside, or name another file"
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return f"was kept by another program for {_PATIENCE:g}s", "wait for its end"
    if "fts5" in str(error):
        return "cannot be searched: this SQLite has no FTS5", "use a Python whose SQLite has it"
    return f"cannot be used ({error})", "name another file"


def _is_empty(connection: sqlite3.Connection) -> bool:
    return connection.execute("PRAGMA schema_version").fetchone() == (0,)


def _statements(script: str) -> Generator[str]:
    """One after another: `executescript` would end the transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
