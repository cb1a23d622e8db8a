"""States: what each step of a run got and left, folded from the run's trace."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from agentflow.state import State
from agentflow.trace import (
    EventReceived,
    RunStarted,
    StepFailed,
    StepStarted,
    StepSucceeded,
    TraceEntry,
)

__all__ = ["States"]


class _Left(NamedTuple):
    """What a step made of the state that it got."""

    after: int
    changes: Mapping[str, Any]
    removed: tuple[str, ...]
    metadata: Mapping[str, str] | None


class States:
    """The states of one run. An entry that left a state is known by its `seq`.

    The trace holds what steps changed, not what they got: a run of a thousand steps over a state of
    a megabyte would be a gigabyte. A state is put together when it is asked for.
    """

    def __init__(self) -> None:
        self._first = State()
        self._got: dict[int, int] = {}
        self._left: dict[int, _Left] = {}

    def feed(self, entry: TraceEntry) -> None:
        """Take the next entry in."""
        if isinstance(entry, StepStarted):
            self._got[entry.seq] = entry.after
        elif isinstance(entry, (StepSucceeded, StepFailed)):
            if entry.changes is not None and entry.began in self._got:
                after = self._got[entry.began]
                self._left[entry.seq] = _Left(after, entry.changes, entry.removed, entry.metadata)
        elif isinstance(entry, (RunStarted, EventReceived)) and entry.state is not None:
            self._first = entry.state.apart()

    def got(self, began: int) -> State:
        """What the step got whose StepStarted has this `seq`."""
        return self.left(self._got.get(began, 0))

    def left(self, seq: int) -> State:
        """What the step left whose end has this `seq`; the run's own state for 0."""
        line: list[_Left] = []
        while seq in self._left:
            line.append(self._left[seq])
            seq = line[-1].after
        values, metadata = self._first.to_dict(), self._first.metadata
        for step in reversed(line):
            values |= step.changes
            for key in step.removed:
                values.pop(key, None)
            metadata = metadata if step.metadata is None else step.metadata
        return State(values, metadata)
