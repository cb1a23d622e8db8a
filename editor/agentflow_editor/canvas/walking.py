"""Walking: which node an arrow key goes to."""

from typing import Literal

from agentflow_editor.canvas.scene import Box, Scene
from agentflow_editor.document.ports import NEXT

__all__ = ["Way", "step_towards"]

Way = Literal["left", "right", "up", "down"]
ASIDE = 3
"""How many times farther a node counts that stands aside of the way."""


def step_towards(scene: Scene, path: str, way: Way) -> str | None:
    """The node that lies in a way from another: along its link, else the nearest one there."""
    along = _along(scene, path, way)
    if along is not None:
        return along
    here = scene.boxes[path]
    ahead = [
        (distance, box.path)
        for box in scene.boxes.values()
        if (distance := _distance(here, box, way)) is not None
    ]
    return min(ahead)[1] if ahead else None


def _along(scene: Scene, path: str, way: Way) -> str | None:
    """The other end of a node's link; to the right its `next` comes before its members."""
    if way == "right":
        led = [link for link in scene.links.values() if link.source == path]
        led.sort(key=lambda link: link.port != NEXT)
        return led[0].target if led else None
    if way == "left":
        return next((it.source for it in scene.links.values() if it.target == path), None)
    return None


def _distance(here: Box, there: Box, way: Way) -> float | None:
    """How far it is to a box, those aside counting as farther; None where it is no way there."""
    (x, y), (to_x, to_y) = here.rect.middle, there.rect.middle
    across, down = to_x - x, to_y - y
    ahead, aside = (across, down) if way in ("left", "right") else (down, across)
    ahead = -ahead if way in ("left", "up") else ahead
    return ahead + ASIDE * abs(aside) if ahead > 0 else None
