"""Sight: what of the drawing is seen, and from where the rest of it would be."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QWidget

from agentflow_editor.canvas.drawing import Drawing
from agentflow_editor.canvas.view import FlowView

__all__ = ["Sight"]

AHEAD = 1 / 3
"""Where something stands that comes into sight from aside, as a share of the view's width: what
follows it stands to its right."""


class Sight:
    """Judges by the camera as it is now; it moves nothing."""

    def __init__(self, view: FlowView, drawing: Drawing, over: Sequence[QWidget]) -> None:
        """Begin.

        Args:
            view: what is looked through.
            drawing: what is looked at.
            over: what lies over the view while it is visible.
        """
        self._view, self._drawing, self._over = view, drawing, over

    def has(self, key: str) -> bool:
        """Whether all of a step that is drawn is seen, or as much as there is room for."""
        rect = self._drawing.place(key)
        return self._is_across(rect) and self._is_down(rect) and not self._is_covered(rect)

    def is_hidden(self, key: str) -> bool:
        """Whether something lies over the middle of what is in sight of a step that is drawn."""
        seen = self._drawing.place(key).intersected(self._view.in_sight)
        middle = self._view.mapFromScene(seen.center())
        over = (it for it in self._over if it.isVisible())
        return not seen.isEmpty() and any(it.geometry().contains(middle) for it in over)

    def center_for(self, key: str) -> QPointF:
        """Where to look at the same zoom, so that a step is seen that is not.

        The camera stays at the height where the step is seen from there, and shows no more beside
        the drawing than it has to.
        """
        rect, size = self._drawing.place(key), self._view.in_sight.size()
        beside = QPointF(rect.center().x() + (0.5 - AHEAD) * size.width(), rect.center().y())
        there = self._view.bounded(beside, self._whole(), self._view.zoom)
        here, is_covered = self._view.center, self._is_covered(rect)
        return QPointF(
            here.x() if self._is_across(rect) and not is_covered else there.x(),
            here.y() if self._is_down(rect) else there.y(),
        )

    def _is_across(self, rect: QRectF) -> bool:
        sight = self._view.in_sight
        seen = min(rect.right(), sight.right()) - max(rect.left(), sight.left())
        return seen >= min(rect.width(), sight.width() / 2)

    def _is_down(self, rect: QRectF) -> bool:
        sight = self._view.in_sight
        seen = min(rect.bottom(), sight.bottom()) - max(rect.top(), sight.top())
        return seen >= min(rect.height(), sight.height() / 2)

    def _is_covered(self, rect: QRectF) -> bool:
        place = self._view.mapFromScene(rect).boundingRect()
        return any(it.isVisible() and it.geometry().intersects(place) for it in self._over)

    def _whole(self) -> QRectF:
        """All that is drawn, with room at the right for what would lie over the end of it."""
        aside = max((it.width() for it in self._over if it.isVisible()), default=0)
        return self._drawing.rect().adjusted(0, 0, aside / self._view.zoom, 0)
