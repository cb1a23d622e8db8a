"""Sheet: a flow and where its nodes stand, as one frozen value."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from agentflow.flow.flow import Flow

__all__ = ["Layout", "Position", "Sheet"]

Position = tuple[int, int]
"""(x, y) of a node's top left corner, in scene units."""


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
