"""Dispatch: takes one event through a flow, from its first entry in the trace to its last."""

import asyncio
from collections.abc import Callable
from time import monotonic

from agentflow.callbacks import HookPoint
from agentflow.errors import OrchestrationTimeoutError, RunError
from agentflow.event import ALONE
from agentflow.orchestrators.base import ChainRunner
from agentflow.run import Run
from agentflow.running.orchestrator_step import still_running
from agentflow.running.outcome import RunOutcome, Status
from agentflow.state import State
from agentflow.trace import EventReceived, RunFinished, RunStarted

__all__ = ["EventDispatch"]


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

    async def outcome(self, run: Run, state: State) -> RunOutcome:
        """Dispatch the run's event in the current task, which has to be the run's strand's."""
        began = monotonic()
        run.whole = state
        run.strand.has_breathed()
        run.recorder.add((RunStarted, began, "", self._flow, state))
        try:
            status, error = await self._judged(run, state)
        except Exception as bug:
            self._finish(run, "failed", f"{type(bug).__name__}: {bug}", began)
            raise
        return self._finish(run, status, error, began)

    @staticmethod
    def _finish(run: Run, status: Status, error: str, began: float) -> RunOutcome:
        now = monotonic()
        # A state of its own: whoever gets the outcome may go on with that one.
        whole = run.whole.apart()
        run.recorder.add((RunFinished, now, "", status, whole, error, now - began))
        return RunOutcome(
            run_id=run.id,
            status=status,
            state=run.whole,
            error=error,
            entries=run.recorder.entries,
        )

    async def _judged(self, run: Run, state: State) -> tuple[Status, str]:
        failure: RunError | None = None
        try:
            try:
                run.whole = await self._in_time(run, state)
            except RunError as error:
                failure = error
            if not run.hooks.is_empty:
                after = HookPoint.AFTER_EVENT_HANDLING
                run.whole = await run.hook(after, run.whole, error=failure)
        except asyncio.CancelledError:
            return "cancelled", ""
        except RunError as error:
            failure = failure or error
        return ("succeeded", "") if failure is None else ("failed", str(failure))

    async def _in_time(self, run: Run, state: State) -> State:
        deadline = run.deadline(self._timeout, "")
        try:
            run.whole = await _received(run, state)
            # A state of its own: the trace keeps the one that the run began with.
            return await self._chain_for(run)(run, run.whole.apart(), "")
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
        if not run.hooks.is_empty:
            after = await run.hook(HookPoint.BEFORE_EVENT_HANDLING, state)
        return after
    finally:
        event = run.event
        made = None if after is state else after
        facts = (event.id, event.target, dict(event.metadata), event.session_id, made)
        run.recorder.add((EventReceived, monotonic(), "", *facts))
