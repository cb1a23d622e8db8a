"""Words: what of a run is told on a line of its own, and what only beside its step."""

from agentflow.trace import (
    BranchesMerged,
    LoopChecked,
    ModelUsed,
    RouteChosen,
    RunFinished,
    RunRecovered,
    RunStarted,
    StepCancelled,
    StepFailed,
    StepNoted,
    StepRetried,
    StepSkipped,
    StepStarted,
    StepSucceeded,
    ToolCalled,
    TraceEntry,
)
from agentflow.wording import sentence

__all__ = ["headline", "remark"]

_REMARKS = (
    *(RouteChosen, LoopChecked, BranchesMerged),
    *(ToolCalled, ModelUsed, StepRetried, StepNoted),
)
_HEADLINES = (
    *(RunStarted, RunRecovered, RunFinished),
    *(StepStarted, StepSucceeded, StepFailed, StepCancelled, StepSkipped),
    *_REMARKS,
)


def headline(entry: TraceEntry) -> str | None:
    """The entry in a few words; None for what is of no interest on a line of its own."""
    return sentence(entry) if isinstance(entry, _HEADLINES) else None


def remark(entry: TraceEntry) -> str | None:
    """What an entry adds to a step that is known already: the case taken, the pass ended."""
    return sentence(entry) if isinstance(entry, _REMARKS) else None
