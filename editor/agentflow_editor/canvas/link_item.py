"""LinkItem: a link as NodeGraphQt's view holds it, made lean."""

from typing import cast

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPainterPathStroker
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsPathItem,
    QGraphicsScene,
    QStyleOptionGraphicsItem,
    QWidget,
)

from agentflow_editor.canvas.ink import LEGIBLE, Ink
from agentflow_editor.canvas.items import SocketItem
from agentflow_editor.canvas.library import PipeItem
from agentflow_editor.canvas.links import label_rect, link_pen, paint_label
from agentflow_editor.canvas.marks import UNMARKED, LinkMark
from agentflow_editor.canvas.routes import link_path
from agentflow_editor.canvas.scene import Link

__all__ = ["LinkItem"]

HEIGHT = 5
"""The z value of links: above regions, below nodes."""
GRIP = 14
"""How wide the strip along a link is that can be grasped."""


class LinkItem(PipeItem):
    """A link, painted by Qt itself; what is written on it is an item of its own."""

    paint = QGraphicsPathItem.paint

    def __init__(self) -> None:
        QGraphicsPathItem.__init__(self)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsSelectable, True)
        self.setZValue(HEIGHT)
        self._input_port = self._output_port = None
        self._mark = UNMARKED
        self._label: _LabelItem | None = None
        self._bounds = QRectF()
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

    def set_mark(self, mark: LinkMark) -> bool:
        """Show what a run says; whether that is something else than before."""
        if mark == self._mark:
            return False
        self._mark = mark
        self._dress()
        return True

    def route(self) -> None:
        """Follow its two ports."""
        sockets: tuple[SocketItem, SocketItem] = self._output_port, self._input_port
        begin, end = (socket.scenePos() for socket in sockets)
        label = label_rect(self.link, begin, end, self.ink)
        path = link_path(begin, end, end.x() - label.left() if label else 0)
        self.prepareGeometryChange()
        self._bounds = path.controlPointRect().adjusted(-GRIP, -GRIP, GRIP, GRIP)
        self.setPath(path)
        self._place_label(label)

    def _place_label(self, rect: QRectF) -> None:
        if self._label is None and rect:
            self._label = _LabelItem(self)
            self._label.follow(self.scene())
        if self._label is not None:
            self._label.place(rect)

    def itemChange(self, change: QGraphicsItem.GraphicsItemChange, value: object) -> object:
        if change == QGraphicsItem.GraphicsItemChange.ItemSelectedHasChanged:
            self._dress()
        elif change == QGraphicsItem.GraphicsItemChange.ItemSceneChange and self._label is not None:
            self._label.follow(value)
        return value

    def shape(self) -> QPainterPath:
        stroker = QPainterPathStroker()
        stroker.setWidth(GRIP)
        return stroker.createStroke(self.path())

    def boundingRect(self) -> QRectF:
        return self._bounds

    def hoverEnterEvent(self, event: object) -> None:
        """Nothing: the library would colour it."""

    hoverLeaveEvent = hoverEnterEvent

    def _dress(self) -> None:
        marks = self._mark
        self.setPen(link_pen(self.link, self.kind, marks, self.ink, is_selected=self.isSelected()))
        if self._label is not None:
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
        self.setZValue(HEIGHT + 1)
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
        if self._rect and option.levelOfDetailFromTransform(painter.worldTransform()) >= LEGIBLE:
            self._link.paint_label(painter, self._rect)
