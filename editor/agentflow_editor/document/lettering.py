"""Lettering: a text where there is little room: whole, in smaller letters or more lines, or not."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

__all__ = ["LEADING", "Lettering", "broken", "lettered", "widest"]

Measure = Callable[[str], float]
_PIECE = re.compile(r"[^ _\-./:]*[ _\-./:]*")

LEADING = 1.18
"""From one line to the next, as a multiple of the size of its letters."""
PER_LINE = 2
"""How many pixels smaller letters may be for a text to have one line less."""
_SIGNS = {
    0.3: " ',.:;Iijl",
    0.4: '!"()/[\\]frt{|}',
    0.55: "`-1^_*?s",
    0.65: "#$25689EPSbdghnopqu7FJLacekvxyz",
    0.8: "&+034<=>BKRTXZ~ACDHNUVYGOQ",
}
_WIDTHS = {sign: width for width, signs in _SIGNS.items() for sign in signs}
_WIDEST = 1.06


@dataclass(frozen=True, slots=True)
class Lettering:
    """A text as it is written."""

    size: int
    lines: tuple[str, ...]


def widest(text: str) -> float:
    """How wide a line may become that is written on a node, as a multiple of the letters' size.

    Layouts are made without a screen: only there it is known exactly, and it is hardly ever more.
    """
    return sum(_WIDTHS.get(sign, _WIDEST) for sign in text)


def lettered(
    text: str,
    width: float,
    height: float,
    sizes: Iterable[int],
    measure: Callable[[int], Measure],
) -> Lettering | None:
    """The best way to write all of a text into a room; None where there is none.

    Args:
        text: what is written; line breaks are spaces.
        width: the room for each line.
        height: the room for all lines together; one line has it in any case.
        sizes: how large the letters may be.
        measure: how wide a line is in letters of a size.
    """
    found = list[Lettering]()
    for size in sizes:
        lines = broken(text, width, measure(size))
        has_room = len(lines) <= max(1, int(height / (size * LEADING)))
        if has_room and all(measure(size)(line) <= width for line in lines):
            found.append(Lettering(size, lines))
    return min(found, key=lambda it: len(it.lines) * PER_LINE - it.size, default=None)


def broken(text: str, width: float, measure: Measure) -> tuple[str, ...]:
    """A text on as many lines as it takes, broken between its words where that is possible."""
    lines, line = list[str](), ""
    for piece in _PIECE.findall(text):
        if measure((line + piece).rstrip()) <= width:
            line += piece
            continue
        if line:
            lines.append(line)
        *whole, line = _chopped(piece, width, measure)
        lines += whole
    return tuple(it.rstrip() for it in (*lines, line) if it.strip())


def _chopped(piece: str, width: float, measure: Measure) -> list[str]:
    """A word in parts that are no wider than a line, where it is wider itself."""
    parts = [""]
    for sign in piece:
        if parts[-1] and measure((parts[-1] + sign).rstrip()) > width:
            parts.append("")
        parts[-1] += sign
    return parts
