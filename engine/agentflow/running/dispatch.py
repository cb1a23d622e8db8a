"""Dispatch: takes one event through a flow, from its first entry in the trace to its last."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any

from agentflow.callbacks import HookPoint
from agentflow.concurrency.strand import BREATH
from agentflow.errors import OrchestrationTimeoutError, RunError
from agentflow.event import ALONE
from agentflow.orchestrators.base import ChainRunner, Coming, arrived
from agentflow.run import Run
from agentflow.running.orchestrator_step import still_running
from agentflow.running.outcome import RunOutcome, Status
from agentflow.state import State
from agentflow.trace import EventReceived, RunFinished, RunStarted

__all__ = ["EventDispatch"]

_STARTED = RunStarted.__name__
_RECEIVED = EventReceived.__name__
_FINISHED = RunFinished.__name__


class EventDispatch:
    """Takes an event through a flow. A run that failed, or was cancelled, is an outcome, too."""

    def __init__(
        self,
        flow: str,
        root: ChainRunner,
        timeout: float | None,
        alone: Callable[[str], ChainRunner | None] = lambda _: None,
    ) -> None:
        """Dispatch through a flow.

        Args:
            flow: the flow's name.
            root: runs all of it.
            timeout: that of a whole run, in seconds.
            alone: what runs one step of it, by the step's name.
        """
        self._flow, self._root, self._timeout, self._alone = flow, root, timeout, alone

    def _chain_for(self, run: Run) -> ChainRunner:
        step = run.event.metadata.get(ALONE)
        return self._root if step is None else self._alone(step) or self._root

    def outcome(self, run: Run, state: State) -> RunOutcome | Awaitable[RunOutcome]:
        """Dispatch the run's event in the current task, which has to be the run's strand's.

        The state is the run's own from now on: nobody else may have it. Where nothing has to be
        waited for, what comes of the run is there at once.
        """
        began = run.now = monotonic()
        run.whole = state
        strand, recorder, hooks = run.strand, run.recorder, run.terms.hooks
        strand.breath_due = began + BREATH
        recorder.add((_STARTED, began, "", self._flow, (state.held().copy(), state.metadata)))
        coming, failure = state, None
        try:
            if strand.interrupts or not hooks.is_empty:
                coming = self._after_callbacks(run, state)
            else:
                recorder.add((_RECEIVED, began, "", run.event, None))
                chain = self._chain_for(run) if run.event.metadata else self._root
                coming = chain(run, state, "")
        except RunError as error:
            failure = error
        except Exception as bug:
            _finished(run, "failed", _told(bug), began)
            raise
        if type(coming) is not State or failure is not None or not hooks.is_empty:
            return self._rest(run, coming, failure, began)
        run.whole = coming
        return _finished(run, "succeeded", "", began)

    async def _rest(
        self, run: Run, coming: Coming, failure: RunError | None, began: float
    ) -> RunOutcome:
        """Wait for the steps, and tell those who want to hear that they have ended."""
        try:
            try:
                if failure is None:
                    run.whole = await self._in_time(run, coming, began)
            except RunError as error:
                failure = error
            if not run.terms.hooks.is_empty:
                after = HookPoint.AFTER_EVENT_HANDLING
                run.whole = await run.hook(after, run.whole, error=failure)
        except asyncio.CancelledError:
            return _finished(run, "cancelled", "", began)
        except RunError as error:
            failure = failure or error
        except Exception as bug:
            _finished(run, "failed", _told(bug), began)
            raise
        if failure is not None:
            return _finished(run, "failed", str(failure), began)
        return _finished(run, "succeeded", "", began)

    async def _after_callbacks(self, run: Run, state: State) -> State:
        state = run.whole = await _received(run, state)
        run.now = monotonic()
        return await arrived(self._chain_for(run)(run, state, ""))

    async def _in_time(self, run: Run, coming: Any, began: float) -> State:
        """What the steps leave, which wait now and from now on may be stopped."""
        if type(coming) is State:
            return coming
        deadline = None
        if self._timeout is not None:
            deadline = run.terms.deadlines.start(run.strand, self._timeout, "", began)
        try:
            return await coming
        except asyncio.CancelledError:
            if deadline is None or not deadline.was_the_reason():
                raise
            raise OrchestrationTimeoutError(
                path="",
                owner="",
                seconds=self._timeout or 0.0,
                still_running=still_running(run.recorder.entries, ""),
            ) from None
        finally:
            if deadline is not None:
                deadline.end()


async def _received(run: Run, state: State) -> State:
    """What callbacks make of the event's data."""
    after = state
    try:
        if run.strand.interrupts:
            await asyncio.sleep(0)  # it was stopped before it began, and hears of it here
        if not run.terms.hooks.is_empty:
            after = await run.hook(HookPoint.BEFORE_EVENT_HANDLING, state)
        return after
    finally:
        made = None if after is state else (after.to_dict(), after.metadata)
        run.recorder.add((_RECEIVED, monotonic(), "", run.event, made))


def _told(bug: Exception) -> str:
    return f"{type(bug).__name__}: {bug}"


def _finished(run: Run, status: Status, error: str, began: float) -> RunOutcome:
    now, whole = monotonic(), run.whole
    # What it has of the state is its own: whoever gets the outcome may go on with that.
    last = whole.held().copy(), whole.metadata
    run.recorder.add((_FINISHED, now, "", status, last, error, now - began))
    return RunOutcome(status, whole, error, run.recorder)
