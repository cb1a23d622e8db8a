"""Ground: what the flow is drawn on, and what stands there while there is none."""

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from agentflow_editor.canvas.ink import Ink

__all__ = ["paint_ground", "paint_hint"]

GRID = 24
"""Between two dots, in scene units."""
CLOSEST = 14
"""The fewest pixels between two dots; from farther away there are fewer of them."""
HINT = (
    "An empty flow",
    "Drag an agent or orchestrator here from the palette, press Tab to search for one,",
    "or open an example from the File menu.",
)


def paint_ground(painter: QPainter, rect: QRectF, zoom: float, ink: Ink) -> None:
    """Paint a rectangle of the scene with quiet dots."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(rect, ink.color("canvas"))
    step = GRID
    while step * zoom < CLOSEST:
        step *= 2
    pen = QPen(ink.mixed("node_border", "canvas", 0.42), 2.0)
    pen.setCosmetic(True)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    left, top = (int(edge // step) * step for edge in (rect.left(), rect.top()))
    painter.drawPoints(
        [
            QPointF(x, y)
            for x in range(left, int(rect.right()) + step, step)
            for y in range(top, int(rect.bottom()) + step, step)
        ]
    )


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
