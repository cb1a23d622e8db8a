"""Paint: how one node looks, whoever draws it."""

from collections.abc import Hashable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QTransform

from agentflow_editor.canvas.ink import LEFT, LEGIBLE, RIGHT, Ink, sign
from agentflow_editor.canvas.marks import Mark
from agentflow_editor.canvas.scene import Box
from agentflow_editor.canvas.sockets import port_rows, socket_points
from agentflow_editor.document.lettering import LEADING
from agentflow_editor.document.node_size import HEAD, LABEL_SIZE, NOTE_GAP, ROW
from agentflow_editor.document.ports import IN, NEXT

__all__ = ["BORDER", "FAR", "SIGNS", "paint_box", "patch_color", "stamp_box"]

BORDER = 12.0
"""How far rings, badges and sockets stand out of a node's rectangle."""
RADIUS = 9.0
SIDE = 14.0
"""What is left free at the right side of a node's head."""
TITLE_ROOM = 40.0
"""How high a title may be in a head of usual height."""
TILE = QRectF(12, HEAD / 2 - 16, 32, 32)
"""The ground of a node's icon."""
ABOVE, BELOW = 8.0, 26.0
"""What a head that is higher than usual has above its title, and below it for what it is."""
LINE = LABEL_SIZE * LEADING
"""From one line beside a port to the next."""
FAR, CLOSE = 0.22, 0.62
"""Zooms below which a node is a plain patch, and below which its title is written large and alone.
"""
PALE = 0.75
"""How strong is what does not count in a run, or is switched off: paler, and still to be read."""
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
    if zoom < FAR:
        _patch(painter, box, mark, ink, is_selected)
        return
    _shape(painter, box, mark, ink, zoom)
    _words(painter, box, mark, ink, zoom)
    _extras(painter, box, mark, ink, zoom, is_selected=is_selected, hovered=hovered)


def stamp_box(
    painter: QPainter,
    box: Box,
    mark: Mark,
    ink: Ink,
    *,
    is_selected: bool = False,
    hovered: str = "",
) -> None:
    """Paint a node as `paint_box` does, quickly: what it has in common with others is painted once.

    The painter is one that looks at the scene in a scale. Nodes come to stand on whole pixels.
    """
    place = painter.worldTransform()
    zoom, ratio = place.m11(), painter.device().devicePixelRatioF()
    if zoom < FAR:
        _patch(painter, box, mark, ink, is_selected)
        return
    x, y = (round(it * ratio) / ratio for it in (place.dx(), place.dy()))
    painter.setWorldTransform(QTransform.fromTranslate(x, y))
    around = QRectF(0, 0, box.width, box.height).adjusted(-BORDER, -BORDER, BORDER, BORDER)
    key = _look(box, mark), zoom < LEGIBLE, zoom < CLOSE
    ink.stamps.put(painter, key, around, zoom, lambda it: _shape(it, box, mark, ink, zoom))
    painter.setWorldTransform(QTransform(zoom, 0, 0, zoom, x, y))
    _words(painter, box, mark, ink, zoom)
    _extras(painter, box, mark, ink, zoom, is_selected=is_selected, hovered=hovered)


def _look(box: Box, mark: Mark) -> Hashable:
    """All that the shape of a node depends on."""
    taken = next((number for number, it in enumerate(box.ports) if it.name == mark.taken), None)
    return (
        (box.kind, box.icon, box.width, box.height, box.head),
        tuple([port.height for port in box.ports]),
        (box.is_parked, box.is_disabled, box.severity),
        (mark.status, taken),
    )


def _shape(painter: QPainter, box: Box, mark: Mark, ink: Ink, zoom: float) -> None:
    """What is the same on every node of its kind and state."""
    rect = QRectF(0, 0, box.width, box.height)
    painter.setOpacity(_opacity(box, mark))
    _body(painter, rect, box, mark, ink)
    if box.kind != "start":
        _head(painter, box, ink)
        _rows(painter, box, mark, ink, zoom)
    elif zoom >= CLOSE:
        side = QRectF(12, rect.center().y() - 8, 16, 16)
        painter.fillPath(sign("play", side), ink.color("accent"))
    painter.setOpacity(1.0)
    for name in socket_points(box):
        _socket(painter, box, name, ink)


def _words(painter: QPainter, box: Box, mark: Mark, ink: Ink, zoom: float) -> None:
    """What it says."""
    painter.setOpacity(_opacity(box, mark))
    if box.kind == "start":
        _start(painter, box, ink, zoom)
    else:
        _title(painter, box, ink, zoom)
        _notes(painter, box, mark, ink, zoom)
    painter.setOpacity(1.0)


def _extras(
    painter: QPainter,
    box: Box,
    mark: Mark,
    ink: Ink,
    zoom: float,
    *,
    is_selected: bool,
    hovered: str,
) -> None:
    """What only few nodes have at a time."""
    if hovered and hovered in socket_points(box):
        _socket(painter, box, hovered, ink, is_hovered=True)
    if is_selected:
        rect = QRectF(0, 0, box.width, box.height).adjusted(-4, -4, 4, 4)
        _outline(painter, rect, RADIUS + 4, QPen(ink.color("accent"), 2))
    if mark.has_breakpoint:
        painter.setPen(QPen(ink.color("node"), 1.5))
        painter.setBrush(ink.color("failed"))
        painter.drawEllipse(QPointF(1, 1), 6, 6)
    if mark.status:
        _badge(painter, box, mark, ink, zoom)


def _opacity(box: Box, mark: Mark) -> float:
    return PALE if box.is_disabled or mark.status == "skipped" else 1.0


def patch_color(box: Box, mark: Mark, ink: Ink) -> QColor:
    """The colour of a node that is looked at from far away."""
    role = mark.status or ("accent" if box.kind == "start" else box.kind)
    return ink.mixed(role, "canvas", 0.35 if box.is_parked else 0.75)


def _patch(painter: QPainter, box: Box, mark: Mark, ink: Ink, is_selected: bool) -> None:
    rect = QRectF(0, 0, box.width, box.height)
    painter.fillRect(rect, patch_color(box, mark, ink))
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


def _start(painter: QPainter, box: Box, ink: Ink, zoom: float) -> None:
    rect = QRectF(0, 0, box.width, box.height)
    if zoom < CLOSE:
        centre = Qt.AlignmentFlag.AlignHCenter
        ink.far_text(painter, rect, "Start", zoom, ink.color("text"), centre)
        return
    place = QRectF(30, rect.top(), rect.width() - 40, rect.height())
    ink.text(painter, place, "Start", ink.title, ink.color("text"))


def _head(painter: QPainter, box: Box, ink: Ink) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink.mixed(box.kind, "node", 0.18 if ink.theme.is_dark else 0.12))
    painter.drawRoundedRect(TILE, 8, 8)
    painter.fillPath(sign(box.icon, TILE.adjusted(6, 6, -6, -6)), ink.color(box.kind))
    if box.severity:
        place = QRectF(box.width - SIDE - 16, HEAD / 2 - 9, 18, 18)
        _problem(painter, place, box.severity, ink)


def _title(painter: QPainter, box: Box, ink: Ink, zoom: float) -> None:
    left, right = TILE.right() + 10, box.width - SIDE - (22 if box.severity else 0)
    if zoom < CLOSE:
        title = QRectF(left - 2, 0, right - left + 4, box.head)
        ink.far_text(painter, title, box.title, zoom, ink.color("text"))
        return
    room = TITLE_ROOM if box.head == HEAD else box.head - ABOVE - BELOW
    found = ink.title_lettering(box.title, right - left, room, zoom)
    top, height, below = _title_rows(box.head, len(found.lines) if found else 0)
    if found:
        ink.lines(painter, QRectF(left, top, right - left, height), found, ink.color("text"))
    if below:
        _subtitle(painter, QRectF(left, below, right - left, 16), box, ink)


def _title_rows(head: float, count: int) -> tuple[float, float, float]:
    """Where a title of some lines begins, how high it is, and where the kind of step stands.

    That is 0 where the title leaves no room for it.
    """
    if head > HEAD:
        return ABOVE, head - ABOVE - BELOW, head - BELOW + 2
    if count > 2:
        return 0, HEAD, 0
    return (5, 29, 35) if count == 2 else (9, 20, 28)


def _subtitle(painter: QPainter, rect: QRectF, box: Box, ink: Ink) -> None:
    """What kind of step it is and how it stands with it; of little room the kind has none.

    The icon tells that, too.
    """
    words = box.subtitle
    while ink.small.width(words) > rect.width() and " · " in words:
        words = words.split(" · ", 1)[1]
    ink.text(painter, rect, words, ink.small, ink.color("muted"))


def _problem(painter: QPainter, rect: QRectF, severity: str, ink: Ink) -> None:
    painter.fillPath(
        sign("alert" if severity == "warning" else "alert-octagon", rect), ink.color(severity)
    )


def _rows(painter: QPainter, box: Box, mark: Mark, ink: Ink, zoom: float) -> None:
    if not box.ports or zoom < LEGIBLE:
        return
    painter.setPen(QPen(ink.color("node_border", 110), 1))
    line = box.head + 0.5
    painter.drawLine(QPointF(12, line), QPointF(box.width - 12, line))
    for port, rect in zip(box.ports, _row_rects(box), strict=True):
        if port.name == mark.taken:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink.color("done", 45))
            painter.drawRoundedRect(rect.adjusted(-6, 2, 6, -2), 5, 5)


def _notes(painter: QPainter, box: Box, mark: Mark, ink: Ink, zoom: float) -> None:
    if zoom < LEGIBLE:
        return
    for port, rect in zip(box.ports, _row_rects(box), strict=True):
        if mark.taken and port.name != mark.taken:
            painter.setOpacity(PALE)
        found = mark.found.get(port.name)
        # What a run found has its sign in any case.
        said = (found, found[:1]) if found else (port.note,)
        (_low_row if port.height == ROW else _high_row)(painter, rect, port.label, said, ink)
        painter.setOpacity(_opacity(box, mark))


def _low_row(painter: QPainter, rect: QRectF, label: str, said: tuple[str, ...], ink: Ink) -> None:
    """Write a label and, beside it, the first of some notes that has room there."""
    ink.text(painter, rect, label, ink.label, ink.color("text"), RIGHT)
    room = rect.width() - ink.label.width(label) - NOTE_GAP
    for note in said:
        if note and ink.small.width(note) <= room:
            place = QRectF(rect.left(), rect.top(), room, rect.height())
            ink.text(painter, place, note, ink.small, ink.color("muted"))
            return


def _high_row(painter: QPainter, rect: QRectF, label: str, said: tuple[str, ...], ink: Ink) -> None:
    """Write a label on as many lines as it takes, and the first of some notes that has room below.

    The first line is level with the socket.
    """
    lines = [(it, ink.label, "text", RIGHT) for it in ink.wrapped(label, ink.label, rect.width())]
    for note in said:
        below = ink.wrapped(note, ink.small, rect.width())
        if ROW + LINE * (len(lines) + len(below) - 1) <= rect.height() + 1:
            lines += [(it, ink.small, "muted", LEFT) for it in below]
            break
    for number, (line, face, color, align) in enumerate(lines):
        place = QRectF(rect.left(), rect.top() + number * LINE, rect.width(), ROW)
        ink.text(painter, place, line, face, ink.color(color), align)


def _row_rects(box: Box) -> list[QRectF]:
    return [QRectF(it.x + 12, it.y, it.width - 26, it.height) for it in port_rows(box)]


def _socket(painter: QPainter, box: Box, name: str, ink: Ink, *, is_hovered: bool = False) -> None:
    own, at = name not in (IN, NEXT), QPointF(*socket_points(box)[name])
    color = ink.color("accent" if is_hovered else box.kind if own else "link")
    size = 7.0 if is_hovered else 5.0
    painter.setPen(QPen(color, 1.8))
    painter.setBrush(color if is_hovered else ink.color("node"))
    painter.drawEllipse(at, size, size)
    if own:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawEllipse(at, 2.2, 2.2)


def _badge(painter: QPainter, box: Box, mark: Mark, ink: Ink, zoom: float) -> None:
    """A pill on the upper side that says the status by its sign, its colour and a few words."""
    color = ink.color(mark.status)
    note = mark.note if zoom >= LEGIBLE else ""
    words = ink.tiny.width(note) + 5 if note else 0.0
    pill = QRectF(box.width - 12 - 20 - words, -10, 20 + words, 20)
    painter.setPen(QPen(color, 1.4))
    painter.setBrush(ink.mixed(mark.status, "node", 0.16))
    painter.drawRoundedRect(pill, 10, 10)
    painter.fillPath(sign(SIGNS[mark.status], QRectF(pill.left() + 4, -6, 12, 12)), color)
    if note:
        place = QRectF(pill.left() + 18, pill.top(), words + 1, pill.height())
        ink.text(painter, place, note, ink.tiny, ink.color("text"))
