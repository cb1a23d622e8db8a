"""Line index: where in a text the value of some keys stands."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

from agentflow.flow.toml_scan import Extent, statements
from agentflow.flow.where import Keys, dotted
from agentflow.problem import Problem

__all__ = ["LineIndex", "Spot", "resolved"]

_OF_KEYS = ("unknown-key", "unused-key", "not-translated", "translated")
"""The codes of problems that are about a key, whatever it says."""


class Spot(NamedTuple):
    """A part of one line of a text."""

    line: int
    """From 1."""
    column: int
    """From 1, in characters."""
    length: int
    """In characters; of what goes on in the next line up to the end of this one."""


class _Place(NamedTuple):
    """Where something stands in a text."""

    key: Extent | None
    """None for the element of an array."""
    value: Extent | None
    """None for a table with a header of its own, or with none."""


class LineIndex:
    """Lines by keys. Tables that are never written out, such as `a` in `[a.b]`, are in it too.

    It is made once somebody asks for a line, since that takes as long as reading the text.
    """

    def __init__(self, text: str) -> None:
        """Make it.

        Args:
            text: one that a TOML parser has accepted.
        """
        self._text = text

    def __contains__(self, keys: object) -> bool:
        """Whether the text says anything of these keys."""
        return keys in self._places

    def line_of(self, keys: Keys) -> int | None:
        """The line of a value, else of the innermost table around it that is there."""
        spot = self.spot_of(keys)
        return spot.line if spot is not None else None

    def spot_of(self, keys: Keys, *, is_of_key: bool = False) -> Spot | None:
        """Where a value stands, else the key or header of the innermost table around it.

        Args:
            keys: of the value.
            is_of_key: whether its key is meant, and not what that says.
        """
        for length in range(len(keys), 0, -1):
            place = self._places.get(keys[:length])
            if place is not None:
                is_key = place.value is None or is_of_key or length < len(keys)
                extent = (place.key or place.value) if is_key else place.value
                return self._spot(extent) if extent is not None else None
        return None

    def placed(self, problem: Problem, keys: Keys) -> Problem:
        """A problem with the place that some keys have in the text."""
        spot = self.spot_of(keys, is_of_key=problem.code in _OF_KEYS)
        line, column, length = spot or (None, None, 0)
        return replace(problem, where=dotted(keys), line=line, column=column, length=length)

    def _spot(self, extent: Extent) -> Spot:
        begin, end = extent
        line = bisect_right(self._starts, begin)
        last = self._starts[line] - 1 if line < len(self._starts) else len(self._text)
        said = self._text[begin : min(end, last)].rstrip()
        return Spot(line, begin - self._starts[line - 1] + 1, len(said))

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(at + 1 for at, sign in enumerate(self._text) if sign == "\n")]

    @cached_property
    def _places(self) -> dict[Keys, _Place]:
        places: dict[Keys, _Place] = {}
        for keys, place in _found(self._text):
            if place.value is None:
                places[keys] = place  # A header is where a table stands, also after one inside it.
            for length in range(1, len(keys)):
                places.setdefault(keys[:length], _Place(place.key, None))
            places.setdefault(keys, place)
        return places


def _found(text: str) -> Iterator[tuple[Keys, _Place]]:
    counts: dict[Keys, int] = {}
    table: Keys = ()
    for statement in statements(text):
        if statement.kind == "key":
            for keys, value, key in statement.values:
                own = key if keys else statement.key
                yield (*table, *statement.keys, *keys), _Place(own, value)
            continue
        table = resolved(statement.keys, counts)
        if statement.kind == "array":
            counts[table] = counts.get(table, 0) + 1
            table = (*table, counts[table] - 1)
        yield table, _Place(statement.key, None)


def resolved(keys: tuple[str, ...], counts: dict[Keys, int]) -> Keys:
    """A header's keys with the index of the last element for each array of tables among them.

    Args:
        keys: what the header says.
        counts: how many elements each array of tables has so far.
    """
    found: Keys = ()
    for position, key in enumerate(keys):
        found = (*found, key)
        if found in counts and position < len(keys) - 1:
            found = (*found, counts[found] - 1)
    return found
