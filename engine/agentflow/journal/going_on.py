"""GoingOn: the trace of a run that goes on where its record ends.

A resumed run takes the same way again: its orchestrators compute again what they did, and its
agents' results are taken from the record. What happens again has happened already, so it is not
recorded a second time: it has the number that it had.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from time import monotonic
from typing import Any, cast

from agentflow.open_steps import was_stopped
from agentflow.recorder import Recorder
from agentflow.trace import (
    BranchesMerged,
    EventReceived,
    Listener,
    LoopChecked,
    RouteChosen,
    RunRecovered,
    RunStarted,
    StepCancelled,
    StepFailed,
    StepNoted,
    StepSkipped,
    StepStarted,
    StepSucceeded,
    TraceEntry,
)
from agentflow.trace_rows import Row

__all__ = ["GoingOn"]

_TOLD_APART_BY: Mapping[Any, str] = {
    RunStarted: "path",
    EventReceived: "path",
    StepStarted: "after",
    StepSucceeded: "began",
    StepFailed: "began",
    StepCancelled: "began",
    StepSkipped: "path",
    StepNoted: "about",
    LoopChecked: "passes",
    RouteChosen: "case",
    BranchesMerged: "path",
}
"""Of what may happen again: the field that tells it apart from others of its kind and path."""

_PLACES: Mapping[str, int] = {
    kind.__name__: cast("tuple[str, ...]", kind._fields).index(name) - 1
    for kind, name in _TOLD_APART_BY.items()
}
"""Where that field stands in a Row, which is an entry without its number and its run."""

_Happening = tuple[str, str, Any]


class GoingOn(Recorder):
    """Begins with all that is recorded of a run."""

    __slots__ = ("_before",)

    def __init__(
        self,
        run_id: str,
        entries: Sequence[TraceEntry],
        in_flight: tuple[str, ...],
        sink: Callable[[str, float], Callable[[Row], None]],
        listeners: Sequence[Listener] = (),
    ) -> None:
        """Go on; what comes is kept and told, beginning with that.

        Args:
            run_id: the run's.
            entries: its record.
            in_flight: the paths of agents that were being called.
            sink: keeps what comes; see `Recorder.keep`.
            listeners: who is told.
        """
        super().__init__(run_id)
        if entries and (ahead := entries[-1].time - self.epoch - monotonic()) > 0:
            self._epoch = self.epoch + ahead  # the clock was set back, and the run goes on
        self._before: dict[_Happening, deque[int]] = {}
        for entry in entries:
            kind = type(entry).__name__
            place = _PLACES.get(kind)
            super().add((kind, entry.time - self.epoch, entry.path, *entry[4:]))
            if place is not None and not was_stopped(entry):
                happening = (kind, entry.path, entry[place + 1])
                self._before.setdefault(happening, deque()).append(entry.seq)
        self.listen(listeners)
        self.keep(sink)
        self.record(RunRecovered, "", in_flight)

    def add(self, row: Row) -> int:
        """Something happened, now or in the record; its `seq`."""
        kind = row[0]
        place = _PLACES.get(kind)
        if place is not None and (before := self._before.get((kind, row[2], row[place]))):
            return before.popleft()
        return super().add(row)
