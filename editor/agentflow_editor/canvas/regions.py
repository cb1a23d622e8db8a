"""Regions: the soft grounds of orchestrators, with the way control comes back to them."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from agentflow_editor.canvas.areas import LABEL, MARGIN, Region
from agentflow_editor.canvas.ink import LEGIBLE, Ink
from agentflow_editor.canvas.routes import return_path

__all__ = ["RegionItem", "paint_region", "qrect"]

LOWEST = -1000
"""The z value of the outermost regions; links and nodes stand above all of them."""
RADIUS = 14.0
NEAR = 0.4
"""The zoom below which corners are too small to be round."""


def qrect(region: Region) -> QRectF:
    """A region's rectangle as Qt's."""
    return QRectF(region.rect.x, region.rect.y, region.rect.width, region.rect.height)


def paint_region(
    painter: QPainter,
    region: Region,
    ink: Ink,
    back: QPainterPath,
    *,
    zoom: float = 1.0,
    glows: bool = False,
) -> None:
    """Paint a region in scene coordinates.

    Args:
        painter: what it is painted with.
        region: what is painted.
        ink: in which colours.
        back: its `return_path`.
        zoom: how large a scene unit is, in pixels.
        glows: whether something would be dropped into it.
    """
    rect, radius = qrect(region), RADIUS if zoom >= NEAR else 0.0
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_ground(region, ink, glows))
    # Smoothing takes most of the time of a large area, and is only seen in round corners.
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.drawRoundedRect(rect, radius, radius)
    if not glows:
        # A line that is thinner than a pixel is painted as one, and paler instead.
        alpha = round(70 * min(1.0, zoom + 0.3))
        _paint_sides(painter, rect, radius, max(1 / zoom, 1.0), ink.color(region.kind, alpha))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if glows:
        painter.setPen(QPen(ink.color(region.kind), 2.5))
        painter.drawRoundedRect(rect, radius, radius)
    elif radius:
        painter.setPen(QPen(ink.color(region.kind, 70), 1.0))
        painter.drawPath(_corners(rect, radius))
    if zoom >= LEGIBLE:
        place = QRectF(rect.left() + MARGIN, rect.top() + 6, rect.width() - 2 * MARGIN, LABEL)
        ink.text(painter, place, region.title, ink.label, ink.mixed(region.kind, "text", 0.7))
    _paint_return(painter, region, ink, back)


def _paint_sides(
    painter: QPainter, rect: QRectF, radius: float, width: float, color: QColor
) -> None:
    """The straight pieces of an outline; as lines of a pen they would take far longer."""
    across, down = rect.width() - 2 * radius, rect.height() - 2 * radius
    for y in (rect.top(), rect.bottom()):
        painter.fillRect(QRectF(rect.left() + radius, y - width / 2, across, width), color)
    for x in (rect.left(), rect.right()):
        painter.fillRect(QRectF(x - width / 2, rect.top() + radius, width, down), color)


def _corners(rect: QRectF, radius: float) -> QPainterPath:
    path, size = QPainterPath(), 2 * radius
    far_x, far_y = rect.right() - size, rect.bottom() - size
    corners = ((rect.left(), rect.top()), (far_x, rect.top()), (far_x, far_y), (rect.left(), far_y))
    for (x, y), begin in zip(corners, (90, 0, -90, 180), strict=True):
        square = QRectF(x, y, size, size)
        path.arcMoveTo(square, begin)
        path.arcTo(square, begin, 90)
    return path


def _ground(region: Region, ink: Ink, glows: bool) -> QColor:
    return ink.color(region.kind, 46 if glows else 18)


def _line(region: Region, ink: Ink) -> QColor:
    is_loop = region.kind == "loop"
    return ink.color(region.kind if is_loop else "return_link", 255 if is_loop else 190)


def _paint_return(painter: QPainter, region: Region, ink: Ink, back: QPainterPath) -> None:
    if not region.ends:
        return
    is_loop, color = region.kind == "loop", _line(region, ink)
    pen = QPen(color, 1.8 if is_loop else 1.3)
    pen.setDashPattern([4, 3] if is_loop else [3, 3])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(back)
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
        self.region, self.back = region, return_path(region)
        self._ink = ink
        self._glows = False
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setZValue(LOWEST + region.depth)

    def show_region(self, region: Region) -> None:
        """Stand elsewhere, or say something else."""
        self.prepareGeometryChange()
        self.region, self.back = region, return_path(region)
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

    @property
    def ground(self) -> QColor:
        """What it is filled with."""
        return _ground(self.region, self._ink, self._glows)

    @property
    def line(self) -> QColor:
        """What the way back to its orchestrator is drawn with."""
        return _line(self.region, self._ink)

    def boundingRect(self) -> QRectF:
        return qrect(self.region).adjusted(-2, -2, 2, 2)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        zoom = option.levelOfDetailFromTransform(painter.worldTransform())
        paint_region(painter, self.region, self._ink, self.back, zoom=zoom, glows=self._glows)
