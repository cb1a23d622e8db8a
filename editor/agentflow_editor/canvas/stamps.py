"""Stamps: small pictures that are painted once for each size and then put down again and again."""

from collections.abc import Callable, Hashable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

__all__ = ["Stamps"]

MOST = 500
"""How many pictures are kept; flows that need more have them painted again."""


class Stamps:
    """The pictures of one theme at the scale that is looked at."""

    def __init__(self) -> None:
        self._scale = 0.0
        self._made: dict[Hashable, QPixmap] = {}

    def put(
        self,
        painter: QPainter,
        key: Hashable,
        rect: QRectF,
        scale: float,
        paint: Callable[[QPainter], None],
    ) -> None:
        """Put a picture down.

        Args:
            painter: one that has no scale of its own, and whose origin is a whole pixel.
            key: what is seen; pictures of one key are the same at the same scale.
            rect: what it covers, around the origin, in scene units.
            scale: how large a scene unit is.
            paint: how it is painted, in scene units.
        """
        ratio = painter.device().devicePixelRatioF()
        corner = _outwards(rect.topLeft() * scale)
        found = self._found(key, scale * ratio)
        if found is None:
            found = self._made[key] = _painted(rect, corner, scale, ratio, paint)
        painter.drawPixmap(corner, found)

    def _found(self, key: Hashable, scale: float) -> QPixmap | None:
        if scale != self._scale or len(self._made) > MOST:
            self._scale = scale
            self._made.clear()
        return self._made.get(key)


def _outwards(point: QPointF) -> QPointF:
    return QPointF(point.x() // 1, point.y() // 1)


def _painted(
    rect: QRectF, corner: QPointF, scale: float, ratio: float, paint: Callable[[QPainter], None]
) -> QPixmap:
    far = rect.bottomRight() * scale - corner
    picture = QPixmap(int(far.x() * ratio) + 2, int(far.y() * ratio) + 2)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(-corner)
    painter.scale(scale, scale)
    paint(painter)
    painter.end()
    return picture
