"""Makes text from anywhere harmless to a terminal."""

import json
import re
from typing import Any

__all__ = ["one_line", "safe", "safe_json"]

_UNSAFE = re.compile(
    "["
    "\x00-\x08\x0b-\x1f"  # controls, ESC among them; \t and \n may stay
    "\x7f-\x9f"  # DEL and the controls that stand for two-byte escapes
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # what turns the direction of writing
    "\u2028\u2029"  # what some terminals take for the end of a line
    "\ud800-\udfff"  # halves of a character, which no encoding can write
    "\ufff9-\ufffb\U000e0000-\U000e007f"  # what is never seen
    "]"
)


def safe(text: str) -> str:
    r"""The text with every character that could command a terminal written out, as "\x1b"."""
    return _UNSAFE.sub(_escaped, text.replace("\r\n", "\n"))


def one_line(text: str, limit: int = 200) -> str:
    """The same on one line, cut off at a number of characters."""
    # A cut before the work: a long answer is shown by its beginning.
    line = safe(" ".join(text[: limit * 4].split()))
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def safe_json(value: Any, *, ascii_only: bool = False, indent: int | None = None) -> str:
    """JSON that reads back as the same value and holds nothing that commands a terminal."""
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent, default=str)
    return _UNSAFE.sub(_as_json, text)


def _escaped(match: re.Match[str]) -> str:
    number = ord(match[0])
    if number > 0xFFFF:
        return f"\\U{number:08x}"
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"


def _as_json(match: re.Match[str]) -> str:
    number = ord(match[0])
    if number <= 0xFFFF:
        return f"\\u{number:04x}"
    high, low = divmod(number - 0x10000, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"
