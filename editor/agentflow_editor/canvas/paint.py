"""Paint: how one node looks, whoever draws it."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

from agentflow_editor.canvas.ink import RIGHT, Ink, sign
from agentflow_editor.canvas.marks import Mark
from agentflow_editor.canvas.scene import Box
from agentflow_editor.canvas.sockets import port_rows, socket_points
from agentflow_editor.document.ports import HEAD, IN, NEXT

__all__ = ["BORDER", "paint_box"]

BORDER = 12.0
"""How far rings, badges and sockets stand out of a node's rectangle."""
RADIUS = 9.0
FAR, NEAR, CLOSE = 0.22, 0.4, 0.62
"""Zooms below which a node is a plain patch, below which its ports have no labels, and below which
its title is written large and alone."""
SIGNS = {
    "waiting": "clock-outline",
    "running": "play",
    "done": "check-bold",
    "failed": "close-thick",
    "skipped": "debug-step-over",
    "paused": "pause",
    "cancelled": "cancel",
}


def paint_box(
    painter: QPainter,
    box: Box,
    mark: Mark,
    ink: Ink,
    *,
    zoom: float = 1.0,
    is_selected: bool = False,
    hovered: str = "",
) -> None:
    """Paint a node whose top left corner is the origin.

    Args:
        painter: what to paint with.
        box: the node.
        mark: what a run says about it.
        ink: the theme.
        zoom: how large a scene unit is, in pixels; far away less is painted.
        is_selected: whether it has the ring of the selection.
        hovered: the port under the mouse.
    """
    rect = QRectF(0, 0, box.width, box.height)
    if zoom < FAR:
        _patch(painter, rect, box, mark, ink, is_selected)
        return
    is_quiet = box.is_disabled or mark.status == "skipped"
    painter.setOpacity(0.55 if is_quiet else 1.0)
    _body(painter, rect, box, mark, ink)
    if box.kind == "start":
        _start(painter, rect, ink, zoom)
    else:
        _head(painter, box, ink, zoom)
        _rows(painter, box, mark, ink, zoom)
    painter.setOpacity(1.0)
    _sockets(painter, box, ink, hovered)
    if is_selected:
        _outline(painter, rect.adjusted(-4, -4, 4, 4), RADIUS + 4, QPen(ink.color("accent"), 2))
    if mark.has_breakpoint:
        painter.setPen(QPen(ink.color("node"), 1.5))
        painter.setBrush(ink.color("failed"))
        painter.drawEllipse(QPointF(1, 1), 6, 6)
    if mark.status:
        _badge(painter, box, mark, ink, zoom)


def _patch(
    painter: QPainter, rect: QRectF, box: Box, mark: Mark, ink: Ink, is_selected: bool
) -> None:
    role = mark.status or ("accent" if box.kind == "start" else box.kind)
    painter.fillRect(rect, ink.mixed(role, "canvas", 0.35 if box.is_parked else 0.75))
    if is_selected:
        pen = QPen(ink.color("accent"), 2)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(rect)


def _body(painter: QPainter, rect: QRectF, box: Box, mark: Mark, ink: Ink) -> None:
    radius = rect.height() / 2 if box.kind == "start" else RADIUS
    painter.setPen(Qt.PenStyle.NoPen)
    if not box.is_parked:
        painter.setBrush(QColor(0, 0, 0, 70 if ink.theme.is_dark else 22))
        painter.drawRoundedRect(rect.translated(0, 2).adjusted(-0.5, 0, 0.5, 1), radius, radius)
    if mark.status == "running":
        glow = ink.color("running", 60)
        painter.setBrush(glow)
        painter.drawRoundedRect(rect.adjusted(-5, -5, 5, 5), radius + 5, radius + 5)
    painter.setBrush(ink.color("node"))
    painter.drawRoundedRect(rect, radius, radius)
    if box.is_parked:
        painter.setBrush(QBrush(ink.color("muted", 70), Qt.BrushStyle.BDiagPattern))
        painter.drawRoundedRect(rect, radius, radius)
    _outline(painter, rect, radius, _edge(box, mark, ink))


def _edge(box: Box, mark: Mark, ink: Ink) -> QPen:
    if mark.status in ("", "waiting"):
        pen = QPen(ink.color("accent" if box.kind == "start" else "node_border"), 1.2)
        if box.is_parked:
            pen.setStyle(Qt.PenStyle.DashLine)
        return pen
    pen = QPen(ink.color(mark.status), 2.2)
    if mark.status in ("skipped", "cancelled"):
        pen.setStyle(Qt.PenStyle.DashLine)
    return pen


def _outline(painter: QPainter, rect: QRectF, radius: float, pen: QPen) -> None:
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect, radius, radius)


def _start(painter: QPainter, rect: QRectF, ink: Ink, zoom: float) -> None:
    side = 16.0
    top = rect.center().y() - side / 2
    if zoom < CLOSE:
        centre = Qt.AlignmentFlag.AlignHCenter
        face = ink.far("Start", rect.width() - 24, zoom)
        ink.text(painter, rect, "Start", face, ink.color("text"), centre)
        return
    painter.fillPath(sign("play", QRectF(12, top, side, side)), ink.color("accent"))
    place = QRectF(30, rect.top(), rect.width() - 40, rect.height())
    ink.text(painter, place, "Start", ink.title, ink.color("text"))


def _head(painter: QPainter, box: Box, ink: Ink, zoom: float) -> None:
    tile = QRectF(12, HEAD / 2 - 16, 32, 32)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink.mixed(box.kind, "node", 0.18 if ink.theme.is_dark else 0.12))
    painter.drawRoundedRect(tile, 8, 8)
    painter.fillPath(sign(box.icon, tile.adjusted(6, 6, -6, -6)), ink.color(box.kind))
    right = box.width - 14.0
    if box.severity:
        _problem(painter, QRectF(right - 16, HEAD / 2 - 9, 18, 18), box.severity, ink)
        right -= 22
    left = tile.right() + 10
    if zoom < CLOSE:
        title = QRectF(left - 2, 0, right - left + 4, HEAD)
        face = ink.far(box.title, title.width(), zoom)
        ink.text(painter, title, box.title, face, ink.color("text"))
        return
    ink.text(painter, QRectF(left, 9, right - left, 20), box.title, ink.title, ink.color("text"))
    below = QRectF(left, 28, right - left, 16)
    ink.text(painter, below, box.subtitle, ink.small, ink.color("muted"))


def _problem(painter: QPainter, rect: QRectF, severity: str, ink: Ink) -> None:
    painter.fillPath(
        sign("alert" if severity == "warning" else "alert-octagon", rect), ink.color(severity)
    )


def _rows(painter: QPainter, box: Box, mark: Mark, ink: Ink, zoom: float) -> None:
    if not box.ports or zoom < NEAR:
        return
    painter.setPen(QPen(ink.color("node_border", 110), 1))
    painter.drawLine(QPointF(12, HEAD + 0.5), QPointF(box.width - 12, HEAD + 0.5))
    for port, row in zip(box.ports, port_rows(box), strict=True):
        is_taken = port.name == mark.taken
        rect = QRectF(row.x + 12, row.y, row.width - 26, row.height)
        if is_taken:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink.color("done", 45))
            painter.drawRoundedRect(rect.adjusted(-6, 2, 6, -2), 5, 5)
        if mark.taken and not is_taken:
            painter.setOpacity(0.55)
        width = min(ink.label.width(port.label), rect.width())
        ink.text(painter, rect, port.label, ink.label, ink.color("text"), RIGHT)
        note = mark.found.get(port.name, port.note)
        rest = rect.adjusted(0, 0, -width - 8, 0)
        if note and rest.width() > 24:
            ink.text(painter, rest, note, ink.small, ink.color("muted"))
        painter.setOpacity(1.0)


def _sockets(painter: QPainter, box: Box, ink: Ink, hovered: str) -> None:
    for name, (x, y) in socket_points(box).items():
        own = name not in (IN, NEXT)
        color = ink.color(box.kind if own else "link")
        size = 5.0
        if name == hovered:
            color, size = ink.color("accent"), 7.0
        painter.setPen(QPen(color, 1.8))
        painter.setBrush(color if name == hovered else ink.color("node"))
        painter.drawEllipse(QPointF(x, y), size, size)
        if own:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            painter.drawEllipse(QPointF(x, y), 2.2, 2.2)


def _badge(painter: QPainter, box: Box, mark: Mark, ink: Ink, zoom: float) -> None:
    """A pill on the upper side that says the status by its sign, its colour and a few words."""
    color = ink.color(mark.status)
    note = mark.note if zoom >= NEAR else ""
    words = ink.tiny.width(note) + 5 if note else 0.0
    pill = QRectF(box.width - 12 - 20 - words, -10, 20 + words, 20)
    painter.setPen(QPen(color, 1.4))
    painter.setBrush(ink.mixed(mark.status, "node", 0.16))
    painter.drawRoundedRect(pill, 10, 10)
    painter.fillPath(sign(SIGNS[mark.status], QRectF(pill.left() + 4, -6, 12, 12)), color)
    if note:
        place = QRectF(pill.left() + 18, pill.top(), words + 1, pill.height())
        ink.text(painter, place, note, ink.tiny, color)
