"""Glide: nodes that stand elsewhere after an edit go there in a moment, so that eyes can follow."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QAbstractAnimation, QEasingCurve, QObject, QVariantAnimation

from agentflow_editor.canvas.drawing import Drawing
from agentflow_editor.canvas.scene import Scene, moved
from agentflow_editor.document.sheet import Position

__all__ = ["Glide"]

MILLISECONDS = 220
NEAR = 24
"""What moves no farther than so many scene units is there at once."""
MOST = 300
"""More nodes than these are there at once: they could not be followed anyway."""

Places = Mapping[str, Position]


class Glide(QObject):
    """One at a time. `finish` and `stop` end it early: what is shown last is always the truth."""

    def __init__(self, drawing: Drawing, is_still: Callable[[], bool]) -> None:
        """Make it.

        Args:
            drawing: what moves.
            is_still: whether nothing is to move by itself.
        """
        super().__init__(drawing)
        self._drawing, self._is_still = drawing, is_still
        self._truth: Scene | None = None
        self._ways: dict[str, tuple[Position, Position]] = {}
        self._animation = QVariantAnimation(self)
        self._animation.setDuration(MILLISECONDS)
        self._animation.setStartValue(0.0)
        self._animation.setEndValue(1.0)
        self._animation.setEasingCurve(QEasingCurve.Type.InOutCubic)
        self._animation.valueChanged.connect(self._show)

    @property
    def truth(self) -> Scene | None:
        """What is shown in the end; None where nothing is on its way."""
        return self._truth

    @property
    def is_gliding(self) -> bool:
        """Whether anything is on its way."""
        return self._animation.state() == QAbstractAnimation.State.Running

    def begin(self, stood: Places) -> None:
        """Let what stood elsewhere come to where it is drawn now."""
        self.stop()
        scene = self._drawing.scene
        ways = {
            path: (at, (box.x, box.y))
            for path, at in stood.items()
            if (box := scene.boxes.get(path)) is not None and (box.x, box.y) != at
        }
        farthest = max((_distance(*way) for way in ways.values()), default=0)
        if self._is_still() or farthest <= NEAR or len(ways) > MOST:
            return
        self._truth, self._ways = scene, ways
        self._show(0.0)
        self._animation.start()

    def finish(self) -> None:
        """Let everything be there at once."""
        truth = self._truth
        self.stop()
        if truth is not None:
            self._drawing.show_scene(truth)

    def stop(self) -> None:
        """End it where it is: something else is about to be shown."""
        self._truth = None
        self._animation.stop()

    def _show(self, share: float) -> None:
        if self._truth is None:
            return
        if share >= 1:
            self.finish()
            return
        at = {path: _between(*way, share) for path, way in self._ways.items()}
        self._drawing.show_scene(moved(self._truth, at))


def _distance(one: Position, other: Position) -> int:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def _between(one: Position, other: Position, share: float) -> Position:
    x, y = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return x, y
