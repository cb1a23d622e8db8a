"""Items: nodes and their sockets as NodeGraphQt's view holds them, made lean.

NodeGraphQt's own items are a dozen child items a node; these paint a node in one go.
"""

from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from agentflow_editor.canvas.ink import Ink
from agentflow_editor.canvas.library import INPUT, OUTPUT, AbstractNodeItem, PortItem
from agentflow_editor.canvas.marks import PLAIN, Mark
from agentflow_editor.canvas.paint import BORDER, patch_color, stamp_box
from agentflow_editor.canvas.scene import Box
from agentflow_editor.canvas.sockets import socket_points
from agentflow_editor.looks.plain_text import plain_tooltip

__all__ = ["NodeItem", "SocketItem"]

GRIP = 11.0
"""Half the side of the square around a socket that can be grasped."""
GRIPPED = QRectF(-GRIP, -GRIP, 2 * GRIP, 2 * GRIP)
HEIGHT = 10
"""The z value of nodes; links and regions lie below."""


class SocketItem(PortItem):
    """A port that can be found under the mouse; its node paints it."""

    itemChange = QGraphicsItem.itemChange  # the node moves its links, in one go

    def __init__(self, parent: "NodeItem", name: str, kind: str) -> None:
        QGraphicsItem.__init__(self, parent)
        self.home = parent
        """The node that it belongs to."""
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents, True)
        self.setAcceptHoverEvents(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self._name, self._port_type = name, kind
        self._pipes: list[Any] = []
        self._multi_connection = True
        self._locked = self._hovered = False
        self._display_name = True

    def boundingRect(self) -> QRectF:
        return GRIPPED

    def paint(self, painter: QPainter, option: object, widget: object = None) -> None:
        """Nothing: the node paints its ports."""

    def hoverEnterEvent(self, event: object) -> None:
        self.home.set_hovered(self._name)

    def hoverLeaveEvent(self, event: object) -> None:
        self.home.set_hovered("")


class NodeItem(AbstractNodeItem):
    """A node: a Box, what a run says about it, and how it looks now."""

    def __init__(self, name: str = "", parent: QGraphicsItem | None = None) -> None:
        super().__init__(name, parent)
        self.setCacheMode(QGraphicsItem.CacheMode.NoCache)
        # Gestures move nodes, so that a press can still become something else.
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsMovable, False)
        self.setZValue(HEIGHT)
        self._inputs: list[SocketItem] = []
        self._outputs: list[SocketItem] = []
        self._hovered = ""
        self._mark = PLAIN
        self._bounds = QRectF()
        self.box: Box
        self.ink: Ink

    def show_box(self, box: Box) -> None:
        """Stand elsewhere, or say something else; the ports are the same."""
        self.prepareGeometryChange()
        self.box = box
        self._width, self._height = box.width, box.height
        rect = QRectF(0, 0, box.width, box.height)
        self._bounds = rect.adjusted(-BORDER, -BORDER, BORDER, BORDER)
        self.setPos(box.x, box.y)
        self.setToolTip(_tip(box, self._mark))
        points = socket_points(box)
        for socket in self._inputs + self._outputs:
            socket.setPos(*points[socket.name])
        for link in self.links:
            link.route()
        self.update()

    def set_ink(self, ink: Ink) -> None:
        """Be drawn in another theme."""
        self.ink = ink
        self.update()

    def set_mark(self, mark: Mark) -> bool:
        """Show what a run says; whether that is something else than before."""
        before, self._mark = self._mark, mark
        if mark == before:
            return False
        if mark.error or before.error:
            self.setToolTip(_tip(self.box, mark))
        self.update()
        return True

    def set_hovered(self, port: str) -> None:
        """Make a port stand out; "" for none."""
        self._hovered = port
        self.update()

    @property
    def mark(self) -> Mark:
        """All that a run and a person's breakpoints say of it."""
        return self._mark

    @property
    def status(self) -> str:
        """What a run says of it; "" for no run."""
        return self._mark.status

    @property
    def patch(self) -> QColor:
        """What it is filled with when it is seen from far away."""
        return patch_color(self.box, self._mark, self.ink)

    @property
    def links(self) -> list[Any]:
        """The items of the links at its ports."""
        return [it for socket in self._inputs + self._outputs for it in socket.connected_pipes]

    def socket_at(self, port: str) -> QPointF:
        """Where the middle of a port is, in the scene."""
        return self.pos() + QPointF(*socket_points(self.box)[port])

    def scene_rect(self) -> QRectF:
        """Its rectangle in the scene, without rings and badges."""
        return QRectF(self.box.x, self.box.y, self.box.width, self.box.height)

    def boundingRect(self) -> QRectF:
        return self._bounds

    def shape(self) -> QPainterPath:
        path = QPainterPath()
        path.addRect(0, 0, self._width, self._height)
        return path

    def itemChange(self, change: QGraphicsItem.GraphicsItemChange, value: object) -> object:
        if change == QGraphicsItem.GraphicsItemChange.ItemSelectedHasChanged:
            self.update()
        return value

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        stamp_box(
            painter,
            self.box,
            self._mark,
            self.ink,
            is_selected=self.isSelected(),
            hovered=self._hovered,
        )

    # What NodeGraphQt asks of every node item:

    @property
    def inputs(self) -> list[SocketItem]:
        """Its ports on the left."""
        return self._inputs

    @property
    def outputs(self) -> list[SocketItem]:
        """Its ports on the right."""
        return self._outputs

    @property
    def widgets(self) -> dict[str, object]:
        """None: what a node says is edited beside the canvas."""
        return {}

    @property
    def name(self) -> str:
        """Its path. Titles are not unique."""
        return self._properties["name"]

    @name.setter
    def name(self, name: str) -> None:
        # Without the library's tooltip: it would show a flow's texts as HTML.
        self._properties["name"] = name

    def add_input(self, name: str, *_: object) -> SocketItem:
        """Make the port on the left."""
        self._inputs.append(SocketItem(self, name, INPUT))
        return self._inputs[-1]

    def add_output(self, name: str, *_: object) -> SocketItem:
        """Make a port on the right."""
        self._outputs.append(SocketItem(self, name, OUTPUT))
        return self._outputs[-1]


def _tip(box: Box, mark: Mark) -> str:
    notes = [f"{port.label}: {port.note}" for port in box.ports if port.note]
    errors = [f"{mark.status}: {mark.error}"] if mark.error else []
    return plain_tooltip("\n".join((box.title, *errors, *notes, *box.problems)))
