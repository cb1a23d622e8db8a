"""Recorder: keeps what happens in a run, and tells whoever listens.

A step records two entries, and a run may have a million steps. So an entry is kept as a plain tuple
and made into a TraceEntry only for a reader, and older ones are packed: about 50 bytes each.
"""

import asyncio
import marshal
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from time import monotonic, time
from typing import Any, cast, overload

from agentflow.event import Event
from agentflow.state import State
from agentflow.trace import Comparison, EventReceived, Listener, RouteChosen, TraceEntry

__all__ = ["Recorder", "Row", "Trace", "in_full", "new_run_id"]

Row = tuple[Any, ...]
"""(kind, seconds by `time.monotonic`, path, *facts): an entry without what all have in common.

The kind is the name of the entry's class. What would take time to make is there only in an entry:
instead of a State a row has (values, metadata), instead of what an event is, the event, and instead
of a router's comparisons it may have a function that makes them. See `in_full`.
"""

_LOOSE = 4096
"""How many rows are kept as they are; once there are twice as many, the older half is packed."""


class Recorder:
    """The trace of one run, as it grows."""

    __slots__ = (
        "_epoch",
        "_heed_from",
        "_keep",
        "_last_packed",
        "_listeners",
        "_packed",
        "_rows",
        "_run_id",
    )

    def __init__(self, run_id: str = "", listeners: Sequence[Listener] = ()) -> None:
        """`run_id` is made when somebody asks for it, where it is not given."""
        self._run_id = run_id
        self._listeners = listeners
        self._packed: list[bytes] = []
        self._rows: list[Row] = []
        self._last_packed = -1
        self._epoch: float | None = None
        self._keep: Callable[[Row], None] | None = None
        self._heed_from = 0 if listeners else 2 * _LOOSE - 1

    @property
    def run_id(self) -> str:
        """The run's id."""
        self._run_id = self._run_id or new_run_id()
        return self._run_id

    @property
    def epoch(self) -> float:
        """Seconds from the time of rows to that of entries."""
        if self._epoch is None:
            self._epoch = time() - monotonic()
        return self._epoch

    def keep(self, sink: Callable[[str, float], Callable[[Row], None]]) -> None:
        """Hand on each row from now on: a journal has no use for entries.

        Args:
            sink: (run id, seconds from `time.monotonic` to the epoch's) → what gets the rows.
        """
        self._keep, self._heed_from = sink(self.run_id, self.epoch), 0

    def listen(self, listeners: Sequence[Listener]) -> None:
        """Tell these from now on."""
        self._listeners, self._heed_from = listeners, 0

    @property
    def count(self) -> int:
        """How many entries there are; the next one's `seq`."""
        return self._last_packed + len(self._rows) + 1

    def add(self, row: Row) -> int:
        """Something happened; its `seq`."""
        rows = self._rows
        rows.append(row)
        count = len(rows)
        seq = self._last_packed + count
        if count > self._heed_from:
            self._heed(seq, row)
        return seq

    def record(self, kind: type[TraceEntry], path: str, *facts: Any) -> int:
        """Something happened now: an entry of that kind, with the facts after its first four."""
        return self.add((kind.__name__, monotonic(), path, *facts))

    @property
    def entries(self) -> "Trace":
        """All that has happened so far, in order; it does not grow."""
        return Trace(self.run_id, self.epoch, tuple(self._packed), tuple(self._rows))

    def since(self, seq: int) -> list[TraceEntry]:
        """The entries from one on; cheap for the latest few."""
        return list(self.entries[seq:])

    def _heed(self, seq: int, row: Row) -> None:
        if self._keep is not None:
            self._keep(row)
        if self._listeners:
            self._tell(_entry(seq, self.epoch, self.run_id, row))
        if len(self._rows) >= 2 * _LOOSE:
            self._pack()

    def _tell(self, entry: TraceEntry) -> None:
        for listener in self._listeners:
            try:
                listener(entry)
            except Exception as error:  # noqa: BLE001 - a faulty listener is no fault of the run
                _complain(listener, error, entry)

    def _pack(self) -> None:
        self._packed.append(_packed(self._rows[:_LOOSE]))
        del self._rows[:_LOOSE]
        self._last_packed += _LOOSE


class Trace(Sequence[TraceEntry]):
    """The entries of a run in order, made when they are read."""

    __slots__ = ("_epoch", "_last", "_packed", "_rows", "_run_id")

    def __init__(
        self, run_id: str, epoch: float, packed: tuple[bytes, ...], rows: tuple[Row, ...]
    ) -> None:
        self._run_id, self._epoch, self._packed, self._rows = run_id, epoch, packed, rows
        self._last: tuple[int, list[Row]] = (-1, [])

    def __len__(self) -> int:
        return len(self._packed) * _LOOSE + len(self._rows)

    @overload
    def __getitem__(self, index: int) -> TraceEntry: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[TraceEntry, ...]: ...
    def __getitem__(self, index: int | slice) -> TraceEntry | tuple[TraceEntry, ...]:
        places = range(len(self))[index]
        return tuple(map(self._made, places)) if isinstance(places, range) else self._made(places)

    def __iter__(self) -> Iterator[TraceEntry]:
        return map(self._made, range(len(self)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence):
            return NotImplemented
        return tuple(self) == tuple(cast("Sequence[TraceEntry]", other))

    __hash__ = None  # pyright: ignore[reportAssignmentType]

    def __repr__(self) -> str:
        return f"<the trace of run {self._run_id}: {len(self)} entries>"

    def _made(self, seq: int) -> TraceEntry:
        chunk, place = divmod(seq, _LOOSE)
        if chunk < len(self._packed):
            return _entry(seq, self._epoch, self._run_id, self._unpacked(chunk)[place])
        row = self._rows[seq - len(self._packed) * _LOOSE]
        return _entry(seq, self._epoch, self._run_id, row)

    def _unpacked(self, chunk: int) -> list[Row]:
        if self._last[0] != chunk:
            # The bytes are of this very process.
            self._last = (chunk, marshal.loads(self._packed[chunk]))  # noqa: S302
        return self._last[1]


_KINDS: Mapping[str, type[TraceEntry]] = {kind.__name__: kind for kind in TraceEntry.__args__}
_STATES: Mapping[str, int] = {
    name: kind._fields.index("state") - 1
    for name, kind in _KINDS.items()
    if "state" in kind._fields
}
"""Where rows have States, by their kind."""
_CHOSEN, _RECEIVED = RouteChosen.__name__, EventReceived.__name__
_SHORT = {*_STATES, _CHOSEN}
"""The kinds whose rows are not all that there is to say."""


def in_full(row: Row) -> Row:
    """A row with all facts of its entry."""
    kind = row[0]
    if kind not in _SHORT:
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


def _entry(seq: int, epoch: float, run_id: str, row: Row) -> TraceEntry:
    kind, when, path, *facts = in_full(row)
    return _KINDS[kind](seq, epoch + when, run_id, path, *facts)


def _packed(rows: list[Row]) -> bytes:
    try:
        return marshal.dumps(rows)
    except ValueError:
        return marshal.dumps([_plain(row) if row[0] in _SHORT else row for row in rows])


def _plain(row: Row) -> Row:
    """A row with all facts, which holds nothing that marshal does not know."""
    return tuple(map(_plain_fact, in_full(row)))


def _plain_fact(fact: Any) -> Any:
    if isinstance(fact, State):
        return fact.to_dict(), dict(fact.metadata)
    if isinstance(fact, tuple):
        parts = cast("tuple[Any, ...]", fact)
        return tuple(tuple(it) if isinstance(it, Comparison) else it for it in parts)
    return fact


def new_run_id() -> str:
    """An id for a run."""
    return os.urandom(16).hex()


def _complain(listener: Listener, error: Exception, entry: TraceEntry) -> None:
    told = {
        "message": f"a listener of the trace raised: {listener!r}",
        "exception": error,
        "run_id": entry.run_id,
        "path": entry.path,
    }
    asyncio.get_running_loop().call_exception_handler(told)
