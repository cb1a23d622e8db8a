"""Keeping: what a run's journal is to its steps."""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from agentflow.event import Event
from agentflow.recorder import Recorder
from agentflow.state import State
from agentflow.trace import (
    Listener,
    RunFinished,
    StepCancelled,
    StepFailed,
    StepSucceeded,
    TraceEntry,
)
from agentflow.trace_rows import Row

__all__ = ["Ended", "InnerRun", "Keeper", "Keeping", "RunToResume"]


class Ended(NamedTuple):
    """How an agent's step ended before its run was broken off."""

    entry: StepSucceeded | StepFailed | StepCancelled
    calls: int
    """How often the agent was called for it."""


class Keeping(Protocol):
    """Makes a run one that can be resumed; asked by its steps."""

    def before_call(self, *, may_be_repeated: bool) -> Awaitable[None] | None:
        """An agent is about to be called: what to wait for until what led to that cannot be lost.

        Args:
            may_be_repeated: whether nobody would notice if the call were made a second time.

        Returns:
            None where there is nothing to wait for. Else what is awaited raises a JournalError
            where the run can be kept no longer.
        """
        ...

    def ended(self, began: int) -> Ended | None:
        """How the step ended whose StepStarted has this `seq`; None if it is to be run."""
        ...

    def failed_calls(self, began: int) -> int:
        """How many calls of the step's agent had failed before the run was broken off."""
        ...

    def was_late(self, path: str, passes: int) -> bool | None:
        """Whether the clock ended a loop after so many passes; None where that is not recorded."""
        ...


class Keeper(Keeping, Protocol):
    """Keeps the runs of a runner. Of those that begin anew nothing is recorded."""

    def sink(self, run_id: str, epoch: float) -> Callable[[Row], None]:
        """What keeps the rows of a run; see `Recorder.keep`."""
        ...

    def inside(
        self, run_id: str, event: Event, *, text: str, file: Path, flow: str
    ) -> "InnerRun | None":
        """A step of a kept run is to run a flow, which is kept as well.

        Args:
            run_id: the inner run's: the same each time that this call of the step is made.
            event: what it is for.
            text: the flow's, as it is now.
            file: where it was read from.
            flow: its name.

        Returns:
            How it stands. None where it cannot be kept: another flow is recorded as that run, or
            its record is damaged.
        """
        ...


class InnerRun(NamedTuple):
    """What is recorded of a run inside of another one, and what keeps the rest of it."""

    keeper: Keeper
    resumed: "RunToResume | None" = None
    """The run, where it was broken off."""
    ended: RunFinished | None = None
    """Its end, where it had come to that."""


class RunToResume(Protocol):
    """A run that was broken off."""

    @property
    def run_id(self) -> str:
        """Its id, which it keeps."""
        ...

    @property
    def entries(self) -> Sequence[TraceEntry]:
        """What is recorded of it."""
        ...

    @property
    def event(self) -> Event:
        """What it is for."""
        ...

    @property
    def state(self) -> State:
        """What it began with."""
        ...

    @property
    def keeping(self) -> Keeping:
        """Knows what is recorded of it."""
        ...

    def recorder(self, listeners: Sequence[Listener]) -> Recorder:
        """Goes on with its record."""
        ...
