"""OrchestratorStep: what is the same for every orchestrator that dispatches, whatever its mode."""

import asyncio
from collections.abc import Iterable
from time import monotonic

from agentflow.concurrency.permits import Permits
from agentflow.errors import OrchestrationTimeoutError, RunError
from agentflow.flow.flow import Orchestrator
from agentflow.orchestrators.base import Dispatch, arrived
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

    async def run(self, run: Run, state: State, prefix: str) -> State:
        """Dispatch to the members, and record what comes of it; the state that they leave.

        Raises:
            RunError: it failed.
        """
        path, began = prefix + self._name, run.now
        if run.terms.gate is not None:
            await run.terms.gate.before(run, path, state)
            began = run.now = monotonic()
        seq = run.recorder.add((_STARTED, began, path, self._mode, self._name, run.left))
        deadline, around = None, run.permits
        if self._seconds is not None:
            deadline = run.terms.deadlines.start(run.strand, self._seconds, path, began)
        if self._concurrency is not None:
            run.permits = Permits(self._concurrency, around)
        try:
            # What the members make of the state takes nothing from the one that is compared to.
            coming = self._dispatch(run, state.apart(), path)
            after = coming if type(coming) is State else await arrived(coming)
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
        changes, removed = after.changes_from(state)
        now, told = monotonic(), after.told_anew(state)
        run.left = run.recorder.add(
            (_SUCCEEDED, now, path, changes, removed, now - began, seq, told)
        )
        return after

    def _timed_out(self, run: Run, path: str, began: float, seq: int) -> OrchestrationTimeoutError:
        running = still_running(run.recorder.since(seq), path)
        error = OrchestrationTimeoutError(
            path=path, owner=path, seconds=self._seconds or 0.0, still_running=running
        )
        _record_failure(run, path, error, began, seq)
        return error


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
