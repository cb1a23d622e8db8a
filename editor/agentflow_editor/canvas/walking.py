"""Walking: which node or note an arrow key goes to."""

from collections.abc import Iterator
from typing import Literal

from agentflow_editor.canvas.areas import Rect
from agentflow_editor.canvas.diving import Diving
from agentflow_editor.canvas.drawing import Drawing
from agentflow_editor.canvas.scene import Scene
from agentflow_editor.document.ports import NEXT
from agentflow_editor.document.selection import Selection
from agentflow_editor.document.sheet import note_key

__all__ = ["Walking", "Way", "step_towards"]

Way = Literal["left", "right", "up", "down"]
ASIDE = 3
"""How many times farther something counts that stands aside of the way."""


class Walking:
    """Goes from what is selected to what lies beside it."""

    def __init__(self, drawing: Drawing, diving: Diving, selection: Selection) -> None:
        self._drawing, self._diving, self._selection = drawing, diving, selection

    def go(self, way: Way) -> None:
        """Select what lies in a way from the selected step or note, and bring it into sight."""
        scene, selected = self._drawing.scene, self._drawing.selected_keys()
        to = step_towards(scene, selected[-1], way) if selected else self._diving.inside
        if to is not None:
            self._selection.select([to])
            self._diving.reveal(to)


def step_towards(scene: Scene, key: str, way: Way) -> str | None:
    """What lies in a way from a node or note: along its link, else the nearest one there."""
    along = _along(scene, key, way)
    if along is not None:
        return along
    rects = dict(_rects(scene))
    ahead = [
        (distance, other)
        for other, rect in rects.items()
        if (distance := _distance(rects[key], rect, way)) is not None
    ]
    return min(ahead)[1] if ahead else None


def _rects(scene: Scene) -> Iterator[tuple[str, Rect]]:
    for path, box in scene.boxes.items():
        yield path, box.rect
    for name, note in scene.notes.items():
        yield note_key(name), Rect(note.x, note.y, note.width, note.height)


def _along(scene: Scene, key: str, way: Way) -> str | None:
    """The other end of a node's link; to the right its `next` comes before its members."""
    if way == "right":
        led = [link for link in scene.links.values() if link.source == key]
        led.sort(key=lambda link: link.port != NEXT)
        return led[0].target if led else None
    if way == "left":
        return next((it.source for it in scene.links.values() if it.target == key), None)
    return None


def _distance(here: Rect, there: Rect, way: Way) -> float | None:
    """How far it is to a place, those aside counting as farther; None where it is no way there."""
    (x, y), (to_x, to_y) = here.middle, there.middle
    across, down = to_x - x, to_y - y
    ahead, aside = (across, down) if way in ("left", "right") else (down, across)
    ahead = -ahead if way in ("left", "up") else ahead
    return ahead + ASIDE * abs(aside) if ahead > 0 else None
