"""The scene: what is to be drawn for a sheet, as plain values that can be compared."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from agentflow.problem import Severity
from agentflow_editor.canvas.areas import Ownership, Rect, Region, owners_of, regions_again
from agentflow_editor.document.node_size import HEAD
from agentflow_editor.document.sheet import Note, Position, is_note, note_of

__all__ = ["Box", "Link", "LinkKey", "Port", "ReturnLink", "Scene", "moved"]

LinkKey = tuple[str, str, str]
"""(source path, port, target path)."""


@dataclass(frozen=True, slots=True)
class Port:
    """A socket on the right side of a node that begins one of an orchestrator's chains."""

    name: str
    """Unique on its node; what edits call it."""
    label: str
    note: str
    """A few quiet words beside the label: when a case is taken, when a loop ends."""
    height: int
    """That of its row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A node. Positions and sizes are in scene units, which are pixels at 100 %."""

    path: str
    """The step's path; "" for the start."""
    kind: str
    """"start", "agent", or the orchestrator's mode."""
    title: str
    subtitle: str = ""
    icon: str
    """The name of a Material Design icon."""
    ports: tuple[Port, ...] = ()
    """Those of its chains, from top to bottom; `in` and `next` go without saying."""
    x: int
    y: int
    width: int
    height: int
    head: int = HEAD
    """How high what stands above its ports is."""
    is_parked: bool = False
    is_disabled: bool = False
    severity: Severity | None = None
    """The worst of its problems."""
    problems: tuple[str, ...] = ()
    """What they say."""

    @property
    def rect(self) -> Rect:
        """Where it stands."""
        return Rect(self.x, self.y, self.width, self.height)


@dataclass(frozen=True, slots=True)
class Link:
    """An arrow that a person can draw and delete."""

    source: str
    port: str
    target: str
    order: int = 0
    """Which of its port's links it is, from 1; 0 where a port has only one."""
    label: str = ""
    """The name of the case that it begins."""

    @property
    def key(self) -> LinkKey:
        """What makes it this link, whatever is written on it."""
        return self.source, self.port, self.target


@dataclass(frozen=True, slots=True)
class ReturnLink:
    """Control going back from the last step of a chain to the chain's orchestrator."""

    source: str
    target: str
    is_loop: bool


@dataclass(frozen=True)
class Scene:
    """Everything that is drawn, apart from what a run adds. Owners stand before their members."""

    boxes: Mapping[str, Box]
    links: Mapping[LinkKey, Link]
    returns: tuple[ReturnLink, ...]
    regions: Mapping[str, Region]
    notes: Mapping[str, Note] = field(default_factory=dict[str, Note])
    """By name."""

    @cached_property
    def ownership(self) -> Ownership:
        """Who owns whom."""
        return Ownership.of(self.boxes, ((it.source, it.target) for it in self.returns))

    def place_of(self, key: str) -> Position:
        """The top left corner of a node, by its path, or of a note, by its key."""
        thing = self.notes[note_of(key)] if is_note(key) else self.boxes[key]
        return thing.x, thing.y

    def with_members(self, paths: Iterable[str]) -> tuple[str, ...]:
        """The paths, and those of everything that orchestrators among them own."""
        wanted = tuple(paths)
        return tuple(path for path in self.boxes if any(_is_in(path, it) for it in wanted))


def moved(scene: Scene, positions: Mapping[str, tuple[int, int]]) -> Scene:
    """The same scene with some nodes and notes elsewhere, and the regions around them."""
    boxes, notes = dict(scene.boxes), dict(scene.notes)
    for key, (x, y) in positions.items():
        if is_note(key):
            notes[note_of(key)] = replace(notes[note_of(key)], x=x, y=y)
        else:
            boxes[key] = replace(boxes[key], x=x, y=y)
    around = {it for key in positions for it in (key, *owners_of(key))}
    stale = scene.regions.keys() & around
    regions = regions_again(scene.regions, stale, boxes, scene.ownership)
    return replace(scene, boxes=boxes, regions=regions, notes=notes)


def _is_in(path: str, owner: str) -> bool:
    return path == owner or (owner != "" and path.startswith(f"{owner}/"))
