"""Routes: the curves of links, and the way control takes back to an orchestrator."""

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath

from agentflow_editor.canvas.areas import MARGIN, RETURN, Region

__all__ = ["link_path", "return_path"]

BEND = 10.0
"""The radius of the corners of a return link."""
ROOM = 48.0
"""What a curve needs to go from one height to another."""
HEAD = 5.0
"""How far the two strokes of an arrow head reach back."""


def link_path(begin: QPointF, end: QPointF, tail: float = 0.0) -> QPainterPath:
    """A curve that leaves to the right and comes in from the left, with an arrow head.

    Args:
        begin: where it leaves, in the scene.
        end: where it comes in.
        tail: how much of its end is level, for what is written there; less where there is no room.
    """
    bend = QPointF(end.x() - max(0.0, min(tail, end.x() - begin.x() - ROOM)), end.y())
    path = QPainterPath(begin)
    first, second = _handles(begin, bend)
    path.cubicTo(first, second, bend)
    path.lineTo(end)
    tip = QPointF(end.x() - 6, end.y())
    path.moveTo(tip.x() - HEAD, tip.y() - HEAD)
    path.lineTo(tip)
    path.lineTo(tip.x() - HEAD, tip.y() + HEAD)
    return path


def _handles(begin: QPointF, end: QPointF) -> tuple[QPointF, QPointF]:
    across = end.x() - begin.x()
    # A link that runs back needs room to turn round at both ends.
    reach = max(28.0, min(across * 0.5, 140.0)) if across > 0 else min(60 - across * 0.4, 220.0)
    return QPointF(begin.x() + reach, begin.y()), QPointF(end.x() - reach, end.y())


def return_path(region: Region) -> QPainterPath:
    """From the ends of a region's chains along its right and lower side up to its orchestrator."""
    gutter = region.rect.right - (MARGIN + RETURN) / 2
    floor = region.rect.bottom - (MARGIN + RETURN) / 2
    path = QPainterPath()
    ends = sorted(region.ends, key=lambda end: end[1])
    for number, (x, y) in enumerate(ends):
        path.moveTo(x + 6, y)
        bend = min(BEND, max(gutter - x - 6, 0.0), max(floor - y, 0.0) / 2)
        path.lineTo(gutter - bend, y)
        path.quadTo(gutter, y, gutter, y + bend)
        if number == 0:
            path.lineTo(gutter, floor - BEND)
            path.quadTo(gutter, floor, gutter - BEND, floor)
            home_x, home_y = region.home
            path.lineTo(home_x + BEND, floor)
            path.quadTo(home_x, floor, home_x, floor - BEND)
            path.lineTo(home_x, home_y + 4)
    return path
