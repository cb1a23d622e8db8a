"""Sheet: a flow, where its nodes stand and what is noted beside them, as one frozen value."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from agentflow.flow.flow import Flow
from agentflow.flow.flow_file import FlowFile
from agentflow.flow.sketch import Note, Sketch

__all__ = ["Layout", "Note", "Position", "Sheet", "Sketch", "is_note", "note_key", "note_of"]

Position = tuple[int, int]
"""(x, y) of a node's top left corner, in scene units."""

NOTE = "#"


def note_key(name: str) -> str:
    """What a note is called where steps and notes are meant alike; no step's path is such."""
    return f"{NOTE}{name}"


def note_of(key: str) -> str:
    """The name of the note with a key."""
    return key.removeprefix(NOTE)


def is_note(key: str) -> bool:
    """Whether a note is meant, and no step."""
    return key.startswith(NOTE)


class Layout(Mapping[str, Position]):
    """Positions by path; that of the start is under "". It never changes."""

    __slots__ = ("_positions",)

    def __init__(
        self, positions: Mapping[str, Position] | Iterable[tuple[str, Position]] = ()
    ) -> None:
        self._positions = dict(positions)

    def __getitem__(self, path: str) -> Position:
        return self._positions[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._positions)

    def __len__(self) -> int:
        return len(self._positions)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Layout):
            return self._positions == other._positions
        return super().__eq__(other)

    __hash__ = None  # pyright: ignore[reportAssignmentType] - as every mapping

    def get(self, path: str, default: Any = None, /) -> Any:
        """The position of a step, or the default; a mapping's own way there takes far longer."""
        return self._positions.get(path, default)

    def __repr__(self) -> str:
        return f"Layout({self._positions!r})"

    def with_positions(self, positions: Mapping[str, Position]) -> "Layout":
        """The same with these positions instead of, or beside, its own."""
        return Layout({**self._positions, **positions})


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is drawn on the canvas. Every edit gives another one."""

    flow: Flow = field(default_factory=Flow)
    layout: Layout = field(default_factory=Layout)
    """Where the nodes stand; a step may lack a position until `completed` gives it one."""
    sketch: Sketch = field(default_factory=Sketch)
    """The notes, and which orchestrators are drawn as one node each."""

    @classmethod
    def of(cls, file: FlowFile) -> "Sheet":
        """What a file says."""
        return cls(file.flow, Layout(file.layout), file.sketch)

    def with_flow(self, flow: Flow) -> "Sheet":
        """The same drawing of another flow."""
        return replace(self, flow=flow)

    def with_layout(self, layout: Layout) -> "Sheet":
        """The same flow and notes, with the nodes elsewhere."""
        return replace(self, layout=layout)

    def with_sketch(self, sketch: Sketch) -> "Sheet":
        """The same flow and layout, with other notes, or other orchestrators collapsed."""
        return replace(self, sketch=sketch)
