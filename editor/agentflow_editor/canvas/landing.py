"""Landing: where a step that is dropped at a point would come to stand in the tree."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from agentflow.catalogue import Catalogue
from agentflow.flow.flow import Flow, Orchestrator, Place
from agentflow_editor.canvas.areas import Rect, Region
from agentflow_editor.canvas.scene import Box, Link, Scene
from agentflow_editor.canvas.sockets import port_rows
from agentflow_editor.document.edits import Slot, slot_on
from agentflow_editor.document.ports import chain_ports
from agentflow_editor.document.sheet import Sheet

__all__ = [
    "NODE",
    "ORCHESTRATOR",
    "Landing",
    "land",
    "land_on_link",
    "member_slot",
    "uncovered",
]

LANE = 12
"""How far beside a branch a drop still belongs to it, in scene units."""
NODE, ORCHESTRATOR = (208, 56), (208, 112)
"""About the size of a node, and of an orchestrator that has no members yet."""
GAP = 72
"""Between a step and one that is put after it."""
DOWN = 24
"""How far down the next spot is tried when one is taken."""


@dataclass(frozen=True, slots=True)
class Landing:
    """Where a drop leads, and how that is told while one hovers."""

    slot: Slot | None
    """None parks it; an empty flow takes it as its first step."""
    region: str | None
    """The orchestrator that it joins."""
    text: str


def land(
    scene: Scene,
    flow: Flow,
    catalogue: Catalogue,
    x: float,
    y: float,
    without: Collection[str] = (),
) -> Landing:
    """Where a drop at a point of the scene leads.

    On a row of an orchestrator's ports it goes to the end of the chain that begins there, else
    beside the member that is nearest. The paths in `without` are what is dropped: nothing can
    join itself.
    """
    region = _innermost(scene, x, y, without)
    if region is None:
        if flow.root.steps:
            return Landing(None, None, "Drop: parked here; link it to make it run")
        return Landing(None, None, "Drop: becomes the first step")
    members = [place for place in flow.places() if place.owner == region.path]
    step = flow.at(region.path)
    assert isinstance(step, Orchestrator)
    chain = _row(scene.boxes[region.path], step, catalogue, x, y)
    if chain is not None:
        index = sum(place.chain == chain for place in members)
    else:
        chain, index = _beside(scene, step, members, x, y)
    return Landing(Slot(region.path, chain, index), region.path, _told(step, chain, index))


def member_slot(path: str, step: Orchestrator, chain: int | None) -> Slot:
    """Where a new member of an orchestrator stands: at the end of a chain that is meant.

    Where none is, that is an empty one, else a new branch, else the end of the first.
    """
    if chain is not None and chain < len(step.chains):
        return Slot(path, chain, len(step.chains[chain].steps))
    empty = next((it for it, own in enumerate(step.chains) if not own.steps), None)
    if empty is not None:
        return Slot(path, empty, 0)
    if step.mode == "collaborative" or not step.chains:
        return Slot(path, len(step.chains), 0)
    return Slot(path, 0, len(step.chains[0].steps))


def land_on_link(scene: Scene, sheet: Sheet, link: Link) -> Landing:
    """Where a drop on a link leads: between its two ends."""
    before, after = scene.boxes[link.source].title, scene.boxes[link.target].title
    slot = slot_on(sheet, link.key)
    return Landing(slot, None, f"Drop: goes between {before!r} and {after!r}")


def uncovered(
    scene: Scene,
    flow: Flow,
    slot: Slot | None,
    corner: tuple[float, float],
    without: Collection[str] = (),
    size: tuple[int, int] = NODE,
) -> tuple[float, float]:
    """A corner for a node where it covers no other: the given one where that is free.

    Else it is right of the step that comes before it, or below that.
    """
    taken = [box.rect for path, box in scene.boxes.items() if path not in without]
    if _is_free(corner, size, taken):
        return corner
    before = _before(flow, slot)
    if before is not None:
        corner = _ground_of(scene, before, slot).right + GAP, scene.boxes[before].y
    while not _is_free(corner, size, taken):
        corner = corner[0], corner[1] + DOWN
    return corner


def _is_free(corner: tuple[float, float], size: tuple[int, int], taken: Iterable[Rect]) -> bool:
    spot = Rect(*corner, *size)
    return not any(spot.meets(rect) for rect in taken)


def _before(flow: Flow, slot: Slot | None) -> str | None:
    """The step that the one in a slot comes after, or that owns its chain; "" is the start."""
    if slot is None:
        return None if flow.root.steps else ""
    return next(
        (
            place.path
            for place in flow.places()
            if (place.owner, place.chain, place.index) == (slot.owner, slot.chain, slot.index - 1)
        ),
        slot.owner,
    )


def _ground_of(scene: Scene, before: str, slot: Slot | None) -> Rect:
    """A step's region, or its box alone for what it owns."""
    is_owner = slot is not None and slot.owner == before
    return scene.boxes[before].rect if is_owner else _ground(scene, before)


def _innermost(scene: Scene, x: float, y: float, without: Collection[str]) -> Region | None:
    holding = [
        region
        for path, region in scene.regions.items()
        if path not in without and region.rect.holds(x, y)
    ]
    return max(holding, key=lambda region: region.depth, default=None)


def _row(box: Box, step: Orchestrator, catalogue: Catalogue, x: float, y: float) -> int | None:
    for port, row in zip(chain_ports(step, catalogue), port_rows(box), strict=True):
        if row.holds(x - box.x, y - box.y):
            return len(step.chains) if port.chain is None else port.chain
    return None


def _beside(
    scene: Scene, step: Orchestrator, members: list[Place], x: float, y: float
) -> tuple[int, int]:
    if not members:
        return 0, 0
    nearest = min(members, key=lambda place: _distance(_ground(scene, place.path), x, y))
    ground = _ground(scene, nearest.path)
    is_beside = not ground.y - LANE <= y <= ground.bottom + LANE
    if step.mode == "collaborative" and is_beside:
        return len(step.chains), 0
    return nearest.chain, nearest.index + (x > ground.middle[0])


def _ground(scene: Scene, path: str) -> Rect:
    region = scene.regions.get(path)
    return region.rect if region else scene.boxes[path].rect


def _distance(rect: Rect, x: float, y: float) -> float:
    across = max(rect.x - x, 0, x - rect.right)
    down = max(rect.y - y, 0, y - rect.bottom)
    return across * across + down * down


def _told(step: Orchestrator, chain: int, index: int) -> str:
    if step.mode == "collaborative" and chain >= len(step.chains):
        return f"Drop: becomes a new branch of {step.name!r}"
    if step.mode == "route":
        case = step.chains[chain].case if chain < len(step.chains) else None
        name = case.name if case else "default"
        return f"Drop: becomes step {index + 1} of case {name!r} of {step.name!r}"
    if step.mode == "collaborative":
        return f"Drop: becomes step {index + 1} of branch {chain + 1} of {step.name!r}"
    return f"Drop: becomes step {index + 1} of {step.name!r}"
