"""Rows: the things that can be done with a memory's tables, each inside one transaction."""

import json
import sqlite3
import time
from typing import Any

from agentflow.memory.query import match_of, words_of

__all__ = [
    "asked_before",
    "forget_asked",
    "forgotten",
    "found",
    "note_asked",
    "prune_asked",
    "recalled",
    "remembered",
]

MOST_ASKED = 20_000
MOST_ANSWERED = 64 * 1024 * 1024
"""Of what is known of calls: how many rows, and how many characters of answers."""
_KEPT_DAYS = 30
"""How long that is known."""


def remembered(db: sqlite3.Connection, session: str, key: str, value: str, most: int) -> int:
    """Put a value, which is JSON, there; let the oldest go that are too many, and say how many."""
    forgotten(db, session, key)
    told = (session, key, value, words_of(json.loads(value)), time.time())
    db.execute("INSERT INTO items (session, key, value, text, at) VALUES (?, ?, ?, ?, ?)", told)
    (count,) = db.execute("SELECT count(*) FROM items WHERE session = ?", (session,)).fetchone()
    if count <= most:
        return 0
    oldest = "SELECT number FROM items WHERE session = ? ORDER BY at, number LIMIT ?"
    db.execute(f"DELETE FROM items WHERE number IN ({oldest})", (session, count - most))  # noqa: S608 - no text of anybody's
    return count - most


def recalled(db: sqlite3.Connection, session: str, key: str) -> list[Any]:
    """The value, in a list; an empty one where there is none."""
    query = "SELECT value FROM items WHERE session = ? AND key = ?"
    row = db.execute(query, (session, key)).fetchone()
    return [] if row is None else [json.loads(row[0])]


def found(db: sqlite3.Connection, session: str, query: str, limit: int) -> list[dict[str, Any]]:
    """What holds words of the query, the best first."""
    match = match_of(query)
    if not match:
        return []
    rows = db.execute(
        "SELECT items.key, items.value FROM words JOIN items ON items.number = words.rowid"
        " WHERE words MATCH ? AND items.session = ? ORDER BY bm25(words, 2.0, 1.0), items.number"
        " LIMIT ?",
        (match, session, limit),
    )
    return [{"key": key, "value": json.loads(value)} for key, value in rows]


def forgotten(db: sqlite3.Connection, session: str, key: str | None) -> int:
    """Let a value go, or all of the session; how many went."""
    if key is None:
        return db.execute("DELETE FROM items WHERE session = ?", (session,)).rowcount
    query = "DELETE FROM items WHERE session = ? AND key = ?"
    return db.execute(query, (session, key)).rowcount


def asked_before(db: sqlite3.Connection, call: str) -> list[tuple[str, Any]]:
    """What a call of an agent asked when it was made before, and what it was told, in order."""
    query = "SELECT asked, answer FROM calls WHERE key = ? ORDER BY number"
    return [(asked, json.loads(answer)) for asked, answer in db.execute(query, (call,))]


def forget_asked(db: sqlite3.Connection, call: str) -> None:
    """Know nothing any more of what a call asked."""
    db.execute("DELETE FROM calls WHERE key = ?", (call,))


def prune_asked(db: sqlite3.Connection) -> None:
    """Let go of what is known of calls long ago, and of half of it where it is too much."""
    db.execute("DELETE FROM calls WHERE at < ?", (time.time() - _KEPT_DAYS * 86_400,))
    query = "SELECT count(*), coalesce(sum(length(answer)), 0) FROM calls"
    count, characters = db.execute(query).fetchone()
    if count > MOST_ASKED or characters > MOST_ANSWERED:
        middle = "SELECT at FROM calls ORDER BY at LIMIT 1 OFFSET ?"
        (newest_half,) = db.execute(middle, (count // 2,)).fetchone()
        db.execute("DELETE FROM calls WHERE at < ?", (newest_half,))


def note_asked(db: sqlite3.Connection, call: str, number: int, asked: str, answer: Any) -> None:
    """From now on the call's answer to this is known; what it asked after that before is not."""
    db.execute("DELETE FROM calls WHERE key = ? AND number >= ?", (call, number))
    told = (call, number, asked, json.dumps(answer, ensure_ascii=False), time.time())
    db.execute("INSERT INTO calls (key, number, asked, answer, at) VALUES (?, ?, ?, ?, ?)", told)
