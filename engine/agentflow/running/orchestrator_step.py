"""OrchestratorStep: what is the same for every orchestrator that dispatches, whatever its mode."""

import asyncio
from time import perf_counter

from agentflow.concurrency.deadlines import Deadline
from agentflow.concurrency.permits import Permits
from agentflow.errors import OrchestrationTimeoutError, RunError
from agentflow.flow.flow import Orchestrator
from agentflow.orchestrators.base import Dispatch
from agentflow.run import Run
from agentflow.state import State
from agentflow.trace import StepCancelled, StepFailed, StepStarted, StepSucceeded, TraceEntry

__all__ = ["OrchestratorStep", "still_running"]


class OrchestratorStep:
    """An orchestrator, ready to run."""

    __slots__ = ("_concurrency", "_dispatch", "_mode", "_name", "_timeout")

    def __init__(self, orchestrator: Orchestrator, dispatch: Dispatch) -> None:
        settings = orchestrator.settings
        self._name, self._mode, self._dispatch = orchestrator.name, orchestrator.mode, dispatch
        self._timeout = settings.timeout.total_seconds() if settings.timeout else None
        self._concurrency = settings.max_concurrency

    async def run(self, run: Run, state: State, prefix: str) -> State:
        """Dispatch to the members, and record what comes of it; the state that they leave.

        Raises:
            RunError: it failed.
        """
        path = prefix + self._name
        if run.gate is not None:
            await run.gate.before(run, path, state)
        began = perf_counter()
        run.record(StepStarted, path, self._mode, self._name, state)
        try:
            after = await self._in_time(run, state, path)
        except asyncio.CancelledError:
            why = run.strand.why or "the task of the run was cancelled"
            run.record(StepCancelled, path, why, perf_counter() - began)
            raise
        except RunError as error:
            run.record(StepFailed, path, str(error), perf_counter() - began)
            raise
        changes, removed = after.changes_from(state)
        run.record(StepSucceeded, path, changes, removed, perf_counter() - began)
        return after

    async def _in_time(self, run: Run, state: State, path: str) -> State:
        deadline = run.deadline(self._timeout, path)
        if deadline is None:
            return await self._within_limit(run, state, path)
        first = len(run.recorder.entries)
        try:
            return await self._within_limit(run, state, path)
        except asyncio.CancelledError:
            _raise_if_late(run, deadline, path, self._timeout or 0.0, first)
            raise
        finally:
            deadline.end()

    async def _within_limit(self, run: Run, state: State, path: str) -> State:
        if self._concurrency is None:
            return await self._dispatch(run, state, path)
        around = run.permits
        run.permits = (Permits(self._concurrency), *around)
        try:
            return await self._dispatch(run, state, path)
        finally:
            run.permits = around


def _raise_if_late(run: Run, deadline: Deadline, path: str, seconds: float, first: int) -> None:
    if deadline.was_the_reason():
        running = still_running(run.recorder.entries[first:], path)
        raise OrchestrationTimeoutError(
            path=path, owner=path, seconds=seconds, still_running=running
        ) from None


def still_running(entries: list[TraceEntry], path: str) -> tuple[str, ...]:
    """The paths of the agents under a path that were stopped by what has just stopped it."""
    agents = {it.path for it in entries if isinstance(it, StepStarted) and it.kind == "agent"}
    # What runs in a loop's third pass stands under "loop#3/", in a sequence under "sequence/".
    inside = (f"{path}/", f"{path}#") if path else ""
    return tuple(
        entry.path
        for entry in entries
        if isinstance(entry, StepCancelled)
        and entry.path in agents
        and entry.path.startswith(inside)
    )
