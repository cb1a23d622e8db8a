"""Sketch: what a file says of its drawing beside where the nodes stand. No run reads any of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Note", "Sketch"]


@dataclass(frozen=True, slots=True)
class Note:
    """A text on the canvas, for people. Positions and sizes are in whole scene units."""

    text: str
    x: int
    """Of its top left corner."""
    y: int
    width: int = 240
    height: int = 96


@dataclass(frozen=True, slots=True)
class Sketch:
    """The notes of a drawing, and which of its orchestrators are drawn as one node each."""

    notes: Mapping[str, Note] = field(default_factory=dict[str, Note])
    """By name: what stands in the file as `[editor.notes.<name>]`."""
    collapsed: frozenset[str] = frozenset()
    """The paths of orchestrators of which no member is drawn."""
