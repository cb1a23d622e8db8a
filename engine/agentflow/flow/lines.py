"""Line index: on which line of a text the value of some keys stands."""

from bisect import bisect_right
from functools import cached_property

from agentflow.flow.toml_scan import statements
from agentflow.flow.where import Keys

__all__ = ["LineIndex", "resolved"]


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

    @cached_property
    def lines(self) -> dict[Keys, int]:
        """The line, from 1, of everything that the text says."""
        return _found(self._text)

    def line_of(self, keys: Keys) -> int | None:
        """The line of a value, else of the innermost table around it that is there."""
        for length in range(len(keys), 0, -1):
            if keys[:length] in self.lines:
                return self.lines[keys[:length]]
        return None


def _found(text: str) -> dict[Keys, int]:
    starts = [0, *(at + 1 for at, sign in enumerate(text) if sign == "\n")]
    lines: dict[Keys, int] = {}
    counts: dict[Keys, int] = {}
    table: Keys = ()

    def add(keys: Keys, offset: int) -> None:
        for length in range(1, len(keys) + 1):
            lines.setdefault(keys[:length], bisect_right(starts, offset))

    for statement in statements(text):
        if statement.kind == "key":
            for keys, offset in ((), statement.start), *statement.values[1:]:
                add((*table, *statement.keys, *keys), offset)
            continue
        table = resolved(statement.keys, counts)
        if statement.kind == "array":
            counts[table] = counts.get(table, 0) + 1
            table = (*table, counts[table] - 1)
        # A table's header is where it stands, even when something in it came before.
        lines[table] = bisect_right(starts, statement.start)
        add(table, statement.start)
    return lines


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
