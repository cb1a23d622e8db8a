"""Items: nodes, their sockets and their links as NodeGraphQt's view holds them, made lean.

NodeGraphQt's own items are a dozen child items a node; these paint a node in one go.
"""

from collections.abc import Iterator
from typing import cast

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPainterPathStroker
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsPathItem,
    QGraphicsScene,
    QStyleOptionGraphicsItem,
    QWidget,
)

from agentflow_editor.canvas.ink import Ink
from agentflow_editor.canvas.library import (
    INPUT,
    OUTPUT,
    AbstractNodeItem,
    PipeItem,
    PortItem,
)
from agentflow_editor.canvas.links import label_rect, link_pen, paint_label
from agentflow_editor.canvas.marks import PLAIN, UNMARKED, LinkMark, Mark
from agentflow_editor.canvas.paint import BORDER, paint_box
from agentflow_editor.canvas.routes import link_path
from agentflow_editor.canvas.scene import Box, Link
from agentflow_editor.canvas.sockets import socket_points
from agentflow_editor.plain_text import plain_tooltip

__all__ = ["LinkItem", "NodeItem", "SocketItem"]

GRIP = 11.0
"""Half the side of the square around a socket that can be grasped."""
NODES, LINKS = 10, 5
"""The z values of nodes and links; regions lie below both."""


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
        self._pipes: list[LinkItem] = []
        self._multi_connection = True
        self._locked = self._hovered = False
        self._display_name = True

    def boundingRect(self) -> QRectF:
        return QRectF(-GRIP, -GRIP, 2 * GRIP, 2 * GRIP)

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
        self.setZValue(NODES)
        self._inputs: list[SocketItem] = []
        self._outputs: list[SocketItem] = []
        self._hovered = ""
        self._mark = PLAIN
        self.box: Box
        self.ink: Ink

    def show_box(self, box: Box) -> None:
        """Stand elsewhere, or say something else; the ports are the same."""
        self.prepareGeometryChange()
        self.box = box
        self._width, self._height = box.width, box.height
        self.setPos(box.x, box.y)
        self.setToolTip(_tip(box))
        for socket in self._inputs + self._outputs:
            socket.setPos(*socket_points(box)[socket.name])
        for link in self.links():
            link.route()
        self.update()

    def set_ink(self, ink: Ink) -> None:
        """Be drawn in another theme."""
        self.ink = ink
        self.update()

    def set_mark(self, mark: Mark) -> None:
        """Show what a run says."""
        if mark != self._mark:
            self._mark = mark
            self.update()

    def set_hovered(self, port: str) -> None:
        """Make a port stand out; "" for none."""
        self._hovered = port
        self.update()

    def socket_at(self, port: str) -> QPointF:
        """Where the middle of a port is, in the scene."""
        return self.pos() + QPointF(*socket_points(self.box)[port])

    def scene_rect(self) -> QRectF:
        """Its rectangle in the scene, without rings and badges."""
        return QRectF(self.box.x, self.box.y, self.box.width, self.box.height)

    def links(self) -> Iterator["LinkItem"]:
        """Every link that hangs on it."""
        for socket in self._inputs + self._outputs:
            yield from socket.connected_pipes

    def boundingRect(self) -> QRectF:
        return QRectF(0, 0, self._width, self._height).adjusted(-BORDER, -BORDER, BORDER, BORDER)

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
        paint_box(
            painter,
            self.box,
            self._mark,
            self.ink,
            zoom=option.levelOfDetailFromTransform(painter.worldTransform()),
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


class LinkItem(PipeItem):
    """A link, painted by Qt itself; what is written on it is an item of its own."""

    paint = QGraphicsPathItem.paint

    def __init__(self) -> None:
        QGraphicsPathItem.__init__(self)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsSelectable, True)
        self.setZValue(LINKS)
        self._input_port = self._output_port = None
        self._mark = UNMARKED
        self._label = _LabelItem(self)
        self._label.setZValue(LINKS + 1)
        self.link: Link
        self.ink: Ink

    @property
    def kind(self) -> str:
        """The kind of node that it begins at."""
        begin: SocketItem = self._output_port
        return begin.home.box.kind

    def show_link(self, link: Link) -> None:
        """Say something else."""
        self.link = link
        self.route()
        self._dress()

    def set_ink(self, ink: Ink) -> None:
        """Be drawn in another theme."""
        self.ink = ink
        self._dress()

    def set_mark(self, mark: LinkMark) -> None:
        """Show what a run says."""
        if mark != self._mark:
            self._mark = mark
            self._dress()

    def route(self) -> None:
        """Follow its two ports."""
        sockets: tuple[SocketItem, SocketItem] = self._output_port, self._input_port
        begin, end = (socket.scenePos() for socket in sockets)
        label = label_rect(self.link, end, self.ink)
        self.setPath(link_path(begin, end, end.x() - label.left() if label else 0))
        self._label.place(label)

    def itemChange(self, change: QGraphicsItem.GraphicsItemChange, value: object) -> object:
        if change == QGraphicsItem.GraphicsItemChange.ItemSelectedHasChanged:
            self._dress()
        elif change == QGraphicsItem.GraphicsItemChange.ItemSceneChange:
            self._label.follow(value)
        return value

    def shape(self) -> QPainterPath:
        stroker = QPainterPathStroker()
        stroker.setWidth(14)
        return stroker.createStroke(self.path())

    def boundingRect(self) -> QRectF:
        return super().boundingRect().adjusted(-7, -7, 7, 7)

    def hoverEnterEvent(self, event: object) -> None:
        """Nothing: the library would colour it."""

    hoverLeaveEvent = hoverEnterEvent

    def _dress(self) -> None:
        marks = self._mark
        self.setPen(link_pen(self.link, self.kind, marks, self.ink, is_selected=self.isSelected()))
        self._label.update()

    def paint_label(self, painter: QPainter, rect: QRectF) -> None:
        """Paint what is written on it."""
        paint_label(painter, self.link, self.kind, rect, self._mark, self.ink)


class _LabelItem(QGraphicsItem):
    """What is written on a link."""

    def __init__(self, link: LinkItem) -> None:
        super().__init__()
        self._link = link
        self._rect = QRectF()
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def follow(self, scene: object) -> None:
        """Go to its link's scene, above all links of it; None leaves the one it is in."""
        before = cast("QGraphicsScene | None", self.scene())
        if before is not None:
            before.removeItem(self)
        if isinstance(scene, QGraphicsScene):
            scene.addItem(self)

    def place(self, rect: QRectF) -> None:
        """Stand elsewhere; an empty rectangle hides it."""
        self.prepareGeometryChange()
        self._rect = rect

    def boundingRect(self) -> QRectF:
        return self._rect.adjusted(-1, -1, 1, 1) if self._rect else QRectF()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        if self._rect and option.levelOfDetailFromTransform(painter.worldTransform()) >= 0.4:
            self._link.paint_label(painter, self._rect)


def _tip(box: Box) -> str:
    notes = [f"{port.label}: {port.note}" for port in box.ports if port.note]
    return plain_tooltip("\n".join((box.title, *notes, *box.problems)))
