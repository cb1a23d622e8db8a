"""Run diagram: what happened in a run, as a Mermaid sequence diagram."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from agentflow.mermaid_text import front_matter, label
from agentflow.trace import (
    BranchesMerged,
    LoopChecked,
    RouteChosen,
    RunFinished,
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
from agentflow.wording import duration, sentence

__all__ = ["run_diagram"]

MAX_TEXT = 45_000
"""Characters; of more than 50,000 Mermaid draws nothing unless it is told to."""
MAX_KEYS = 5
"""So many changed keys are named."""

_NEWS = (
    *(RouteChosen, LoopChecked, BranchesMerged, ToolCalled),
    *(StepRetried, StepNoted, StepSkipped, RunFinished),
)

_PASS = re.compile(r"#\d+")


def run_diagram(entries: Iterable[TraceEntry], title: str = "") -> str:
    """A run's trace as a sequence diagram; of one that did not end, as far as it came.

    Each step is a participant, whichever pass of a loop it runs in. Whoever dispatches it calls it,
    and it answers with the keys that it changed.

    Args:
        entries: in their order.
        title: what stands above it; "" takes the flow's name.
    """
    drawing = _Drawing()
    for entry in entries:
        if isinstance(entry, RunStarted):
            title = title or entry.flow
        drawing.draw(entry)
    head = [*front_matter(title or "Run"), "sequenceDiagram", "    autonumber"]
    return "\n".join([*head, *drawing.lines(), ""])


@dataclass(slots=True)
class _Drawing:
    """Participants in the order in which they first took part, and what passed between them."""

    _ids: dict[str, str] = field(default_factory=lambda: {"": "p0"})
    _names: list[str] = field(default_factory=lambda: ["    participant p0 as Run"])
    _messages: list[str] = field(default_factory=list[str])
    _at_work: dict[str, int] = field(default_factory=dict[str, int])
    """How often a participant works at once; Mermaid refuses an end without a beginning."""
    _length: int = 0
    _left_out: int = 0

    def lines(self) -> list[str]:
        """All that is drawn."""
        rest = f"    Note over p0: {self._left_out} more happened"
        return [*self._names, *self._messages, *([rest] if self._left_out else [])]

    def draw(self, entry: TraceEntry) -> None:
        """Draw what happened."""
        if self._length > MAX_TEXT:
            self._left_out += 1
            return
        match entry:
            case StepStarted():
                self._begins(entry)
            case StepSucceeded():
                self._ends(entry.path, "-->>", f"{_keys(entry)} ({duration(entry.duration)})")
            case StepFailed():
                self._ends(entry.path, "--x", f"failed: {entry.error}")
            case StepCancelled():
                self._ends(entry.path, "--x", f"stopped: {entry.why}")
            case _:
                self._note(entry)

    def _begins(self, entry: StepStarted) -> None:
        step = self._participant(entry.path, entry.name)
        owner = self._participant(_owner(entry.path))
        self._at_work[step] = self._at_work.get(step, 0) + 1
        self._say(f"{owner}->>+{step}: {label(_turn(entry.path))}")

    def _ends(self, path: str, arrow: str, text: str) -> None:
        step, owner = self._participant(path), self._participant(_owner(path))
        works = self._at_work.get(step, 0)
        self._at_work[step] = max(0, works - 1)
        self._say(f"{step}{arrow}{'-' if works else ''}{owner}: {label(text)}")

    def _note(self, entry: TraceEntry) -> None:
        text = _told(entry)
        if text:
            self._say(f"Note over {self._participant(entry.path)}: {label(text)}")

    def _participant(self, path: str, name: str = "") -> str:
        place = _PASS.sub("", path)
        if place not in self._ids:
            self._ids[place] = f"p{len(self._ids)}"
            shown = place.rpartition("/")[2] or name or "Run"
            self._names.append(f"    participant {self._ids[place]} as {label(shown)}")
            self._length += len(self._names[-1])
        return self._ids[place]

    def _say(self, text: str) -> None:
        self._messages.append(f"    {text}")
        self._length += len(text) + 5


def _owner(path: str) -> str:
    return path.rpartition("/")[0]


def _turn(path: str) -> str:
    """In which pass of the loop around it a step runs."""
    found = _PASS.findall(_owner(path))
    return f"pass {found[-1][1:]}" if found and _owner(path).endswith(found[-1]) else "state"


def _keys(entry: StepSucceeded) -> str:
    keys = list(entry.changes)
    more = f" and {len(keys) - MAX_KEYS} more" if len(keys) > MAX_KEYS else ""
    return f"{', '.join(keys[:MAX_KEYS])}{more}" if keys else "nothing new"


def _told(entry: TraceEntry) -> str:
    """What a note says; "" for what is no news in a picture."""
    return sentence(entry) if isinstance(entry, _NEWS) else ""
