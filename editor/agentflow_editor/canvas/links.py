"""Links: how the arrows between nodes and what is written on them look."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from agentflow_editor.canvas.ink import Ink
from agentflow_editor.canvas.marks import LinkMark
from agentflow_editor.canvas.scene import Link
from agentflow_editor.document.ports import NEXT

__all__ = ["label_rect", "link_pen", "paint_label"]

BEFORE = 18.0
"""How far before its end a link's label ends, so that the arrow head stays free."""
LONGEST = 150.0
"""The widest that a label gets, in scene units."""
SHORTEST = 44.0
"""The widest that it gets however near the two nodes are."""
AFTER = 12.0
"""What it leaves free at the link's beginning, where it can."""


def link_pen(link: Link, kind: str, mark: LinkMark, ink: Ink, *, is_selected: bool = False) -> QPen:
    """What a link is drawn with: in its orchestrator's colour where it begins a chain."""
    role = "link" if link.port == NEXT else kind
    width = 1.8
    if is_selected:
        role, width = "accent", 2.8
    elif mark.is_taken:
        role, width = "done", 2.8
    pen = QPen(ink.color(role, 70 if mark.is_dimmed and not is_selected else 255), width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def label_rect(link: Link, begin: QPointF, end: QPointF, ink: Ink) -> QRectF:
    """The ground of what is written on a link: on its last, level piece; empty where nothing is.

    It covers no more than the way between the two nodes; what has no room there is left out, since
    the port that the link begins at says it too.
    """
    text = _text(link)
    if not text:
        return QRectF()
    way = end.x() - begin.x()
    room = LONGEST if way < 0 else max(way - BEFORE - AFTER, SHORTEST)
    width = max(ink.label.width(text) + 14, 20.0)
    if width > min(LONGEST, room):
        return QRectF()
    return QRectF(end.x() - BEFORE - width, end.y() - 10, width, 20)


def paint_label(
    painter: QPainter, link: Link, kind: str, rect: QRectF, mark: LinkMark, ink: Ink
) -> None:
    """Paint a case's name or a branch's number on a ground of its own."""
    role = "done" if mark.is_taken else kind
    painter.setOpacity(0.75 if mark.is_dimmed else 1.0)
    painter.setPen(QPen(ink.color(role), 1.2))
    painter.setBrush(ink.mixed(role, "canvas", 0.14))
    painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
    place = rect.adjusted(6, 0, -6, 0)
    centre = Qt.AlignmentFlag.AlignHCenter
    ink.text(painter, place, _text(link), ink.label, ink.color("text"), centre)
    painter.setOpacity(1.0)


def _text(link: Link) -> str:
    return link.label or (str(link.order) if link.order else "")
