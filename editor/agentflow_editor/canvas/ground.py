"""Ground: what the flow is drawn on, and what stands there while there is none."""

import math
from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap

from agentflow_editor.canvas.ink import Ink

__all__ = ["paint_ground", "paint_hint"]

GRID = 24
"""Between two dots, in scene units."""
DOT = 2
"""How large a dot is, in pixels."""
CLOSEST = 14
"""The fewest pixels between two dots; from farther away there are fewer of them."""
HINT = (
    "An empty flow",
    "Drag an agent or orchestrator here from the palette, press Tab to search for one,",
    "or open an example from the File menu.",
)


def paint_ground(painter: QPainter, rect: QRectF, zoom: float, ink: Ink) -> None:
    """Paint a rectangle of the scene with quiet dots."""
    painter.fillRect(rect, ink.color("canvas"))
    step = GRID
    while step * zoom < CLOSEST:
        step *= 2
    left, top = (int(edge // step) * step for edge in (rect.left(), rect.top()))
    place = painter.worldTransform()
    across = [place.map(QPointF(x, top)).x() for x in range(left, int(rect.right()) + step, step)]
    down = [place.map(QPointF(left, y)).y() for y in range(top, int(rect.bottom()) + step, step)]
    row = _row(across, painter.device().devicePixelRatioF(), ink)
    painter.save()
    painter.resetTransform()
    for y in down:
        painter.drawPixmap(QPointF(math.floor(across[0]) - DOT, round(y) - DOT), row)
    painter.restore()


def _row(across: Sequence[float], ratio: float, ink: Ink) -> QPixmap:
    """One row of dots. Each row is the same, and a dot takes longer than a picture of many."""
    begin = math.floor(across[0]) - DOT
    size = QSizeF(across[-1] - begin + DOT + 1, 2 * DOT) * ratio
    row = QPixmap(math.ceil(size.width()), math.ceil(size.height()))
    row.setDevicePixelRatio(ratio)
    row.fill(ink.color("canvas"))
    pen = QPen(ink.mixed("node_border", "canvas", 0.42), DOT)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter = QPainter(row)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen)
    painter.drawPoints([QPointF(x - begin, DOT) for x in across])
    painter.end()
    return row


def paint_hint(painter: QPainter, at: QPoint, ink: Ink) -> None:
    """Say how a flow is begun, below a point of the view and whatever the zoom."""
    painter.save()
    painter.resetTransform()
    for number, line in enumerate(HINT):
        face = ink.small if number else ink.title
        place = QRectF(at.x() - 400, at.y() + 20 + 22 * number, 800, 20)
        color = ink.color("muted" if number else "text")
        ink.text(painter, place, line, face, color, Qt.AlignmentFlag.AlignHCenter)
    painter.restore()
