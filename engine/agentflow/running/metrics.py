"""Metrics: how often each agent was called, how long it took and how often it succeeded."""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from agentflow.trace import (
    ModelUsed,
    RunFinished,
    StepFailed,
    StepRetried,
    StepStarted,
    StepSucceeded,
    ToolCalled,
    TraceEntry,
)

__all__ = ["AgentMetrics", "Measuring", "Metrics", "measured"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentMetrics:
    """One agent, in all its steps of a run. Durations are those of steps that ended, in seconds."""

    count: int
    """Steps that ended by themselves; those that were cancelled do not count."""
    succeeded: int
    failed: int
    retries: int
    success_rate: float
    """0 to 1."""
    min: float
    median: float
    p95: float
    """The duration that 95 of 100 steps stay within."""
    p99: float
    max: float
    input_tokens: int = 0
    """What its model read, as far as the model's server tells."""
    output_tokens: int = 0
    cost: float | None = None
    """By the prices that the flow states; None where it states none."""
    tool_calls: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """A run in numbers."""

    duration: float
    """Seconds, of the whole run; 0 while it goes on."""
    agents: Mapping[str, AgentMetrics]
    """By name, in the order in which they were first called."""

    def to_json(self) -> dict[str, Any]:
        """As an object of JSON."""
        agents = {name: asdict(agent) for name, agent in self.agents.items()}
        return {"duration": self.duration, "agents": agents}


class _Tally:
    def __init__(self) -> None:
        self.durations: list[float] = []
        self.failed = 0
        self.retries = 0
        self.used: list[ModelUsed] = []
        self.tool_calls = 0

    def summary(self) -> AgentMetrics:
        count = len(self.durations)
        ordered = sorted(self.durations)
        costs = [it.cost for it in self.used if it.cost is not None]
        return AgentMetrics(
            count=count,
            succeeded=count - self.failed,
            failed=self.failed,
            retries=self.retries,
            success_rate=(count - self.failed) / count if count else 0.0,
            min=ordered[0] if count else 0.0,
            median=statistics.median(ordered) if count else 0.0,
            p95=_percentile(ordered, 95),
            p99=_percentile(ordered, 99),
            max=ordered[-1] if count else 0.0,
            input_tokens=sum(it.input_tokens for it in self.used),
            output_tokens=sum(it.output_tokens for it in self.used),
            cost=sum(costs) if costs else None,
            tool_calls=self.tool_calls,
        )


class Measuring:
    """The metrics of a run while it goes on, from nothing but its trace."""

    def __init__(self) -> None:
        self._tallies: dict[str, _Tally] = {}
        self._of: dict[str, _Tally] = {}
        self._duration = 0.0

    def feed(self, entry: TraceEntry) -> None:
        """Take the next entry in."""
        tally = self._of.get(entry.path)
        if isinstance(entry, StepStarted):
            if entry.kind == "agent":
                self._of[entry.path] = self._tallies.setdefault(entry.name, _Tally())
        elif isinstance(entry, RunFinished):
            self._duration = entry.duration
        elif tally is not None:
            _count(entry, tally)

    @property
    def metrics(self) -> Metrics:
        """The run in numbers, as far as it has come."""
        agents = {name: tally.summary() for name, tally in self._tallies.items()}
        return Metrics(duration=self._duration, agents=agents)


def measured(entries: Iterable[TraceEntry]) -> Metrics:
    """The metrics of a whole run."""
    measuring = Measuring()
    for entry in entries:
        measuring.feed(entry)
    return measuring.metrics


def _count(entry: TraceEntry, tally: _Tally) -> None:
    if isinstance(entry, StepRetried):
        tally.retries += 1
    elif isinstance(entry, ModelUsed):
        tally.used.append(entry)
    elif isinstance(entry, ToolCalled):
        tally.tool_calls += 1
    elif isinstance(entry, (StepSucceeded, StepFailed)):
        tally.durations.append(entry.duration)
        tally.failed += isinstance(entry, StepFailed)


def _percentile(ordered: Sequence[float], share: int) -> float:
    """The nearest-rank percentile: always a duration that really was."""
    if not ordered:
        return 0.0
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]
