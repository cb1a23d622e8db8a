"""Resumption: a run that was broken off, made ready to go on."""

from collections.abc import Awaitable, Mapping, Sequence
from datetime import UTC, datetime

from agentflow.errors import JournalError
from agentflow.event import Event
from agentflow.journal.going_on import GoingOn
from agentflow.journal.keeper import Keeper
from agentflow.journal.page import outermost
from agentflow.journal.recorded_run import RecordedRun
from agentflow.journal.recorded_steps import RecordedSteps
from agentflow.keeping import Ended
from agentflow.state import State
from agentflow.trace import EventReceived, Listener, RunStarted, TraceEntry

__all__ = ["Resumption"]


class Resumption:
    """Knows what is recorded of a run; handed to a runner, the run goes on."""

    def __init__(
        self,
        run: RecordedRun,
        keeper: Keeper,
        environ: Mapping[str, str],
        *,
        event: Event | None = None,
    ) -> None:
        """Make it ready.

        Args:
            run: what is recorded of it.
            keeper: keeps what comes, in the journal that the run is in.
            environ: what the flow was told then, and is told now.
            event: what it is for, where it is inside of another run; else its record tells.

        Raises:
            JournalError: it cannot be resumed.
        """
        _refuse(run, is_inside=event is not None)
        self.run_id = run.id
        self._entries = run.as_it_was(environ)
        self._keeper = keeper
        self._steps = RecordedSteps(self._entries)
        self.state = next(it.state for it in self._entries if isinstance(it, RunStarted))
        self.event = event or _event(self._entries, self.state)
        keeper.goes_on(run.page)

    @property
    def entries(self) -> tuple[TraceEntry, ...]:
        """All that is recorded of it."""
        return self._entries

    @property
    def keeping(self) -> "Resumption":
        """Asked by the run's steps."""
        return self

    def recorder(self, listeners: Sequence[Listener]) -> GoingOn:
        """Goes on with the record."""
        steps, sink = self._steps, self._keeper.sink
        return GoingOn(self.run_id, self._entries, steps.in_flight, sink, listeners)

    def before_call(self, *, may_be_repeated: bool) -> Awaitable[None] | None:
        """What to wait for until what led to the call cannot be lost."""
        return self._keeper.before_call(may_be_repeated=may_be_repeated)

    def ended(self, began: int) -> Ended | None:
        """How a step had ended."""
        return self._steps.ended(began)

    def failed_calls(self, began: int) -> int:
        """How many calls of a step had failed."""
        return self._steps.failed_calls(began)

    def was_late(self, path: str, passes: int) -> bool | None:
        """Whether the clock had ended a loop after so many passes."""
        return self._steps.was_late(path, passes)


def _refuse(run: RecordedRun, *, is_inside: bool) -> None:
    where = f"run {run.id}"
    if run.is_inside and not is_inside:
        fix = f"resume that: agentflow runs resume {outermost(run.id)[:12]}"
        raise JournalError(where, "it is a part of another run", fix)
    if run.damage:
        fix = f"see what is whole of it: agentflow runs export {run.id[:12]}"
        raise JournalError(where, run.damage, fix)
    if run.end is not None and run.end.status != "cancelled":
        raise JournalError(where, f"it has ended ({run.end.status})", "run its flow again")
    if len(run.entries) < 2 and not is_inside:
        raise JournalError(where, "it was broken off before its first step", "run its flow again")


def _event(entries: Sequence[TraceEntry], state: State) -> Event:
    began = next(it.time for it in entries if isinstance(it, RunStarted))
    received = next(it for it in entries if isinstance(it, EventReceived))
    return Event(
        data=state.to_dict(),
        target=received.target,
        metadata=received.metadata,
        session_id=received.session_id,
        id=received.event_id,
        created=datetime.fromtimestamp(began, UTC),
    )
