"""Folding: orchestrators drawn as one node, with what they own left out of the scene."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from agentflow_editor.canvas.scene import Box, Scene
from agentflow_editor.document.node_size import head_height
from agentflow_editor.document.sheet import Position

__all__ = ["folded", "hidden_by", "with_hidden"]


def hidden_by(path: str, collapsed: Collection[str]) -> tuple[str, ...]:
    """The collapsed orchestrators that a step is inside of, from the outside in."""
    inside = (it for it in collapsed if path.startswith(f"{it}/"))
    return tuple(sorted(inside, key=len))


def folded(scene: Scene, collapsed: Collection[str]) -> Scene:
    """The same scene without what collapsed orchestrators own, and with how much that is."""
    shut = [path for path in collapsed if path in scene.boxes]
    if not shut:
        return scene
    inside = tuple(f"{path}/" for path in shut)
    hidden = {path for path in scene.boxes if path.startswith(inside)}
    boxes = {path: box for path, box in scene.boxes.items() if path not in hidden}
    for path in shut:
        if path in boxes:
            boxes[path] = _as_one(boxes[path], sum(it.startswith(f"{path}/") for it in hidden))
    return replace(
        scene,
        boxes=boxes,
        links={key: link for key, link in scene.links.items() if link.target not in hidden},
        returns=tuple(link for link in scene.returns if link.source not in hidden),
        regions={
            path: region
            for path, region in scene.regions.items()
            if path not in hidden and path not in shut
        },
    )


def with_hidden(
    layout: Mapping[str, Position], positions: Mapping[str, Position]
) -> dict[str, Position]:
    """Positions that nodes are moved to, and those of what these own and nobody sees."""
    moved = dict(positions)
    for path, (x, y) in positions.items():
        if path not in layout:  # a note, which owns nothing
            continue
        across, down = x - layout[path][0], y - layout[path][1]
        for other, (left, top) in layout.items():
            if other not in positions and path and other.startswith(f"{path}/"):
                moved[other] = left + across, top + down
    return moved


def _as_one(box: Box, count: int) -> Box:
    steps = f"{count} step{'' if count == 1 else 's'} inside"
    return replace(box, ports=(), subtitle=steps, height=head_height(box.title))
