"""RunOutcome: what came of a run."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Literal, NamedTuple, Protocol

from agentflow.running.metrics import Metrics, measured
from agentflow.state import State
from agentflow.trace import (
    RunFinished,
    StepCancelled,
    StepFailed,
    StepSkipped,
    StepStarted,
    StepSucceeded,
    TraceEntry,
)

__all__ = ["RunOutcome", "Status", "Told", "path_results"]

Status = Literal["succeeded", "failed", "cancelled"]


class Record(Protocol):
    """What happened in a run."""

    @property
    def run_id(self) -> str: ...

    @property
    def entries(self) -> Sequence[TraceEntry]: ...


class Told(NamedTuple):
    """A Record, put together."""

    run_id: str
    entries: Sequence[TraceEntry]


class RunOutcome:
    """What came of a run. All but its first three fields is read off its trace."""

    def __init__(self, status: Status, state: State, error: str, record: Record) -> None:
        """The outcome of a run that has ended: its record does not grow any more."""
        self.status = status
        self.state = state
        """The state that the last step left; of a run that failed, the last that was whole."""
        self.error = error
        """Where: what; how to fix. "" for a run that did not fail."""
        self._record = record

    def __repr__(self) -> str:
        return f"<the outcome of run {self.run_id}: {self.status} {self.error}>"

    @property
    def run_id(self) -> str:
        """The run's id."""
        return self._record.run_id

    @cached_property
    def entries(self) -> Sequence[TraceEntry]:
        """The run's trace."""
        return self._record.entries

    @property
    def duration(self) -> float:
        """Seconds."""
        last = self.entries[-1] if self.entries else None
        return last.duration if isinstance(last, RunFinished) else 0.0

    @cached_property
    def metrics(self) -> Metrics:
        """The run in numbers."""
        return measured(self.entries)

    @cached_property
    def path_results(self) -> Mapping[str, Mapping[str, Any]]:
        """What came of each step, by path; see `path_results`."""
        return path_results(self.entries)

    def to_json(self) -> dict[str, Any]:
        """As an object of JSON, in the form that `agentflow run --json` prints."""
        return {
            "status": self.status,
            "state": self.state.to_dict(),
            "path_results": dict(self.path_results),
            "metrics": self.metrics.to_json(),
            "run_id": self.run_id,
            "error": self.error,
        }


def path_results(entries: Iterable[TraceEntry]) -> dict[str, dict[str, Any]]:
    """What came of each step: {path: {status, changes, duration, error}}.

    In the order in which the steps began. Of a path that was run several times, because results
    were routed back to it, the last time counts.
    """
    results: dict[str, dict[str, Any]] = {}
    for entry in entries:
        if isinstance(entry, StepStarted):
            results[entry.path] = _result("running")
        elif isinstance(entry, StepSkipped):
            results[entry.path] = _result("skipped")
        elif isinstance(entry, StepSucceeded):
            results[entry.path] = _result("succeeded", entry.changes, entry.duration)
        elif isinstance(entry, StepFailed):
            results[entry.path] = _result(
                "failed", entry.changes or {}, entry.duration, entry.error
            )
        elif isinstance(entry, StepCancelled):
            results[entry.path] = _result("cancelled", {}, entry.duration, entry.why)
    return results


def _result(
    status: str,
    changes: Mapping[str, Any] | None = None,
    duration: float = 0.0,
    error: str = "",
) -> dict[str, Any]:
    return {"status": status, "changes": dict(changes or {}), "duration": duration, "error": error}
