"""Slicing: a line drawn across links cuts them."""

from collections.abc import Callable
from itertools import pairwise

from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QGraphicsLineItem

from agentflow_editor.canvas.drawing import Drawing
from agentflow_editor.canvas.ink import Ink
from agentflow_editor.canvas.link_item import LinkItem
from agentflow_editor.canvas.scene import LinkKey
from agentflow_editor.canvas.touch import Pointer
from agentflow_editor.canvas.view import FlowView

__all__ = ["Slice"]

ABOVE = 30
"""The z value of what follows the mouse."""


class Slice:
    """A line from where the mouse was pressed to where it is; the links that it crosses go."""

    def __init__(
        self,
        view: FlowView,
        drawing: Drawing,
        ink: Ink,
        pointer: Pointer,
        cut: Callable[[tuple[LinkKey, ...]], None],
        tell: Callable[[str], None],
    ) -> None:
        """Begin.

        Args:
            view: where the mouse is.
            drawing: where the links are.
            ink: the theme.
            pointer: where the mouse was pressed.
            cut: told which links were crossed, where any was.
            tell: told how many are crossed so far.
        """
        self._view, self._drawing = view, drawing
        self._begin, self._cut, self._tell = pointer.scene, cut, tell
        self._line = QGraphicsLineItem()
        pen = QPen(ink.color("failed"), 2.0, Qt.PenStyle.DashLine, Qt.PenCapStyle.RoundCap)
        pen.setCosmetic(True)
        self._line.setPen(pen)
        self._line.setZValue(ABOVE)
        view.scene().addItem(self._line)

    def move(self, pointer: Pointer) -> None:
        """Reach to the mouse."""
        self._line.setLine(QLineF(self._begin, pointer.scene))
        count = len(self._crossed(pointer.scene))
        self._tell(f"Let go: cuts {count} link{'s' if count != 1 else ''}" if count else "")

    def release(self, pointer: Pointer) -> None:
        """Cut."""
        crossed = self._crossed(pointer.scene)
        self.cancel()
        if crossed:
            self._cut(crossed)

    def cancel(self) -> None:
        """Take the line away."""
        self._tell("")
        self._view.scene().removeItem(self._line)

    def _crossed(self, end: QPointF) -> tuple[LinkKey, ...]:
        line = QLineF(self._begin, end)
        return tuple(item.link.key for item in self._drawing.links() if _crosses(item, line))


def _crosses(item: LinkItem, line: QLineF) -> bool:
    """Whether a line crosses a link's curve, which is taken as many short lines."""
    bounded = QLineF.IntersectionType.BoundedIntersection
    for curve in item.path().toSubpathPolygons(item.sceneTransform()):
        points = [curve.at(number) for number in range(curve.size())]
        for begin, end in pairwise(points):
            if QLineF(begin, end).intersects(line)[0] == bounded:
                return True
    return False
