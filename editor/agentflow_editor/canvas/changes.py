"""Changes: what differs between two scenes, so that only that is drawn anew."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from agentflow_editor.canvas.areas import Region
from agentflow_editor.canvas.scene import Box, Link, LinkKey, Scene

__all__ = ["NOTHING", "Changes", "diff"]

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """The steps from one scene to another; to be done in the order of the fields."""

    cut: tuple[LinkKey, ...]
    """Links to take away."""
    gone: tuple[str, ...]
    """Nodes to take away; no link hangs on them any more."""
    new: tuple[Box, ...]
    """Nodes to make."""
    other: tuple[Box, ...]
    """Nodes that stay, and stand elsewhere or say something else."""
    drawn: tuple[Link, ...]
    """Links to make."""
    relabelled: tuple[Link, ...]
    """Links that stay and say something else."""
    areas_gone: tuple[str, ...]
    areas: tuple[Region, ...]
    """Regions to make or to change."""
    notes_gone: tuple[str, ...]
    notes: tuple[str, ...]
    """The names of notes to make or to change."""

    @property
    def boxes(self) -> tuple[Box, ...]:
        """The nodes that are new or other."""
        return self.new + self.other


NOTHING = Scene({}, {}, (), {})


def diff(before: Scene, after: Scene) -> Changes:
    """What turns the drawing of one scene into that of another.

    A node whose sockets are others is made anew, and its links with it.
    """
    altered = _altered(before.boxes, after.boxes)
    remade = {it.path for it in altered if _sockets(before.boxes[it.path]) != _sockets(it)}
    ends = remade.intersection
    relinked = {key for key in after.links if ends((key[0], key[2]))}
    return Changes(
        cut=tuple(k for k in before.links if k not in after.links or k in relinked),
        gone=tuple(path for path in before.boxes if path not in after.boxes or path in remade),
        new=tuple(b for p, b in after.boxes.items() if p not in before.boxes or p in remade),
        other=tuple(box for box in altered if box.path not in remade),
        drawn=tuple(i for k, i in after.links.items() if k not in before.links or k in relinked),
        relabelled=tuple(i for i in _altered(before.links, after.links) if i.key not in relinked),
        areas_gone=tuple(path for path in before.regions if path not in after.regions),
        areas=tuple(
            region
            for path, region in after.regions.items()
            if (old := before.regions.get(path)) is not region and old != region
        ),
        notes_gone=tuple(name for name in before.notes if name not in after.notes),
        notes=tuple(name for name, it in after.notes.items() if before.notes.get(name) != it),
    )


def _sockets(box: Box) -> tuple[str, tuple[str, ...]]:
    return box.kind, tuple(port.name for port in box.ports)


def _altered(before: Mapping[K, V], after: Mapping[K, V]) -> list[V]:
    return [
        it
        for key, it in after.items()
        if (old := before.get(key)) is not it and old is not None and old != it
    ]
