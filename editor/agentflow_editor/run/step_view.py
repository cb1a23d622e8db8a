"""StepView: what a run has shown of one step so far."""

from dataclasses import dataclass, field
from typing import Any

from agentflow.state import State
from agentflow.states import States
from agentflow.trace import (
    BranchesMerged,
    LoopChecked,
    ModelUsed,
    RouteChosen,
    StepStarted,
    ToolCalled,
)

__all__ = ["LONGEST_TEXT", "Pass", "StepView"]

LONGEST_TEXT = 200_000
"""Characters that are kept of what a step said while it worked."""


@dataclass(slots=True)
class Pass:
    """One time that a step was run."""

    path: str
    """With the passes of the loops around it: "refine#2/critic"."""
    seq: int
    """The number of the entry that began it."""
    states: States
    """Of the run that it is a pass in."""
    status: str = "running"
    """"running", "done", "failed", "skipped" or "cancelled"."""
    changes: dict[str, Any] = field(default_factory=dict[str, Any])
    """The keys that are new or other in its output."""
    removed: tuple[str, ...] = ()
    handed_on: bool = False
    """Whether the flow goes on with its output; it may even where the step failed."""
    error: str = ""
    """Why it failed, was cancelled or was skipped."""
    duration: float | None = None
    """Seconds; None as long as it runs."""
    route: RouteChosen | None = None
    """The case that it took, where it is a router."""
    checks: list[LoopChecked] = field(default_factory=list[LoopChecked])
    """What it decided before or after each round, where it is a loop."""
    merged: BranchesMerged | None = None
    """What became of its branches, where it is collaborative."""
    retries: int = 0
    tools: list[ToolCalled] = field(default_factory=list[ToolCalled])
    """The tools that its model had called."""
    used: list[ModelUsed] = field(default_factory=list[ModelUsed])
    """What its model took, answer by answer."""
    _said: list[str] = field(default_factory=list[str])
    _length: int = 0

    @property
    def input(self) -> State:
        """What it got."""
        return self.states.got(self.seq)

    @property
    def output(self) -> State | None:
        """What it handed on; None when it has not, or not yet."""
        if not self.handed_on:
            return None
        return self.input.with_changes(self.changes, removed=self.removed)

    @property
    def text(self) -> str:
        """What it said while it worked, up to 200,000 characters."""
        if len(self._said) > 1:
            self._said = ["".join(self._said)]
        return self._said[0] if self._said else ""

    def hear(self, delta: str) -> None:
        """Keep a piece of what it says; what is too much is dropped."""
        room = LONGEST_TEXT - self._length
        if room > 0:
            self._said.append(delta[:room])
            self._length += len(delta)


@dataclass(slots=True)
class StepView:
    """One step of the flow in the latest run, with every time that it was run."""

    path: str
    """Without passes: "refine/critic"."""
    name: str = ""
    """The agent's or the orchestrator's."""
    kind: str = ""
    """"agent", or the orchestrator's mode; "" as long as it has not begun."""
    status: str = "waiting"
    """"waiting", "running", "done", "failed", "skipped", "paused" or "cancelled"; of several that
    run at once, "running"."""
    passes: list[Pass] = field(default_factory=list[Pass])
    """In the order in which they began."""
    running: int = 0
    """How many of them are under way."""

    @property
    def latest(self) -> Pass | None:
        """The pass that began last."""
        return self.passes[-1] if self.passes else None

    @property
    def route(self) -> RouteChosen | None:
        """The case that it took last, where it is a router."""
        return self.passes[-1].route if self.passes else None

    @property
    def check(self) -> LoopChecked | None:
        """What it decided last, where it is a loop."""
        checks = self.passes[-1].checks if self.passes else None
        return checks[-1] if checks else None

    @property
    def merged(self) -> BranchesMerged | None:
        """What became of its branches in the last pass, where it is collaborative."""
        return self.passes[-1].merged if self.passes else None

    @property
    def duration(self) -> float | None:
        """How long its last pass took, in seconds; None as long as it runs."""
        return self.passes[-1].duration if self.passes else None

    def begin(self, entry: StepStarted, states: States) -> Pass:
        """Another pass begins."""
        begun = Pass(entry.path, entry.seq, states)
        self.name, self.kind, self.status = entry.name, entry.kind, "running"
        self.passes.append(begun)
        self.running += 1
        return begun

    def end(self, status: str) -> None:
        """One of its passes ended."""
        self.running = max(0, self.running - 1)
        self.status = "running" if self.running else status
