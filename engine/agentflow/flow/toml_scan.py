"""Scans a TOML text for where things stand, which a parser does not tell.

The text is one that a parser has accepted; of any other the result means nothing, but it comes in
linear time all the same.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from agentflow.flow.where import Keys

__all__ = ["Extent", "Statement", "Written", "statements"]

_SPACE = re.compile(r"(?:[\s]++|#[^\n]*+)*+")
_KEY_PART = re.compile(
    r"""[ \t]*+(?:(?P<bare>[A-Za-z0-9_-]++)|(?P<quoted>"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+'))[ \t]*+"""
)
_ATOM = re.compile(
    r'''"""(?:[^"\\]++|\\.|"(?!""))*+"{3,5}|"(?:[^"\\\n]++|\\.)*+"'''
    r"""|'''(?:[^']++|'(?!''))*+'{3,5}|'[^'\n]*+'|[^,\]}#\n]++""",
    re.DOTALL,
)


Extent = tuple[int, int]
"""The offsets of the first character of something and after its last one."""


class Written(NamedTuple):
    """A value, or an element of one."""

    keys: Keys
    """Below those of its statement."""
    value: Extent
    key: Extent | None
    """None for the element of an array, and for the statement's own value."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A header, or a key with its value."""

    kind: Literal["table", "array", "key"]
    """`[a.b]`, `[[a.b]]`, `a.b = 1`."""
    keys: tuple[str, ...]
    start: int
    """The offset of its first character."""
    end: int
    """The offset after its last line's end."""
    key: Extent
    """Where its keys stand."""
    values: tuple[Written, ...] = ()
    """Its value and every value in that."""


def statements(text: str) -> Iterator[Statement]:
    """The statements of a text in order; what lies between them is blank lines and comments."""
    at = _space_end(text, 0)
    while at < len(text):
        statement = _header(text, at) if text[at] == "[" else _pair(text, at)
        if statement is None:
            return
        yield statement
        at = _space_end(text, statement.end)


def _space_end(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _header(text: str, at: int) -> Statement | None:
    brackets = 2 if text.startswith("[[", at) else 1
    begin = at + brackets
    keys, end = _dotted_key(text, begin)
    if not keys:
        return None
    kind = "array" if brackets == 2 else "table"
    return Statement(kind, keys, at, _line_end(text, end + brackets), _trimmed(text, begin, end))


def _pair(text: str, at: int) -> Statement | None:
    keys, end = _dotted_key(text, at)
    if not keys or not text.startswith("=", end):
        return None
    key = _trimmed(text, at, end)
    values, end = _values(text, end + 1)
    return Statement("key", keys, at, _line_end(text, end), key, tuple(values))


def _trimmed(text: str, begin: int, end: int) -> Extent:
    """An extent without the blanks around what stands in it."""
    said = text[begin:end]
    return begin + len(said) - len(said.lstrip()), end - len(said) + len(said.rstrip())


def _line_end(text: str, at: int) -> int:
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1


def _dotted_key(text: str, at: int) -> tuple[tuple[str, ...], int]:
    keys: list[str] = []
    while found := _KEY_PART.match(text, at):
        try:
            keys.append(found["bare"] or tomllib.loads(f"it = {found['quoted']}")["it"])
        except tomllib.TOMLDecodeError:
            break
        at = found.end()
        if not text.startswith(".", at):
            break
        at += 1
    return tuple(keys), at


@dataclass(slots=True)
class _Frame:
    """An array or inline table that is open."""

    keys: Keys
    index: int | None
    """The number of the next element; None in an inline table."""
    number: int
    """Which of the values that were found it is."""


def _values(text: str, at: int) -> tuple[list[Written], int]:
    """Every value that begins at an offset or in the value there, and where that one ends."""
    found: list[Written] = []
    open_ones: list[_Frame] = []
    while (at := _space_end(text, at)) < len(text):
        sign = text[at]
        if sign in "]}" and open_ones:
            at += 1
            closed = open_ones.pop().number
            found[closed] = found[closed]._replace(value=(found[closed].value[0], at))
        elif sign == "," and open_ones:
            at += 1
            continue
        else:
            keys, at, key = _next_keys(text, at, open_ones)
            if text[at : at + 1] in ("[", "{"):
                index = 0 if text[at] == "[" else None
                open_ones.append(_Frame(keys, index, len(found)))
                found.append(Written(keys, (at, at + 1), key))
                at += 1
                continue
            begin, atom = at, _ATOM.match(text, at)
            at = atom.end() if atom else at + 1
            found.append(Written(keys, _trimmed(text, begin, at), key))
        if not open_ones:
            break
    return found, at


def _next_keys(text: str, at: int, open_ones: list[_Frame]) -> tuple[Keys, int, Extent | None]:
    """The keys of the value that comes next, where it begins, and where its own keys stand."""
    if not open_ones:
        return (), at, None
    frame = open_ones[-1]
    if frame.index is not None:
        frame.index += 1
        return (*frame.keys, frame.index - 1), at, None
    keys, end = _dotted_key(text, at)
    return (*frame.keys, *keys), _space_end(text, end + 1), _trimmed(text, at, end)
