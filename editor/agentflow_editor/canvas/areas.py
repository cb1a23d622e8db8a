"""Areas: the rectangles around each orchestrator and all it owns."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["Rect", "Region", "owner_of", "owners_of", "regions_around"]

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


def regions_around(
    owners: Iterable[tuple[str, str, str]],
    rects: Mapping[str, Rect],
    returns: Iterable[tuple[str, str]],
    kept: Mapping[str, Region] = MappingProxyType({}),
) -> dict[str, Region]:
    """The region of each orchestrator, outer ones first.

    Args:
        owners: (path, mode, title) of each orchestrator, owners before members.
        rects: where every step stands; those in kept regions need not be there.
        returns: (last step, orchestrator) for each chain that is not empty.
        kept: the regions that are known already.
    """
    listed = list(owners)
    grounds = _grounds([path for path, _, _ in listed], rects, kept)
    ends: dict[str, list[tuple[float, float]]] = {}
    for source, target in returns:
        ends.setdefault(target, []).append(_end(grounds.get(source), rects[source]))
    return {
        path: kept[path]
        if path in kept
        else Region(
            path=path,
            kind=mode,
            title=title,
            depth=_depth(path, grounds),
            rect=grounds[path],
            home=(rects[path].middle[0], rects[path].bottom),
            ends=tuple(ends.get(path, ())),
        )
        for path, mode, title in listed
    }


def _grounds(
    owners: Sequence[str], rects: Mapping[str, Rect], kept: Mapping[str, Region]
) -> dict[str, Rect]:
    members: dict[str, list[str]] = {}
    for path in rects:
        members.setdefault(owner_of(path), []).append(path)
    grounds = {path: region.rect for path, region in kept.items()}
    for path in reversed(owners):
        if path in grounds:
            continue
        inside = [grounds.get(it) or rects[it] for it in members.get(path, ())]
        around = Rect.around([rects[path], *inside])
        more = RETURN if inside else 0
        grounds[path] = around.grown(MARGIN, MARGIN + LABEL, MARGIN + more, MARGIN + more)
    return grounds


def _end(ground: Rect | None, rect: Rect) -> tuple[float, float]:
    # Control leaves a member orchestrator only when all of its region is done.
    return (ground.right, rect.middle[1]) if ground else (rect.right, rect.middle[1])


def _depth(path: str, grounds: Mapping[str, Rect]) -> int:
    depth, owner = 0, owner_of(path)
    while owner in grounds:
        depth, owner = depth + 1, owner_of(owner)
    return depth
