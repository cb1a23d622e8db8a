"""Floor: what lies under the nodes as seen from far away, kept as a picture while it stays so."""

from collections.abc import Callable

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter, QPixmap

__all__ = ["Floor"]


class Floor:
    """Drawn once where it is on the move; what is asked for again is kept as a picture.

    During a run, only what stands on it becomes another.
    """

    def __init__(self) -> None:
        self._picture = QPixmap()
        self._pictured: object = None
        self._last: object = None

    def paint(
        self, painter: QPainter, part: QRect, shown: object, draw: Callable[[QPainter, QRect], None]
    ) -> None:
        """Paint a part of it.

        Args:
            painter: one of a widget, whose transform and antialiasing hold for the picture, too.
            part: what is wanted of it, in the widget's pixels.
            shown: equal to what was given the last time where it looks as it did then.
            draw: draws a part of it.
        """
        if shown != self._last:
            self._last = shown
            draw(painter, part)
            return
        if shown != self._pictured:
            self._take_picture(painter, draw)
            self._pictured = shown
        painter.save()
        painter.resetTransform()
        painter.drawPixmap(0, 0, self._picture)
        painter.restore()

    def _take_picture(self, like: QPainter, draw: Callable[[QPainter, QRect], None]) -> None:
        device = like.device()
        size, ratio = QSize(device.width(), device.height()), device.devicePixelRatioF()
        self._picture = QPixmap(size * ratio)
        self._picture.setDevicePixelRatio(ratio)
        whole = QRect(0, 0, size.width(), size.height())
        painter = QPainter(self._picture)
        painter.setClipRect(whole)  # without one, Qt takes three times as long for the same lines
        painter.setRenderHints(like.renderHints())
        painter.setWorldTransform(like.worldTransform())
        draw(painter, whole)
        painter.end()
