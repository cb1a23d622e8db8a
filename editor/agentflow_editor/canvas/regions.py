"""Regions: the soft grounds of orchestrators, with the way control comes back to them."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from agentflow_editor.canvas.areas import LABEL, MARGIN, Region
from agentflow_editor.canvas.ink import Ink
from agentflow_editor.canvas.routes import return_path

__all__ = ["RegionItem", "paint_region", "qrect"]

LOWEST = -1000
"""The z value of the outermost regions; links and nodes stand above all of them."""
RADIUS = 14.0
NEAR = 0.4


def qrect(region: Region) -> QRectF:
    """A region's rectangle as Qt's."""
    return QRectF(region.rect.x, region.rect.y, region.rect.width, region.rect.height)


def paint_region(
    painter: QPainter, region: Region, ink: Ink, *, zoom: float = 1.0, glows: bool = False
) -> None:
    """Paint a region in scene coordinates; `glows` while something would be dropped into it."""
    rect = qrect(region)
    painter.setPen(QPen(ink.color(region.kind, 255 if glows else 70), 2.5 if glows else 1.0))
    painter.setBrush(ink.color(region.kind, 46 if glows else 18))
    painter.drawRoundedRect(rect, RADIUS, RADIUS)
    if zoom >= NEAR:
        place = QRectF(rect.left() + MARGIN, rect.top() + 6, rect.width() - 2 * MARGIN, LABEL)
        ink.text(painter, place, region.title, ink.label, ink.color(region.kind))
    _paint_return(painter, region, ink)


def _paint_return(painter: QPainter, region: Region, ink: Ink) -> None:
    if not region.ends:
        return
    is_loop = region.kind == "loop"
    color = ink.color(region.kind if is_loop else "return_link", 255 if is_loop else 190)
    pen = QPen(color, 1.8 if is_loop else 1.3)
    pen.setDashPattern([4, 3] if is_loop else [3, 3])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(return_path(region))
    x, y = region.home
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    if is_loop:
        tip = [QPointF(x, y + 3), QPointF(x - 6, y + 13), QPointF(x + 6, y + 13)]
        painter.drawPolygon(QPolygonF(tip))
    else:
        painter.drawEllipse(QPointF(x, y + 4), 2.5, 2.5)


class RegionItem(QGraphicsItem):
    """A region on the canvas. It is looked at only: clicks fall through it."""

    def __init__(self, region: Region, ink: Ink) -> None:
        super().__init__()
        self.region = region
        self._ink = ink
        self._glows = False
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setZValue(LOWEST + region.depth)

    def show_region(self, region: Region) -> None:
        """Stand elsewhere, or say something else."""
        self.prepareGeometryChange()
        self.region = region
        self.setZValue(LOWEST + region.depth)
        self.update()

    def set_ink(self, ink: Ink) -> None:
        """Be drawn in another theme."""
        self._ink = ink
        self.update()

    def set_glow(self, glows: bool) -> None:
        """Show, or stop showing, that something would be dropped here."""
        if glows != self._glows:
            self._glows = glows
            self.update()

    def boundingRect(self) -> QRectF:
        return qrect(self.region).adjusted(-2, -2, 2, 2)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        zoom = option.levelOfDetailFromTransform(painter.worldTransform())
        paint_region(painter, self.region, self._ink, zoom=zoom, glows=self._glows)
