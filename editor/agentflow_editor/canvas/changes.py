"""Changes: what differs between two scenes, so that only that is drawn anew."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from agentflow_editor.canvas.areas import Region
from agentflow_editor.canvas.scene import Box, Link, LinkKey, Scene

__all__ = ["NOTHING", "Changes", "diff"]

K = TypeVar("K")
V = TypeVar("V")
Links = Mapping[LinkKey, Link]


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
    links, others = (before.links, after.links) if remade else _differing(before, after)
    relinked = _ending_at(links, remade)
    return Changes(
        cut=tuple(key for key in links if key not in others or key in relinked),
        gone=tuple(path for path in before.boxes if path not in after.boxes or path in remade),
        new=tuple(b for p, b in after.boxes.items() if p not in before.boxes or p in remade),
        other=tuple(box for box in altered if box.path not in remade),
        drawn=tuple(it for key, it in others.items() if key not in links or key in relinked),
        relabelled=tuple(it for it in _altered(links, others) if it.key not in relinked),
        areas_gone=tuple(path for path in before.regions if path not in after.regions),
        areas=tuple(_new_or_altered(before.regions, after.regions)),
        notes_gone=tuple(name for name in before.notes if name not in after.notes),
        notes=tuple(name for name, it in after.notes.items() if before.notes.get(name) != it),
    )


def _differing(before: Scene, after: Scene) -> tuple[Links, Links]:
    """The links of both that are to be compared: none where they are the very same."""
    return ({}, {}) if before.links is after.links else (before.links, after.links)


def _ending_at(links: Links, paths: set[str]) -> set[LinkKey]:
    return {key for key in links if key[0] in paths or key[2] in paths} if paths else set()


def _sockets(box: Box) -> tuple[str, tuple[str, ...]]:
    return box.kind, tuple(port.name for port in box.ports)


def _altered(before: Mapping[K, V], after: Mapping[K, V]) -> list[V]:
    return [
        it
        for key, it in after.items()
        if (old := before.get(key)) is not it and old is not None and old != it
    ]


def _new_or_altered(before: Mapping[K, V], after: Mapping[K, V]) -> list[V]:
    return [it for key, it in after.items() if (old := before.get(key)) is not it and old != it]
