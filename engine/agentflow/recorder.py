"""Recorder: keeps what happens in a run, and tells whoever listens."""

import asyncio
import os
from collections.abc import Callable, Iterator, Sequence
from time import monotonic, time
from typing import Any, cast, overload

from agentflow.trace import Listener, TraceEntry
from agentflow.trace_rows import RAN, Row, begin_of, end_of, entry_of, packed, unpacked

__all__ = ["Recorder", "Trace", "new_run_id"]

_LOOSE = 24
"""How many rows are kept as they are; once there are twice as many, the older half is packed.

Few, because what is loose is work for the garbage collector, and out of the processor's caches by
the time it is packed: a step of a long run shall cost what one of a short run does.
"""


_Chunk = bytes | list[Row | None]


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
        "is_heard",
    )

    def __init__(self, run_id: str = "", listeners: Sequence[Listener] = ()) -> None:
        """`run_id` is made when somebody asks for it, where it is not given."""
        self._run_id = run_id
        self._listeners = listeners
        self._packed: list[_Chunk] = []
        self._rows: list[Row | None] = []
        self._last_packed = -1
        self._epoch: float | None = None
        self._keep: Callable[[Row], None] | None = None
        self.is_heard = bool(listeners)
        """Whether somebody gets each entry, or its row, as it happens."""
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
        self._keep = sink(self.run_id, self.epoch)
        self.is_heard, self._heed_from = True, 0

    def listen(self, listeners: Sequence[Listener]) -> None:
        """Tell these from now on."""
        self._listeners = listeners
        self.is_heard, self._heed_from = True, 0

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

    def add_ran(
        self, began: float, path: str, agent: str, after: int, ended: float, changes: Any
    ) -> int:
        """An agent's step has begun and succeeded, with nothing in between; its end's `seq`.

        Only while nobody hears of each entry as it happens.
        """
        rows = self._rows
        rows.append((RAN, began, path, agent, after, ended, changes))
        rows.append(None)
        count = len(rows)
        seq = self._last_packed + count
        if count > self._heed_from:
            self._pack()
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
            self._tell(entry_of(seq, self.epoch, self.run_id, row))
        if len(self._rows) >= 2 * _LOOSE:
            self._pack()

    def _tell(self, entry: TraceEntry) -> None:
        for listener in self._listeners:
            try:
                listener(entry)
            except Exception as error:  # noqa: BLE001 - a faulty listener is no fault of the run
                _complain(listener, error, entry)

    def _pack(self) -> None:
        older = self._rows[:_LOOSE]
        # The first ones say most of what takes time to put in full; they stay as they are.
        self._packed.append(packed(older) if self._packed else older)
        del self._rows[:_LOOSE]
        self._last_packed += _LOOSE


class Trace(Sequence[TraceEntry]):
    """The entries of a run in order, made when they are read."""

    __slots__ = ("_epoch", "_last", "_packed", "_rows", "_run_id")

    def __init__(
        self, run_id: str, epoch: float, chunks: tuple[_Chunk, ...], rows: tuple[Row | None, ...]
    ) -> None:
        self._run_id, self._epoch, self._packed, self._rows = run_id, epoch, chunks, rows
        self._last: tuple[int, list[Row | None]] = (-1, [])

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
        row = self._row(seq)
        if row is None:
            row = end_of(cast("Row", self._row(seq - 1)), seq - 1)
        return entry_of(seq, self._epoch, self._run_id, begin_of(row))

    def _row(self, seq: int) -> Row | None:
        chunk, place = divmod(seq, _LOOSE)
        if chunk < len(self._packed):
            return self._unpacked(chunk)[place]
        return self._rows[seq - len(self._packed) * _LOOSE]

    def _unpacked(self, chunk: int) -> list[Row | None]:
        if self._last[0] != chunk:
            rows = self._packed[chunk]
            self._last = (chunk, rows if isinstance(rows, list) else unpacked(rows))
        return self._last[1]


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
