"""RunHandle: an event that was taken, and the run that it becomes."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from agentflow.concurrency.strand import Strand
from agentflow.errors import SetupError
from agentflow.event import Event
from agentflow.json_value import NotJsonError, json_value
from agentflow.keeping import RunToResume
from agentflow.recorder import new_run_id
from agentflow.running.outcome import RunOutcome
from agentflow.state import State

__all__ = ["RunHandle", "first_state"]


class RunHandle:
    """An event that was taken: wait for what comes of it, or cancel it."""

    def __init__(
        self,
        event: Event,
        waiting: Callable[[], AbstractAsyncContextManager[None]],
        resumed: RunToResume | None = None,
    ) -> None:
        """Take an event.

        Args:
            event: what the run is for.
            waiting: entered while somebody waits for the outcome.
            resumed: the run that it goes on with; None for a new one.

        Raises:
            SetupError: the event's data is not JSON.
        """
        self.run_id = new_run_id() if resumed is None else resumed.run_id
        self.event = event
        self.resumed = resumed
        self.state = first_state(event) if resumed is None else resumed.state
        """What the first step gets."""
        self._waiting = waiting
        self._strand: Strand | None = None
        self._cancelled = False
        self._ended: asyncio.Future[RunOutcome] = asyncio.get_running_loop().create_future()

    async def outcome(self) -> RunOutcome:
        """Wait until the run has ended; to cancel this cancels the waiting, not the run."""
        async with self._waiting():
            await asyncio.wait({self._ended})
        return self._ended.result()

    async def outcome_or_cancel(self) -> RunOutcome:
        """Wait until the run has ended; to cancel this is to cancel the run."""
        try:
            return await self.outcome()
        except asyncio.CancelledError:
            self.cancel()
            await self.outcome()
            raise

    @property
    def has_ended(self) -> bool:
        """Whether there is an outcome."""
        return self._ended.done()

    def cancel(self) -> None:
        """Stop the run; it ends with the status "cancelled", unless it has ended already."""
        if self._ended.done() or self._cancelled:
            return
        self._cancelled = True
        if self._strand is not None:
            self._strand.interrupt("the run was stopped")

    def begin(self, strand: Strand) -> None:
        """The run begins, in this strand; one that was cancelled before is interrupted."""
        self._strand = strand
        if self._cancelled:
            strand.interrupt("the run was stopped")

    def end(self, outcome: RunOutcome | None, bug: BaseException | None = None) -> None:
        """The run has ended with an outcome, or with an exception that is nobody's failure."""
        if outcome is not None:
            self._ended.set_result(outcome)
        elif bug is not None:
            self._ended.set_exception(bug)


def first_state(event: Event) -> State:
    """The event's data; a `route` among its metadata is for routers and no result's.

    Raises:
        SetupError: the data is not JSON.
    """
    if not (event.data or event.metadata):
        return State.of({}, {})
    metadata = dict(event.metadata)
    metadata.pop("route", None)
    state = State.of({}, metadata)
    data = event.data
    if isinstance(data, dict) and (plain := state.with_plain(data)):
        return plain[0]
    try:
        return State.of(json_value(data), metadata)
    except NotJsonError as error:
        raise SetupError(f"event.data: it holds {error}; give text, numbers and lists") from None
