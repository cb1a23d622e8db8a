"""Lettering: a name where there is little room: whole, in smaller letters or more lines, or not."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

__all__ = ["Lettering", "broken", "lettered"]

F = TypeVar("F")
Measure = Callable[[str], float]
_PIECE = re.compile(r"[^ _\-./:]*[ _\-./:]*")


@dataclass(frozen=True, slots=True)
class Lettering(Generic[F]):
    """A name as it is written."""

    face: F
    lines: tuple[str, ...]


def lettered(
    name: str, width: float, tries: Iterable[tuple[F, int]], measure: Callable[[F], Measure]
) -> Lettering[F] | None:
    """The first of several ways in which all of a name can be written; None where there is none.

    Args:
        name: what is written, on one line.
        width: the room for each line.
        tries: (face, most lines), the best first.
        measure: how wide a text is in a face.
    """
    for face, most in tries:
        lines = broken(name, width, measure(face))
        if len(lines) <= most and all(measure(face)(line) <= width for line in lines):
            return Lettering(face, lines)
    return None


def broken(name: str, width: float, measure: Measure) -> tuple[str, ...]:
    """A name on as many lines as it takes, broken between its words where that is possible."""
    lines, line = list[str](), ""
    for piece in _PIECE.findall(name):
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
