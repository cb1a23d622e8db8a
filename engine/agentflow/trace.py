"""TraceEntry: something that happened in a run. A run is the ordered list of these."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from agentflow.state import State

__all__ = [
    "BranchesMerged",
    "BreakpointHit",
    "Comparison",
    "EventReceived",
    "Listener",
    "LoopChecked",
    "ModelUsed",
    "RouteChosen",
    "RunFinished",
    "RunPaused",
    "RunRecovered",
    "RunResumed",
    "RunStarted",
    "StepCancelled",
    "StepFailed",
    "StepNoted",
    "StepOutput",
    "StepRetried",
    "StepSkipped",
    "StepStarted",
    "StepSucceeded",
    "ToolCalled",
    "TraceEntry",
    "to_json",
]

# Tuples, because a run may leave a million of them. Every entry begins with the same four fields;
# the recorder keeps them as plain rows and makes entries of those when somebody reads them.


class RunStarted(NamedTuple):
    """An event's dispatch began."""

    seq: int
    """Counts from 0 without gaps in one run."""
    time: float
    """Seconds since the epoch, UTC."""
    run_id: str
    path: str
    """Where it happened; "" for the run itself."""
    flow: str
    """The flow's name."""
    state: State
    """What the first step gets."""


class EventReceived(NamedTuple):
    """The event that a run is for."""

    seq: int
    time: float
    run_id: str
    path: str
    event_id: str
    target: str
    metadata: Mapping[str, str]
    session_id: str
    state: State | None = None
    """What callbacks made of the event's data; None where they left it."""


class StepStarted(NamedTuple):
    """A step got its state and began."""

    seq: int
    time: float
    run_id: str
    path: str
    kind: str
    """"agent", or the orchestrator's mode."""
    name: str
    """The agent's or the orchestrator's."""
    after: int
    """The `seq` of the entry that left the state that it got; 0 for the run's own. See `States`."""


class StepOutput(NamedTuple):
    """An agent said something while it worked."""

    seq: int
    time: float
    run_id: str
    path: str
    delta: str


class ToolCalled(NamedTuple):
    """A language model had a tool called."""

    seq: int
    time: float
    run_id: str
    path: str
    tool: str
    arguments: Mapping[str, Any]
    answer: str
    """What the model was told came of it."""
    is_error: bool
    """Whether that is an error."""
    duration: float
    """Seconds."""


class ModelUsed(NamedTuple):
    """A language model answered, and its server said what that took."""

    seq: int
    time: float
    run_id: str
    path: str
    model: str
    input_tokens: int
    output_tokens: int
    cost: float | None
    """By the prices that the flow states, in their currency; None where it states none."""


class StepRetried(NamedTuple):
    """An agent failed and is about to be called again."""

    seq: int
    time: float
    run_id: str
    path: str
    attempt: int
    """The number of the call that failed, from 1."""
    error: str
    delay: float
    """Seconds until the next call."""


class StepNoted(NamedTuple):
    """Something about a step that explains how it went."""

    seq: int
    time: float
    run_id: str
    path: str
    about: str
    """Which of its settings: "fallback", "circuit_breaker"."""
    text: str
    """A sentence whose subject is the step: "is left alone for 30s after 5 failures"."""
    facts: Mapping[str, Any]
    """The same as values."""


class StepSucceeded(NamedTuple):
    """A step ended and hands its state on."""

    seq: int
    time: float
    run_id: str
    path: str
    changes: Mapping[str, Any]
    """The keys that are new or other than what the step got."""
    removed: tuple[str, ...]
    duration: float
    """Seconds."""
    began: int = -1
    """The `seq` of the StepStarted that this is the end of."""
    metadata: Mapping[str, str] | None = None
    """What the state's metadata became; None where it stayed what it was."""


class StepFailed(NamedTuple):
    """A step ended with an error."""

    seq: int
    time: float
    run_id: str
    path: str
    error: str
    """Where: what; how to fix."""
    duration: float
    changes: Mapping[str, Any] | None = None
    """What it leaves in the state where the flow goes on after it; None where it does not."""
    removed: tuple[str, ...] = ()
    began: int = -1
    """The `seq` of the StepStarted that this is the end of."""
    metadata: Mapping[str, str] | None = None


class StepCancelled(NamedTuple):
    """A step was stopped from outside."""

    seq: int
    time: float
    run_id: str
    path: str
    why: str
    duration: float
    began: int = -1
    """The `seq` of the StepStarted that this is the end of."""


class StepSkipped(NamedTuple):
    """A step was not run, and its input was handed on."""

    seq: int
    time: float
    run_id: str
    path: str
    name: str
    why: str


class Comparison(NamedTuple):
    """One case of a router, and what it was compared to."""

    case: str
    test: str
    """What the case asks: an expression, or "route = billing"."""
    found: str
    """What it was compared with: "intent = 'sales'"."""
    holds: bool


class RouteChosen(NamedTuple):
    """A router took a case."""

    seq: int
    time: float
    run_id: str
    path: str
    case: str
    """The case's name; "default" for the default."""
    why: str
    comparisons: tuple[Comparison, ...]
    """In the order in which they were made; cases after the taken one are not among them."""


class LoopChecked(NamedTuple):
    """A loop decided whether its body runs again."""

    seq: int
    time: float
    run_id: str
    path: str
    passes: int
    """How many passes have ended."""
    limit: int
    """How many there may be."""
    condition: str
    values: Mapping[str, Any]
    """What the names in the condition stood for."""
    verdict: bool
    """Whether the loop ends here."""
    why: str
    """"condition", "loop_completed", "max_iterations", "max_duration"; "" when it goes on."""


class BranchesMerged(NamedTuple):
    """A collaborative step's branches have ended and their results stand in the state."""

    seq: int
    time: float
    run_id: str
    path: str
    branches: tuple[str, ...]
    """In declared order."""
    failed: tuple[str, ...]
    threshold: float
    """The share that was allowed to fail."""


class BreakpointHit(NamedTuple):
    """A step with a breakpoint is about to begin."""

    seq: int
    time: float
    run_id: str
    path: str


class RunPaused(NamedTuple):
    """The run waits before a step."""

    seq: int
    time: float
    run_id: str
    path: str
    """The step that it waits before."""


class RunResumed(NamedTuple):
    """The run goes on."""

    seq: int
    time: float
    run_id: str
    path: str


class RunRecovered(NamedTuple):
    """A run that had been broken off, with its process, goes on in another one."""

    seq: int
    time: float
    run_id: str
    path: str
    in_flight: tuple[str, ...]
    """The paths of agents that were being called: each may have done its work, and is called again
    with the same key."""


class RunFinished(NamedTuple):
    """The last entry of every run."""

    seq: int
    time: float
    run_id: str
    path: str
    status: str
    """"succeeded", "failed" or "cancelled"."""
    state: State
    """The state that the last step left; for a run that failed, the last state that was whole."""
    error: str
    duration: float


TraceEntry = (
    RunStarted
    | EventReceived
    | StepStarted
    | StepOutput
    | ToolCalled
    | ModelUsed
    | StepRetried
    | StepNoted
    | StepSucceeded
    | StepFailed
    | StepCancelled
    | StepSkipped
    | RouteChosen
    | LoopChecked
    | BranchesMerged
    | BreakpointHit
    | RunPaused
    | RunResumed
    | RunRecovered
    | RunFinished
)

Listener = Callable[[TraceEntry], None]
"""Called with each entry as it happens, on the loop; it must not block and must not raise."""


def to_json(entry: TraceEntry) -> dict[str, Any]:
    """The form of a trace file's line: `entry` names what it is, then come its fields."""
    fields = entry._asdict()
    if isinstance(entry, RouteChosen):
        fields["comparisons"] = [comparison._asdict() for comparison in entry.comparisons]
    plain = {k: v.to_dict() if isinstance(v, State) else v for k, v in fields.items()}
    return {"entry": type(entry).__name__, **plain}
