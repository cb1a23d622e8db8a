"""Glide: nodes that stand elsewhere after an edit go there in a moment, so that eyes can follow."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEasingCurve, QObject, QRectF, QVariantAnimation

from agentflow_editor.canvas.drawing import Drawing
from agentflow_editor.canvas.paint import FAR
from agentflow_editor.canvas.scene import moved
from agentflow_editor.canvas.view import FlowView
from agentflow_editor.document.sheet import Position

__all__ = ["Glide"]

MILLISECONDS = 180
NEAR = 24
"""What moves no farther than so many scene units is there at once."""
FEW = 60
"""If more than these move, only those in sight glide: the others are there at once."""
MOST = 150
"""If more than these move in sight, all are there at once: they could not be followed anyway."""

Ways = Mapping[str, tuple[Position, Position]]


class Glide(QObject):
    """One at a time. What is drawn in the end is the drawing's scene all the while."""

    def __init__(self, drawing: Drawing, view: FlowView, is_still: Callable[[], bool]) -> None:
        """Make it.

        Args:
            drawing: what moves.
            view: what it is seen through; whatever a person does there ends it.
            is_still: whether nothing is to move by itself.
        """
        super().__init__(drawing)
        self._drawing, self._view, self._is_still = drawing, view, is_still
        self._ways: Ways = {}
        self._animation = QVariantAnimation(self)
        self._animation.setDuration(MILLISECONDS)
        self._animation.setStartValue(0.0)
        self._animation.setEndValue(1.0)
        self._animation.setEasingCurve(QEasingCurve.Type.InOutCubic)
        self._animation.valueChanged.connect(self._show)
        view.touched.connect(self.finish)

    @property
    def is_gliding(self) -> bool:
        """Whether anything is on its way."""
        return bool(self._ways)

    def begin(self, stood: Mapping[str, Position]) -> None:
        """Let what stood elsewhere come to where it belongs now.

        Args:
            stood: where nodes and notes of the scene were drawn until now, by path or key.
        """
        self.stop()
        if self._is_still() or self._view.zoom < FAR:
            return
        scene = self._drawing.scene
        ways = {key: (at, scene.place_of(key)) for key, at in stood.items()}
        if max((_distance(*way) for way in ways.values()), default=0) <= NEAR:
            return
        if len(ways) > FEW:
            ways = {key: way for key, way in ways.items() if self._is_in_sight(key, way)}
        if 0 < len(ways) <= MOST:
            self._ways = ways
            self._show(0.0)
            self._animation.start()

    def go_on(self) -> None:
        """The scene was shown anew and stands where it stood: what is on its way stays so."""
        if self.is_gliding:
            self._show(self._animation.currentValue())

    def finish(self) -> None:
        """Let everything be there at once."""
        if self.is_gliding:
            self.stop()
            self._drawing.show_scene(self._drawing.scene)

    def stop(self) -> None:
        """End it where it is: something else is about to be shown."""
        self._ways = {}
        self._animation.stop()

    def _show(self, share: float) -> None:
        if share >= 1 or not self._ways:
            self.finish()
            return
        at = {key: _between(*way, share) for key, way in self._ways.items()}
        self._drawing.show_on_the_way(moved(self._drawing.scene, at))

    def _is_in_sight(self, key: str, way: tuple[Position, Position]) -> bool:
        size = self._drawing.place(key).size()
        return any(self._view.in_sight.intersects(QRectF(*at, *size.toTuple())) for at in way)


def _distance(one: Position, other: Position) -> int:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def _between(one: Position, other: Position, share: float) -> Position:
    x, y = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return x, y
