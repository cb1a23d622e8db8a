"""Along: steps that are dragged past a neighbour in their chain change places with it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import pairwise

from agentflow.flow.flow import Flow
from agentflow_editor.canvas.areas import Rect
from agentflow_editor.canvas.scene import Scene
from agentflow_editor.document.edits import Slot
from agentflow_editor.document.sheet import Position

__all__ = ["Passing", "passing"]


@dataclass(frozen=True, slots=True)
class Passing:
    """Steps come earlier or later in their chain."""

    slot: Slot
    """Where they come to stand, counted in the chain as it is."""
    passed: tuple[str, ...]
    """The neighbours that they change places with."""
    title: str
    text: str


def passing(
    scene: Scene,
    flow: Flow,
    grasped: str,
    paths: Collection[str],
    positions: Mapping[str, Position],
) -> Passing | None:
    """What a drag along a chain means; None where nothing was passed.

    Only a chain that runs from left to right has an order that can be seen, and only a neighbour on
    the same level is passed.

    Args:
        scene: as it was before the drag.
        flow: whose chains they are.
        grasped: the step under the mouse.
        paths: all that are dragged, without what they own.
        positions: where everything that is dragged stands now.
    """
    chain = _chain_of(flow, grasped)
    if chain is None or not set(paths) <= set(chain[1]):
        return None
    slot, members = chain
    boxes = [scene.boxes[path].rect for path in members if path in scene.boxes]
    if len(boxes) < len(members) or any(it.x >= other.x for it, other in pairwise(boxes)):
        return None
    others = [path for path in members if path not in paths]
    moved = _at(scene.boxes[grasped].rect, positions[grasped])
    before = sum(members.index(path) < members.index(grasped) for path in others)
    now = sum(scene.boxes[path].rect.middle[0] < moved.middle[0] for path in others)
    passed = tuple(others[min(before, now) : max(before, now)])
    if not passed or not _is_level(moved, scene.boxes[passed[-1 if now > before else 0]].rect):
        return None
    index = members.index(others[now]) if now < len(others) else len(members)
    word = "after" if now > before else "before"
    name = scene.boxes[passed[-1 if now > before else 0]].title
    return Passing(
        Slot(slot.owner, slot.chain, index),
        passed,
        "Move Later" if now > before else "Move Earlier",
        f"Drop: comes {word} {name!r}; Alt only moves it",
    )


def _chain_of(flow: Flow, path: str) -> tuple[Slot, list[str]] | None:
    """The slot at the beginning of the chain that a step stands in, and the chain's paths."""
    places = list(flow.places())
    own = next((it for it in places if it.path == path), None)
    if own is None:
        return None
    members = [it.path for it in places if (it.owner, it.chain) == (own.owner, own.chain)]
    return Slot(own.owner, own.chain), members


def _at(rect: Rect, position: Position) -> Rect:
    return Rect(*position, rect.width, rect.height)


def _is_level(one: Rect, other: Rect) -> bool:
    return one.y < other.bottom and other.y < one.bottom
