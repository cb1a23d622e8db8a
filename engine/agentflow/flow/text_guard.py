"""Text guard: lets only text through that a TOML parser reads quickly and in little memory."""

import hashlib
import os
import re
import stat
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agentflow.errors import FlowFileError, FlowSyntaxError

__all__ = ["MAX_BYTES", "Source", "parse_toml", "read_source", "source_of"]

MAX_BYTES = 1 << 20
"""The largest file: 1 MiB."""
MAX_DEPTH = 32
"""How deep arrays and inline tables may nest."""
MAX_KEY_PARTS = 8
"""The longest dotted key: each part is a table, and what a parser needs grows with their square."""
MAX_TOKENS = 110_000
"""The most keys, values and marks together: ten thousand steps and as many small agents."""

_BOM = b"\xef\xbb\xbf"

_TOKEN = re.compile(
    r'''"""(?:[^"\\]++|\\.|"(?!""))*+(?:"{3,5}|\\?\Z)'''
    r"""|'''(?:[^']++|'(?!''))*+(?:'{3,5}|\Z)"""
    r"""|(?<=\n)"[^"\\\n]*+" = \[-?\d++, -?\d++\](?=\n)"""
    r"""|"(?:[^"\\\n]++|\\.)*+(?:"|\\?(?=\n|\Z))|'[^'\n]*+(?:'|(?=\n|\Z))|#[^\n]*+|[\[{\]}.=,\n]""",
    re.DOTALL,
)
# Every branch consumes what it looks at (possessive), so that no text makes the scan quadratic.
# The position of a node, as it is written, is one of them: what the editor draws it can open again.

_DEEPER = {"[": 1, "{": 1, "]": -1, "}": -1}
_KEY_ENDS = ("[", "{", "]", "}", "=", ",", "\n")

_NO_TEXT = re.compile("[\0\ud800-\udfff]")
"""NUL, and halves of characters, which only a text that was made by a program can hold."""

_MEND = "write that line as `key = value`, `[table]` or `[[list of tables]]`"
_FIXES = {
    "in quotes": "close the quotes at the end of it",
    "initial character for a key": "write a key there; `{ … }` takes one line and no last comma",
    "unclosed": "close it",
    "unterminated": "close it",
    "escape": r"write \\ for a backslash, or put the text in single quotes",
    "invalid value": "put texts in quotes; true, false and numbers stand without",
}
"""How to mend what the parser complains of, by a part of what it says."""

_OPEN = (r"Illegal character '\n'", r"Found invalid character '\n'", 'Expected "\'"')
"""What the parser says of a text that goes on in the next line."""

_LONG_NUMBER = re.compile("0[xob][0-9A-Fa-f_]{3000}")

_POSITION = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")


@dataclass(frozen=True, slots=True)
class Source:
    """A file's bytes as text, and what the text alone does not tell."""

    text: str
    """Without byte order mark."""
    has_bom: bool
    digest: str
    """SHA-256 of all the bytes, in hex."""


def read_source(path: Path) -> Source:
    """Read a file once.

    Raises:
        FlowSyntaxError: too large, or not text.
        FlowFileError: it cannot be read, or it is no regular file.
    """
    try:
        # Without O_NONBLOCK a named pipe would keep the reader waiting for a writer.
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NONBLOCK", 0))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FlowFileError(f"cannot be read ({reason})", file=path) from error
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise FlowFileError("is no regular file", file=path, fix="give the path of a file")
        with open(handle, "rb", closefd=False) as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise FlowFileError(f"cannot be read ({error.strerror})", file=path) from error
    finally:
        os.close(handle)
    return source_of(raw, path)


def source_of(raw: bytes, file: Path | None = None) -> Source:
    """Bytes as text.

    Raises:
        FlowSyntaxError: too large, or not UTF-8.
    """
    if len(raw) > MAX_BYTES:
        raise FlowSyntaxError(
            f"is larger than {MAX_BYTES} bytes", file=file, fix="split it into flows of their own"
        )
    has_bom = raw.startswith(_BOM)
    body = raw.removeprefix(_BOM)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = _position(body[: error.start].decode("utf-8"), error.start)
        fix = "save it as UTF-8"
        raise FlowSyntaxError(
            "is not UTF-8", file=file, line=line, column=column, fix=fix
        ) from None
    return Source(text, has_bom, hashlib.sha256(raw).hexdigest())


def parse_toml(text: str, file: Path | None = None) -> dict[str, Any]:
    """The values of a TOML text.

    Raises:
        FlowSyntaxError: not TOML, or made to hurt the reader.
    """
    _scan(text, file)
    try:
        data = tomllib.loads(text)
        if _LONG_NUMBER.search(text):
            repr(data)  # raises for a number that is read and can never be written again
        return data
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(str(error), text, file) from None
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        # An integer of thousands of digits is a plain ValueError, a date of the year 0 another.
        reason, _, _ = str(error).partition("; use sys.")  # which is for programs
        what = f"holds a value that cannot be read ({reason})"
        raise FlowSyntaxError(what, file=file, fix="write it within usual bounds") from None


def _scan(text: str, file: Path | None) -> None:
    """Refuse in linear time what a parser would need much time or memory for."""
    if len(text) > MAX_BYTES:
        raise FlowSyntaxError(f"is longer than {MAX_BYTES} characters", file=file)
    if found := _NO_TEXT.search(text):
        raise _refused("holds a character that no text has", text, found.start(), file)
    depth = dots = 0
    for number, token in enumerate(_TOKEN.finditer(text)):
        sign = token.group() if token.end() - token.start() == 1 else ""
        depth = max(0, depth + _DEEPER.get(sign, 0))
        dots = dots + 1 if sign == "." else 0 if sign in _KEY_ENDS else dots
        if depth > MAX_DEPTH or dots >= MAX_KEY_PARTS or number > MAX_TOKENS:
            raise _refused(_excess(depth, dots), text, token.start(), file)


def _excess(depth: int, dots: int) -> str:
    if depth > MAX_DEPTH:
        return f"nests deeper than {MAX_DEPTH} levels"
    if dots >= MAX_KEY_PARTS:
        return f"has a key of more than {MAX_KEY_PARTS} parts"
    return f"holds more than {MAX_TOKENS} values and signs"


def _refused(what: str, text: str, at: int, file: Path | None) -> FlowSyntaxError:
    line, column = _position(text, at)
    return FlowSyntaxError(what, file=file, line=line, column=column)


def _position(text: str, at: int) -> tuple[int, int]:
    """Line and column, from 1, of an offset."""
    before = text[:at]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def _syntax_error(message: str, text: str, file: Path | None) -> FlowSyntaxError:
    """What the parser said, with its position as numbers; a long value is not repeated whole."""
    found = _POSITION.search(message)
    line, column = _position(text, len(text))
    if found and found["line"]:
        line, column = int(found["line"]), int(found["column"])
    what = message[: found.start()] if found else message
    what = what if len(what) <= 200 else what[:200] + "…"
    if what == 'Expected "\'"':
        line, column = _position(text, text.rindex("'"))
    if what in _OPEN:
        what = "a text in quotes does not end on its line"
    what = f"is not TOML: {what[:1].lower()}{what[1:]}"
    fix = next((fix for part, fix in _FIXES.items() if part in what), _MEND)
    if what.endswith(("cannot overwrite a value", "twice")):
        what, fix = "says a key or a table twice", "keep one of them"
    return FlowSyntaxError(what, file=file, line=line, column=column, fix=fix)
