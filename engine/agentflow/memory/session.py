"""Memory: what agents are given to remember with, for one session and one call of an agent."""

import json
import sqlite3
import threading
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from agentflow.errors import MemoryFileError
from agentflow.json_value import NotJsonError, json_text, json_value, texts_changed
from agentflow.memory import rows
from agentflow.memory.file import MemoryFile

__all__ = ["Memory", "SessionMemory"]

MOST_KEY = 200
"""Characters of a key, and of a session's name."""
MOST_VALUE = 1_000_000
"""Characters of a value, as JSON."""
MOST_FOUND = 100
"""How many things one search gives."""


class Memory:
    """Values by session and key, in a file that is made when something is first remembered."""

    def __init__(self, path: Path | str | None = None, *, max_items: int = 10_000) -> None:
        """Nothing is opened yet.

        Args:
            path: the file; None remembers until it is closed, and in no file.
            max_items: how many values a session keeps; then the oldest go.
        """
        self._file = MemoryFile(None if path is None else Path(path))
        self._most = max_items

    def session(self, session_id: str = "") -> "SessionMemory":
        """What is remembered in one session; "" is one that all share who name none."""
        return SessionMemory(self._file, self._most, session_id)

    def for_call(
        self,
        session_id: str,
        call: str,
        note: Callable[[str, Mapping[str, Any]], None],
        unsaid: Callable[[str], str],
    ) -> "SessionMemory":
        """The same for one call of an agent.

        Args:
            session_id: whose memory.
            call: the same for each time that the call is made; what it did is not done again, and
                what it was told it is told again. "" for a call that is made once.
            note: hears what is done: a sentence whose subject is the agent, and the facts.
            unsaid: takes out of texts what is never written to a file.
        """
        return SessionMemory(self._file, self._most, session_id, call, note, unsaid)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def _unheard(text: str, facts: Mapping[str, Any]) -> None:
    """Nobody listens."""


class SessionMemory:
    """What one session remembers. It may be used from any thread."""

    def __init__(
        self,
        file: MemoryFile,
        most: int,
        session_id: str,
        call: str = "",
        note: Callable[[str, Mapping[str, Any]], None] = _unheard,
        unsaid: Callable[[str], str] = str,
    ) -> None:
        """See `Memory.for_call`."""
        self._file, self._most = file, most
        self._session = _named("session", session_id or "default")
        self._call, self._note, self._unsaid = call, note, unsaid
        self._before: list[tuple[str, Any]] | None = None if call else []
        self._count = 0
        self._turn = threading.Lock()
        self._is_over = False

    def forget_call(self) -> None:
        """The call has succeeded and is never made again: what it asked need not be known."""
        with self._turn:
            if self._count:
                self._file.done(lambda db: rows.forget_asked(db, self._call), writes=True)

    def end(self) -> None:
        """The call is over: a thread that it left behind remembers no more."""
        self._is_over = True

    def remember(self, key: str, value: Any) -> None:
        """Keep a JSON value under a key; one that was there goes.

        Raises:
            MemoryFileError: it is no JSON, too much, or cannot be written.
        """
        key, text = self._key(key), self._text_of(key, value)

        def work(db: sqlite3.Connection) -> int:
            return rows.remembered(db, self._session, key, text, self._most)

        went = self._done(["remember", key, sha256(text.encode()).hexdigest()], work, writes=True)
        facts = {"operation": "remember", "key": key, "value": _clipped(text)}
        self._note(f"remembers {key!r}", {**facts, "oldest_gone": went} if went else facts)

    def recall(self, key: str, default: Any = None) -> Any:
        """The value under a key, or the default where there is none.

        Raises:
            MemoryFileError: it cannot be read.
        """
        key = self._key(key)
        held = self._done(["recall", key], lambda db: rows.recalled(db, self._session, key))
        text = f"recalls {key!r}" if held else f"recalls nothing under {key!r}"
        shown = {"value": _clipped(json.dumps(held[0], ensure_ascii=False))} if held else {}
        self._note(text, {"operation": "recall", "key": key, **shown})
        return held[0] if held else default

    def search(self, query: str, limit: int = 5) -> list[dict[str, Any]]:
        """{"key": …, "value": …} of what holds words of the query, in any form; the best first.

        Raises:
            MemoryFileError: it cannot be read.
        """
        query, limit = json_text(str(query)), max(1, min(MOST_FOUND, limit))

        def work(db: sqlite3.Connection) -> list[dict[str, Any]]:
            return rows.found(db, self._session, query, limit)

        found = self._done(["search", query, limit], work)
        facts = {
            "operation": "search",
            "query": _clipped(query),
            "keys": [it["key"] for it in found],
        }
        self._note(f"finds {len(found)} about {_clipped(query, 60)!r}", facts)
        return found

    def forget(self, key: str | None = None) -> int:
        """Let go of what is under a key, or of all that the session remembers; how much went.

        Raises:
            MemoryFileError: it cannot be written.
        """
        key = None if key is None else self._key(key)

        def work(db: sqlite3.Connection) -> int:
            return rows.forgotten(db, self._session, key)

        went = self._done(["forget", key], work, writes=True)
        what = "all that it remembers" if key is None else repr(key)
        self._note(f"forgets {what}", {"operation": "forget", "key": key, "gone": went})
        return went

    def _done(
        self, asked: list[Any], work: Callable[[sqlite3.Connection], Any], *, writes: bool = False
    ) -> Any:
        """Do it, unless the call had that done before: then what came of it."""
        if self._is_over:
            fix = "use it before the agent returns"
            raise MemoryFileError("memory", "the call is over", fix)
        with self._turn:
            if self._before is None:
                self._before = self._file.done(
                    lambda db: rows.asked_before(db, self._call), writes=False
                )
            number, self._count = self._count, self._count + 1
            text = json.dumps(asked, ensure_ascii=False)
            if number < len(self._before) and self._before[number][0] == text:
                return self._before[number][1]
            del self._before[number:]  # it goes another way than before, and lives from here on

            def whole(db: sqlite3.Connection) -> Any:
                answer = work(db)
                if self._call:
                    rows.note_asked(db, self._call, number, text, answer)
                return answer

            return self._file.done(whole, writes=writes or bool(self._call))

    def _key(self, key: Any) -> str:
        return self._unsaid(_named("key", key))

    def _text_of(self, key: str, value: Any) -> str:
        try:
            plain = texts_changed(json_value(value), self._unsaid)
        except NotJsonError as error:
            fix = "remember text, numbers, lists and objects"
            raise MemoryFileError(f"memory {key!r}", f"the value holds {error}", fix) from None
        text = json.dumps(plain, ensure_ascii=False)
        if len(text) > MOST_VALUE:
            what = f"the value has {len(text):,} characters, and {MOST_VALUE:,} are the most"
            raise MemoryFileError(f"memory {key!r}", what, "remember less, or in parts")
        return text


def _named(what: str, name: Any) -> str:
    if not isinstance(name, str) or not name.strip():
        raise MemoryFileError("memory", f"a {what} is a text and never empty", f"give it a {what}")
    if len(name) > MOST_KEY:
        told = f"a {what} has at most {MOST_KEY} characters"
        raise MemoryFileError(f"memory {name[:40]!r}…", told, "give it a shorter one")
    return json_text(name)


def _clipped(text: str, most: int = 2000) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
