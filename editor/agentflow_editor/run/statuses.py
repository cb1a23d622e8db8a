"""Statuses: what an entry of a trace says of the step that it speaks of, and its icon."""

from agentflow.trace import (
    BreakpointHit,
    RunFinished,
    RunPaused,
    RunResumed,
    RunStarted,
    StepCancelled,
    StepFailed,
    StepRetried,
    StepSkipped,
    StepStarted,
    StepSucceeded,
    TraceEntry,
)

__all__ = ["STATUS_ICONS", "status_of"]

STATUS_ICONS = {
    "waiting": "clock-outline",
    "running": "progress-clock",
    "done": "check-circle",
    "failed": "close-circle",
    "skipped": "skip-next-circle",
    "paused": "pause-circle",
    "cancelled": "cancel",
}
"""The icon of each status; its colour in the theme has the status's own name."""

_STATUSES: dict[type, str] = {
    StepStarted: "running",
    StepSucceeded: "done",
    StepFailed: "failed",
    StepRetried: "paused",
    StepCancelled: "cancelled",
    StepSkipped: "skipped",
    BreakpointHit: "paused",
    RunPaused: "paused",
    RunResumed: "running",
    RunStarted: "running",
}


def status_of(entry: TraceEntry) -> str:
    """The status that an entry speaks of; "" for one that speaks of none."""
    if isinstance(entry, RunFinished):
        return "done" if entry.status == "succeeded" else entry.status
    return _STATUSES.get(type(entry), "")
