"""OrchestratorStep: what is the same for every orchestrator that dispatches, whatever its mode."""

import asyncio
from collections.abc import Iterable
from time import monotonic
from typing import Any

from agentflow.concurrency.permits import Permits
from agentflow.errors import OrchestrationTimeoutError, RunError
from agentflow.flow.flow import Orchestrator
from agentflow.gate import Gate
from agentflow.orchestrators.base import Coming, Dispatch, arrived
from agentflow.run import Run
from agentflow.state import State
from agentflow.trace import StepCancelled, StepFailed, StepStarted, StepSucceeded, TraceEntry

__all__ = ["OrchestratorStep", "still_running"]

_STARTED = StepStarted.__name__
_SUCCEEDED = StepSucceeded.__name__


class OrchestratorStep:
    """An orchestrator, ready to run."""

    __slots__ = ("_concurrency", "_dispatch", "_mode", "_name", "_seconds")

    def __init__(self, orchestrator: Orchestrator, dispatch: Dispatch) -> None:
        settings = orchestrator.settings
        self._name, self._mode, self._dispatch = orchestrator.name, orchestrator.mode, dispatch
        self._seconds = settings.timeout.total_seconds() if settings.timeout else None
        self._concurrency = settings.max_concurrency

    def run(self, run: Run, state: State, prefix: str, *, is_let_through: bool = False) -> Coming:
        """Dispatch to the members, and record what comes of it; the state that they leave.

        Args:
            run: the branch that it runs in.
            state: what it gets.
            prefix: what its path begins with.
            is_let_through: whether the gate has let it through already.

        Raises:
            RunError: it failed.
        """
        gate = run.terms.gate
        if gate is not None and not is_let_through:
            return self._held(run, state, prefix, gate)
        path, began, around = prefix + self._name, run.now, run.permits
        seq = run.recorder.add((_STARTED, began, path, self._mode, self._name, run.left))
        if self._concurrency is not None:
            run.permits = Permits(self._concurrency, around)
        try:
            # What the members make of the state takes nothing from the one that is compared to.
            coming = self._dispatch(run, state.apart(), path)
        except RunError as error:
            run.permits = around
            _record_failure(run, path, error, began, seq)
            raise
        if type(coming) is State:
            run.permits = around
            return _succeeded(run, state, coming, path, began, seq)
        return self._rest(run, state, coming, around, (path, began, seq))

    async def _held(self, run: Run, state: State, prefix: str, gate: Gate) -> State:
        await gate.before(run, prefix + self._name, state)
        run.now = monotonic()
        return await arrived(self.run(run, state, prefix, is_let_through=True))

    async def _rest(
        self, run: Run, state: State, members: Any, around: Permits, begin: tuple[str, float, int]
    ) -> State:
        """Wait for the members, which from now on may be stopped.

        Args:
            run: the branch that it runs in.
            state: what it got.
            members: what their state is awaited from.
            around: the permits of what it stands in.
            begin: its path, when it began, and the `seq` of its StepStarted.
        """
        path, began, seq = begin
        deadline = None
        if self._seconds is not None:
            deadline = run.terms.deadlines.start(run.strand, self._seconds, path, began)
        try:
            after = await members
        except asyncio.CancelledError:
            if deadline is not None and deadline.was_the_reason():
                raise self._timed_out(run, path, began, seq) from None
            why = run.strand.why or "the task of the run was cancelled"
            run.record(StepCancelled, path, why, monotonic() - began, seq)
            raise
        except RunError as error:
            _record_failure(run, path, error, began, seq)
            raise
        finally:
            run.permits = around
            if deadline is not None:
                deadline.end()
        return _succeeded(run, state, after, path, began, seq)

    def _timed_out(self, run: Run, path: str, began: float, seq: int) -> OrchestrationTimeoutError:
        running = still_running(run.recorder.since(seq), path)
        error = OrchestrationTimeoutError(
            path=path, owner=path, seconds=self._seconds or 0.0, still_running=running
        )
        _record_failure(run, path, error, began, seq)
        return error


def _succeeded(run: Run, state: State, after: State, path: str, began: float, seq: int) -> State:
    changes, removed = after.changes_from(state)
    now = monotonic()
    told = None if after.metadata is state.metadata else after.told_anew(state)
    run.left = run.recorder.add((_SUCCEEDED, now, path, changes, removed, now - began, seq, told))
    run.now = now
    return after


def _record_failure(run: Run, path: str, error: RunError, began: float, seq: int) -> None:
    run.record(StepFailed, path, str(error), monotonic() - began, None, (), seq)


def still_running(entries: Iterable[TraceEntry], path: str) -> tuple[str, ...]:
    """The paths of the agents under a path that were stopped by what has just stopped it."""
    entries = tuple(entries)
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
