"""RecordedSteps: how the steps of a broken-off run stood when its record ended."""

from collections.abc import Sequence
from dataclasses import dataclass

from agentflow.keeping import Ended
from agentflow.open_steps import was_stopped
from agentflow.trace import (
    LoopChecked,
    StepCancelled,
    StepFailed,
    StepRetried,
    StepStarted,
    StepSucceeded,
    TraceEntry,
)

__all__ = ["RecordedSteps"]


@dataclass(slots=True)
class _Step:
    """An agent's step."""

    began: StepStarted
    failed_calls: int = 0
    end: StepSucceeded | StepFailed | StepCancelled | None = None


class RecordedSteps:
    """All steps of agents that began, by the `seq` of their beginning; and the checks of loops."""

    def __init__(self, entries: Sequence[TraceEntry]) -> None:
        self._steps: dict[int, _Step] = {}
        self._late: dict[tuple[str, int], bool] = {}
        open_steps: dict[str, list[_Step]] = {}
        for entry in entries:
            if isinstance(entry, StepStarted):
                if entry.kind == "agent":
                    step = self._steps[entry.seq] = _Step(entry)
                    open_steps.setdefault(entry.path, []).append(step)
            elif isinstance(entry, StepRetried):
                for step in open_steps.get(entry.path, [])[-1:]:
                    step.failed_calls = entry.attempt
            elif isinstance(entry, (StepSucceeded, StepFailed, StepCancelled)):
                self._end(entry, open_steps.get(entry.path, []))
            elif isinstance(entry, LoopChecked):
                self._late[entry.path, entry.passes] = entry.why == "max_duration"

    def _end(
        self, entry: StepSucceeded | StepFailed | StepCancelled, open_steps: list[_Step]
    ) -> None:
        step = self._steps.get(entry.began)
        if step is None or was_stopped(entry):
            return
        step.end = entry
        if step in open_steps:
            open_steps.remove(step)

    @property
    def in_flight(self) -> tuple[str, ...]:
        """The paths of those that had not ended."""
        return tuple(step.began.path for step in self._steps.values() if step.end is None)

    def ended(self, began: int) -> Ended | None:
        """How a step ended; None for one that did not, or that is not recorded."""
        step = self._steps.get(began)
        if step is None or step.end is None:
            return None
        return Ended(step.end, step.failed_calls + 1)

    def failed_calls(self, began: int) -> int:
        """How many calls of a step had failed."""
        step = self._steps.get(began)
        return 0 if step is None else step.failed_calls

    def was_late(self, path: str, passes: int) -> bool | None:
        """Whether the clock had ended a loop after so many passes."""
        return self._late.get((path, passes))
