"""Areas: the rectangles around each orchestrator and all it owns."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

__all__ = ["Ownership", "Rect", "Region", "owner_of", "owners_of", "regions_again"]

MARGIN = 16
"""Between a region and what stands in it, left, right and below."""
LABEL = 20
"""More of it above, for the region's name."""
RETURN = 14
"""More of it right and below, where control goes back to the orchestrator."""


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle in scene units: its top left corner and its size."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The x of its right side."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The y of its lower side."""
        return self.y + self.height

    @property
    def middle(self) -> tuple[float, float]:
        """Its centre."""
        return self.x + self.width / 2, self.y + self.height / 2

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies in it."""
        return self.x <= x <= self.right and self.y <= y <= self.bottom

    def meets(self, other: "Rect") -> bool:
        """Whether the two have any ground in common."""
        across = self.x < other.right and other.x < self.right
        return across and self.y < other.bottom and other.y < self.bottom

    def grown(self, left: float, top: float, right: float, bottom: float) -> "Rect":
        """The same with its sides moved outwards."""
        return Rect(
            self.x - left, self.y - top, self.width + left + right, self.height + top + bottom
        )

    @staticmethod
    def around(rects: Sequence["Rect"]) -> "Rect":
        """The smallest one that holds all of them; there is at least one."""
        x, y = min(it.x for it in rects), min(it.y for it in rects)
        right, bottom = max(it.right for it in rects), max(it.bottom for it in rects)
        return Rect(x, y, right - x, bottom - y)


@dataclass(frozen=True, slots=True)
class Region:
    """The ground that an orchestrator and all it owns stand on."""

    path: str
    kind: str
    """The orchestrator's mode."""
    title: str
    depth: int
    """How many orchestrators are around it."""
    rect: Rect
    home: tuple[float, float]
    """Where control comes back to: the middle of the orchestrator's lower side."""
    ends: tuple[tuple[float, float], ...]
    """Where it comes back from: a point for the last step of each chain."""


def owner_of(path: str) -> str:
    """The path of the orchestrator around a step; "" for none, "|2" in the third parked chain."""
    return path.rpartition("/")[0]


def owners_of(path: str) -> Iterator[str]:
    """The paths of all orchestrators around a step, the nearest first."""
    while path := owner_of(path):
        yield path


class Standing(Protocol):
    """What the region of an orchestrator is to know of a node. Box is one."""

    @property
    def kind(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def rect(self) -> Rect: ...


@dataclass(frozen=True, slots=True)
class Ownership:
    """Who owns whom among some steps, by path."""

    members: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    """What each orchestrator owns itself, without what its members own."""
    lasts: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    """The last step of each of its chains."""

    @classmethod
    def of(cls, paths: Iterable[str], returns: Iterable[tuple[str, str]]) -> "Ownership":
        """Who owns whom.

        Args:
            paths: all steps.
            returns: (last step, orchestrator) for each chain that is not empty.
        """
        members: dict[str, list[str]] = {}
        lasts: dict[str, list[str]] = {}
        for path in paths:
            members.setdefault(owner_of(path), []).append(path)
        for source, target in returns:
            lasts.setdefault(target, []).append(source)
        return cls(members, lasts)


def regions_again(
    known: Mapping[str, Region],
    stale: Iterable[str],
    boxes: Mapping[str, Standing],
    ownership: Ownership,
) -> dict[str, Region]:
    """The regions that are known, with those of some orchestrators found anew.

    Args:
        known: regions by path; those of members that are not stale are right.
        stale: the orchestrators whose region is another, or new.
        boxes: where every step stands.
        ownership: who owns whom among them.
    """
    regions = dict(known)
    for path in sorted(stale, key=lambda it: it.count("/"), reverse=True):
        regions[path] = _region(path, regions, boxes, ownership)
    return regions


def _region(
    path: str,
    regions: Mapping[str, Region],
    boxes: Mapping[str, Standing],
    ownership: Ownership,
) -> Region:
    box, members = boxes[path], ownership.members.get(path, ())
    own, more = box.rect, RETURN if members else 0
    inside = [(regions[it] if it in regions else boxes[it]).rect for it in members]
    around = Rect.around([own, *inside])
    # Control leaves a member orchestrator only when all of its region is done.
    ends = (
        ((regions[it] if it in regions else boxes[it]).rect.right, boxes[it].rect.middle[1])
        for it in ownership.lasts.get(path, ())
    )
    return Region(
        path=path,
        kind=box.kind,
        title=box.title,
        depth=sum(it in boxes for it in owners_of(path)),
        rect=around.grown(MARGIN, MARGIN + LABEL, MARGIN + more, MARGIN + more),
        home=(own.middle[0], own.bottom),
        ends=tuple(ends),
    )
