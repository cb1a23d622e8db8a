"""TraceRows: the form in which a run's trace is kept, and how it becomes entries.

A step records two entries, and a run may have a million steps. So an entry is kept as a plain
tuple, a step of which there is nothing else to tell as one for both, and older ones are packed.
"""

import marshal
from collections.abc import Mapping
from typing import Any, cast

from agentflow.event import Event
from agentflow.state import State
from agentflow.trace import (
    Comparison,
    EventReceived,
    RouteChosen,
    StepStarted,
    StepSucceeded,
    TraceEntry,
)

__all__ = ["RAN", "SHORT", "Row", "begin_of", "end_of", "entry_of", "in_full", "packed", "unpacked"]

Row = tuple[Any, ...]
"""(kind, seconds by `time.monotonic`, path, *facts): an entry without what all have in common.

The kind is the name of the entry's class. What would take time to make is there only in an entry:
instead of a State a row has (values, metadata), instead of what an event is, the event, and instead
of a router's comparisons it may have a function that makes them. See `in_full`.
"""

RAN = "agent's step"
"""(RAN, when it began, path, agent, after, when it ended, changes): stands for two rows, its
StepStarted and its StepSucceeded. None stands in the place of the second one."""

_KINDS: Mapping[str, type[TraceEntry]] = {kind.__name__: kind for kind in TraceEntry.__args__}
_STATES: Mapping[str, int] = {
    name: kind._fields.index("state") - 1
    for name, kind in _KINDS.items()
    if "state" in kind._fields
}
"""Where rows have States, by their kind."""
_STARTED, _SUCCEEDED = StepStarted.__name__, StepSucceeded.__name__
_CHOSEN, _RECEIVED = RouteChosen.__name__, EventReceived.__name__
SHORT = {*_STATES, _CHOSEN}
"""The kinds whose rows are not all that there is to say."""


def in_full(row: Row) -> Row:
    """A row with all facts of its entry."""
    kind = row[0]
    if kind not in SHORT:
        return row
    facts = list(row)
    if kind == _CHOSEN:
        made: Any = facts[-1]() if callable(facts[-1]) else facts[-1]
        facts[-1] = tuple(map(Comparison._make, made))
    elif kind == _RECEIVED and isinstance(event := facts[3], Event):
        facts[3:4] = event.id, event.target, dict(event.metadata), event.session_id
    place = _STATES.get(kind, 0)
    if isinstance(facts[place], tuple):
        facts[place] = State(*facts[place])
    return tuple(facts)


def begin_of(row: Row) -> Row:
    """The row for itself: of an agent's step, how it began."""
    if row[0] != RAN:
        return row
    _, began, path, agent, after, _, _ = row
    return _STARTED, began, path, "agent", agent, after


def end_of(row: Row, seq: int) -> Row:
    """How an agent's step ended, by the row that stands for it; `seq` is that of its begin."""
    _, began, path, _, _, ended, changes = row
    return _SUCCEEDED, ended, path, changes, (), ended - began, seq, None


def entry_of(seq: int, epoch: float, run_id: str, row: Row) -> TraceEntry:
    """The entry that a row is kept for."""
    kind, when, path, *facts = in_full(row)
    return _KINDS[kind](seq, epoch + when, run_id, path, *facts)


def packed(rows: list[Row | None]) -> bytes:
    """Rows as bytes, of which each takes about fifty."""
    try:
        return marshal.dumps(rows)
    except ValueError:
        return marshal.dumps([row and _plain(row) for row in rows])


def unpacked(rows: bytes) -> list[Row | None]:
    """What `packed` made such bytes of, in this very process."""
    return marshal.loads(rows)  # noqa: S302


def _plain(row: Row) -> Row:
    """A row with all facts, which holds nothing that marshal does not know."""
    if row[0] not in SHORT:
        return row
    return tuple(map(_plain_fact, in_full(row)))


def _plain_fact(fact: Any) -> Any:
    if isinstance(fact, State):
        return fact.to_dict(), dict(fact.metadata)
    if isinstance(fact, tuple):
        parts = cast("tuple[Any, ...]", fact)
        return tuple(tuple(it) if isinstance(it, Comparison) else it for it in parts)
    return fact
