"""Line merge: what two people did to the lines of one text, or to any list, brought together."""

from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

__all__ = ["Hunk", "hunks", "merged_lines", "small_hunks"]


STRETCH = 256
"""How many lines are compared at once."""


class Hunk(NamedTuple):
    """Lines of one text that stand for lines of another."""

    start: int
    """The first line that is replaced, from 0."""
    end: int
    """The line after the last one that is replaced."""
    lines: tuple[str, ...]
    """What stands there instead."""


def hunks(old: Sequence[str], new: Sequence[str]) -> list[Hunk]:
    """What turns some lines into others, from the top down; quick where little differs."""
    first, last = _equal_ends(old, new)
    middle, other = old[first : len(old) - last], new[first : len(new) - last]
    if not middle or not other:
        return [Hunk(first, first + len(middle), tuple(other))] if middle or other else []
    return [_moved(it, first) for it in _by_paragraph(middle, other)]


def small_hunks(old: Sequence[str], new: Sequence[str]) -> list[Hunk]:
    """The same for a short list, with every difference by itself."""
    opcodes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [
        Hunk(low, high, tuple(new[a:b])) for kind, low, high, a, b in opcodes if kind != "equal"
    ]


def merged_lines(
    base: Sequence[str],
    mine: Sequence[str],
    theirs: Sequence[str],
    found: Callable[[Sequence[str], Sequence[str]], list[Hunk]] = hunks,
) -> tuple[list[str], bool]:
    """Mine, with what theirs did to other lines than mine did; whether some of it had to give way.

    Args:
        base: what both began with.
        mine: what one of them made of it. Where both changed the same lines, these stay.
        theirs: what the other made of it.
        found: how differences are found.
    """
    own = found(base, mine)
    taken = [it for it in found(base, theirs) if it not in own]
    fitting = [it for it in taken if not any(_touch(it, other) for other in own)]
    lines = list(base)
    for hunk in sorted([*own, *fitting], reverse=True):
        lines[hunk.start : hunk.end] = hunk.lines
    return lines, len(fitting) < len(taken)


def _touch(one: Hunk, other: Hunk) -> bool:
    return one.start == other.start or (one.start < other.end and other.start < one.end)


def _moved(hunk: Hunk, by: int) -> Hunk:
    return Hunk(hunk.start + by, hunk.end + by, hunk.lines)


def _equal_ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """How many lines are the same at the beginning, and how many of the rest at the end."""
    first = _equal_begin(old, new)
    last = _equal_begin(old[first:][::-1], new[first:][::-1])
    return first, last


def _equal_begin(old: Sequence[str], new: Sequence[str]) -> int:
    """How many lines are the same at the beginning: whole stretches are compared at once."""
    at, shorter = 0, min(len(old), len(new))
    while at < shorter and old[at : at + STRETCH] == new[at : at + STRETCH]:
        at += STRETCH
    end = min(at + STRETCH, shorter)
    return next((it for it in range(at, end) if old[it] != new[it]), end)


def _by_paragraph(old: Sequence[str], new: Sequence[str]) -> Iterator[Hunk]:
    """Hunks of whole paragraphs, each cut down to the lines that differ.

    Lines repeat all over a file, and comparing each with each takes long; paragraphs hardly do.
    """
    one, other = _paragraphs(old), _paragraphs(new)
    starts, others = _starts(one), _starts(other)
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    for kind, low, high, new_low, new_high in matcher.get_opcodes():
        if kind == "equal":
            continue
        lines, wanted = old[starts[low] : starts[high]], new[others[new_low] : others[new_high]]
        first, last = _equal_ends(lines, wanted)
        yield Hunk(
            starts[low] + first,
            starts[high] - last,
            tuple(wanted[first : len(wanted) - last]),
        )


def _paragraphs(lines: Sequence[str]) -> list[tuple[str, ...]]:
    found: list[list[str]] = [[]]
    for line in lines:
        if line.startswith("[") and found[-1]:
            found.append([])
        found[-1].append(line)
    return [tuple(it) for it in found]


def _starts(paragraphs: Sequence[tuple[str, ...]]) -> list[int]:
    starts = [0]
    for paragraph in paragraphs:
        starts.append(starts[-1] + len(paragraph))
    return starts
