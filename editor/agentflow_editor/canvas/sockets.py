"""Sockets: where a node's ports are, measured from its top left corner."""

from agentflow_editor.canvas.areas import Rect
from agentflow_editor.canvas.scene import Box
from agentflow_editor.document.node_size import HEAD, ROW
from agentflow_editor.document.ports import IN, NEXT

__all__ = ["port_rows", "socket_points"]


def port_rows(box: Box) -> tuple[Rect, ...]:
    """The rows of an orchestrator's own ports, from top to bottom."""
    rows, top = list[Rect](), box.head
    for port in box.ports:
        rows.append(Rect(0, top, box.width, port.height))
        top += port.height
    return tuple(rows)


def socket_points(box: Box) -> dict[str, tuple[float, float]]:
    """The middle of each port by its name; `in` stands left, all others right.

    `in` and `next` are as high on every node, so that a chain runs in a straight line.
    """
    middle = min(HEAD, box.height) / 2
    points: dict[str, tuple[float, float]] = {NEXT: (float(box.width), middle)}
    if box.kind != "start":
        points[IN] = (0.0, middle)
    for port, row in zip(box.ports, port_rows(box), strict=True):
        points[port.name] = (float(box.width), row.y + ROW / 2)
    return points
