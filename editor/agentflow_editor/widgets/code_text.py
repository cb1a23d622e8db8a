"""Code text: what a person does to lines of TOML by one key, as pure functions."""

import re
from collections.abc import Sequence

__all__ = ["INDENT", "bracket_pair", "commented", "indentation", "indented", "quoted_at", "units"]

INDENT = "  "
_OPEN, _CLOSE = "([{", ")]}"
_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*(?:"{3,5}|\Z)'
    r"|'''(?:[^']|'(?!''))*(?:'{3,5}|\Z)"
    r'|"(?:[^"\\\n]|\\.)*(?:"|(?=\n|\Z))'
    r"|'[^'\n]*(?:'|(?=\n|\Z))|#[^\n]*|[\[\](){}]",
    re.DOTALL,
)
_QUOTED = re.compile(r""""((?:[^"\\]|\\.)*)"|'([^']*)'""")


def commented(lines: Sequence[str]) -> list[str]:
    """The lines as comments; where all are comments already, as no comments."""
    full = [line for line in lines if line.strip()]
    if full and all(line.lstrip().startswith("#") for line in full):
        return [re.sub(r"^(\s*)# ?", r"\1", line) for line in lines]
    margin = min((len(line) - len(line.lstrip()) for line in full), default=0)
    return [f"{it[:margin]}# {it[margin:]}" if it.strip() else it for it in lines]


def indented(lines: Sequence[str], by: int) -> list[str]:
    """The lines further in by one step, or further out for a negative one."""
    if by > 0:
        return [f"{INDENT}{line}" if line.strip() else line for line in lines]
    return [re.sub(rf"^(\t| {{1,{len(INDENT)}}})", "", line) for line in lines]


def indentation(line: str) -> str:
    """What the next line begins with."""
    begin = line[: len(line) - len(line.lstrip())]
    opens = line.rstrip().endswith(tuple(_OPEN)) and not line.lstrip().startswith("#")
    return begin + INDENT if opens else begin


def bracket_pair(text: str, at: int) -> tuple[int, int] | None:
    """Where the bracket beside an offset and the one that belongs to it stand; None for none.

    Brackets in texts and comments are none. The text should be no longer than some ten thousand
    characters: all of it is looked at.
    """
    waiting: list[int] = []
    for token in _TOKEN.finditer(text):
        sign, here = token.group(), token.start()
        if sign in _OPEN:
            waiting.append(here)
        elif sign in _CLOSE:
            if not waiting or _OPEN[_CLOSE.index(sign)] != text[waiting[-1]]:
                waiting.clear()
                continue
            begin = waiting.pop()
            if {begin, begin + 1, here, here + 1} & {at}:
                return begin, here
    return None


def quoted_at(line: str, column: int) -> str:
    """The text in quotes that stands at a column of a line; "" where none does."""
    found = (it for it in _QUOTED.finditer(line) if it.start() <= column <= it.end())
    match = next(found, None)
    return "" if match is None else (match[1] or match[2] or "").replace('\\"', '"')


def units(text: str) -> int:
    """How long a text is for Qt, which counts a character beyond the first 65,536 as two."""
    return len(text) + sum(sign > "\uffff" for sign in text)
