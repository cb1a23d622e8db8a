"""FlowView: the view of the canvas, its camera, and what lies under the mouse."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QGraphicsItem, QGraphicsView, QStyleOptionGraphicsItem

from agentflow_editor.canvas.floor import Floor
from agentflow_editor.canvas.ground import paint_ground, paint_hint
from agentflow_editor.canvas.ink import Ink
from agentflow_editor.canvas.items import NodeItem, SocketItem
from agentflow_editor.canvas.library import NO_GRID, NodeViewer
from agentflow_editor.canvas.link_item import LinkItem
from agentflow_editor.canvas.note_item import NoteItem
from agentflow_editor.canvas.overview import Overview
from agentflow_editor.canvas.paint import FAR
from agentflow_editor.canvas.pan import Pan
from agentflow_editor.canvas.touch import Gesture, Hit, Pointer
from agentflow_editor.document.sheet import note_key

__all__ = ["FlowView"]

CLOSEST, FARTHEST = 3.0, 0.01
"""The zooms that the camera keeps between."""
WORLD = QRectF(-4e6, -4e6, 8e6, 8e6)
"""Where the camera can go, in scene units; at any zoom a pixel of it has a whole number."""

AROUND = 36
"""Pixels that are left free around what is shown."""

GROUND = QRectF(-1000, -1000, 4000, 3000)
"""The part of it where things stand at first; it grows with them."""
INDEX_DEPTH = 12
"""How often the ground is cut in two, so that what is in sight is found among what is not."""


class FlowView(NodeViewer):
    """Looks at the scene. What a press of the mouse begins, `begin` says."""

    double_clicked = Signal(str)
    """(key) of the node or note."""
    menu_wanted = Signal(object, QPoint)
    """(hit, global position)."""
    camera_moved = Signal()
    touched = Signal()
    """A button of the mouse or a key is pressed, or the wheel turned; nobody has looked yet at what
    that means."""
    let_go = Signal()
    """What a press of the mouse began has ended, whatever came of it."""
    dragged = Signal()
    """The mouse takes something along, be it the ground or a rubber band."""
    escaped = Signal()
    """Escape was pressed, and no gesture was under way."""

    def __init__(self, ink: Ink) -> None:
        self._ink = ink
        self.begin: Callable[[Hit, Pointer], Gesture | None] = lambda _hit, _pointer: None
        self.far: Overview | None = None
        """What is drawn, as it is seen from far away."""
        self._floor = Floor()
        self._loose: list[QGraphicsItem] = []
        self._hint_at: QPointF | None = None
        self._gesture: Gesture | None = None
        self._pressed_at = QPoint()
        self._space_held = False
        self._center, self._zoom = QPointF(0, 0), 1.0
        super().__init__()
        self._search_widget.deleteLater()  # the library's own; it would open a menu with exec
        self.setMouseTracking(True)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setFrameShape(QGraphicsView.Shape.NoFrame)
        self.setSceneRect(WORLD)
        self.setCacheMode(QGraphicsView.CacheModeFlag.CacheNone)
        # The library's ground would show in pictures of the scene.
        self.scene().setBackgroundBrush(Qt.BrushStyle.NoBrush)
        self.scene().grid_mode = NO_GRID
        self.scene().setSceneRect(GROUND)
        self.scene().setBspTreeDepth(INDEX_DEPTH)

    # The camera

    @property
    def zoom(self) -> float:
        """How large a scene unit is, in pixels."""
        return self._zoom

    @property
    def center(self) -> QPointF:
        """The point of the scene in the middle of the view."""
        return QPointF(self._center)

    @property
    def in_sight(self) -> QRectF:
        """The part of the scene that is seen."""
        return self.mapToScene(self.viewport().rect()).boundingRect()

    def look_at(self, center: QPointF, zoom: float) -> None:
        """Move the camera."""
        self._zoom = max(FARTHEST, min(CLOSEST, zoom))
        self._center = QPointF(center)
        self._update_scene()
        self.camera_moved.emit()

    def zoom_by(self, factor: float, around: QPointF | None = None) -> None:
        """Come closer or go away; a point of the scene stays where it is."""
        fixed = around if around is not None else self._center
        zoom = max(FARTHEST, min(CLOSEST, self._zoom * factor))
        self.look_at(fixed + (self._center - fixed) * (self._zoom / zoom), zoom)

    def zoom_for(self, rect: QRectF) -> float:
        """The zoom at which all of a rectangle of the scene is seen, with some room around it."""
        size = self.viewport().size()
        across = (size.width() - 2 * AROUND) / max(rect.width(), 1)
        down = (size.height() - 2 * AROUND) / max(rect.height(), 1)
        return min(across, down, 1.0)

    def show_rect(self, rect: QRectF) -> None:
        """Show all of a rectangle of the scene, with some room around it."""
        self.look_at(rect.center(), self.zoom_for(rect))

    def show_corner(self, rect: QRectF, first: QRectF, zoom: float) -> None:
        """Show as much of a rectangle of the scene as there is room for, one in it at the left.

        Args:
            rect: what would be shown best.
            first: the part of it that is shown in any case.
            zoom: from how near.
        """
        x = first.left() + (self.viewport().width() / 2 - AROUND) / zoom
        self.look_at(self.bounded(QPointF(x, first.center().y()), rect, zoom), zoom)

    def bounded(self, center: QPointF, rect: QRectF, zoom: float) -> QPointF:
        """The nearest point to look at from which little is seen beside a rectangle.

        Args:
            center: what would be looked at.
            rect: a part of the scene; where there is room for all of it, it is in the middle.
            zoom: from how near.
        """
        size, room = QSizeF(self.viewport().size()) / zoom, AROUND / zoom
        whole = rect.adjusted(-room, -room, room, room)
        x = _within(center.x(), whole.left(), whole.right(), size.width())
        y = _within(center.y(), whole.top(), whole.bottom(), size.height())
        return QPointF(x, y)

    def make_room(self, rect: QRectF) -> None:
        """Things will stand in a part of the scene, and are to be found quickly there.

        Qt finds them by a tree over the scene's rectangle. Who leaves that to Qt and has a view
        with a rectangle of its own has one leaf with everything in it.
        """
        ground = self.scene().sceneRect()
        if not ground.contains(rect):
            whole = ground.united(rect)
            across, down = whole.width() / 2, whole.height() / 2
            self.scene().setSceneRect(whole.adjusted(-across, -down, across, down))

    def _update_scene(self) -> None:
        # The library fits a rectangle into the view, which never shows anything at exactly 100 %.
        # Here the scroll bars are moved: Qt then paints what comes into sight and nothing else,
        # and what is seen stands on whole pixels, without which texts would be blurred.
        size = QPointF(max(self.viewport().width(), 1), max(self.viewport().height(), 1))
        corner = (self._center * self._zoom - size / 2).toPoint()
        self._scene_range = QRectF(
            QPointF(corner) / self._zoom, QSizeF(size.x(), size.y()) / self._zoom
        )
        if self.transform().m11() != self._zoom:
            self.setTransform(QTransform.fromScale(self._zoom, self._zoom))
        self.horizontalScrollBar().setValue(corner.x())
        self.verticalScrollBar().setValue(corner.y())

    def resizeEvent(self, event: QResizeEvent) -> None:
        QGraphicsView.resizeEvent(self, event)
        self._update_scene()
        self.camera_moved.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.touched.emit()
        turned = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            way = turned.y() or turned.x()
            self.look_at(self._center - QPointF(way, 0) / (2 * self._zoom), self._zoom)
        elif turned.y():
            at = self.mapToScene(event.position().toPoint())
            self.zoom_by(1.0015 ** turned.y(), at)
        event.accept()

    # The ground

    def set_ink(self, ink: Ink) -> None:
        """Be drawn in another theme."""
        self._ink = ink
        self.viewport().update()

    def show_hint(self, at: QPointF | None) -> None:
        """Tell below a point of the scene how a flow is begun; None stops it."""
        if at != self._hint_at:
            self._hint_at = at
            self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._zoom < FAR:
            self._paint_far(event.region())
        else:
            super().paintEvent(event)

    def _paint_far(self, region: QRegion) -> None:
        painter = QPainter(self.viewport())
        painter.setClipRegion(region)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setWorldTransform(self.viewportTransform())
        part, camera = region.boundingRect(), (self.viewportTransform(), self.viewport().size())
        shown = camera, self._ink, self.far and self.far.floor_changes
        self._floor.paint(painter, part, shown, self._paint_floor)
        if self.far is not None:
            is_whole = part == self.viewport().rect()
            exposed = None if is_whole else self.mapToScene(part).boundingRect()
            self.far.paint_nodes(painter, exposed, self._ink)
        for item in self._loose:
            if item.isVisible():
                item.paint(painter, QStyleOptionGraphicsItem(), self.viewport())
        self.drawForeground(painter, self.mapToScene(part).boundingRect())
        painter.end()

    def _paint_floor(self, painter: QPainter, part: QRect) -> None:
        exposed = self.mapToScene(part).boundingRect()
        paint_ground(painter, exposed, self._zoom, self._ink)
        if self.far is not None:
            self.far.paint_floor(painter)

    def redraw_far(self) -> None:
        """What is seen from far away is another now; where single items are seen, they tell."""
        if self._zoom < FAR:
            self.viewport().update()

    def add_loose(self, item: QGraphicsItem) -> None:
        """Show an item that belongs to a gesture and not to the drawing, from far away too."""
        self._loose.append(item)
        self.scene().addItem(item)

    def remove_loose(self, item: QGraphicsItem) -> None:
        """Take such an item away."""
        self._loose.remove(item)
        self.scene().removeItem(item)

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        paint_ground(painter, QRectF(rect), self._zoom, self._ink)

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        if self._hint_at is not None:
            paint_hint(painter, self.mapFromScene(self._hint_at), self._ink)

    # The mouse

    def hit(self, at: QPointF) -> Hit:
        """What lies at a point of the scene: a port before a node, that before a link or note."""
        items = self.scene().items(at)
        for item in items:
            if isinstance(item, SocketItem):
                return Hit(item.home, item.name)
        node = next((item for item in items if isinstance(item, NodeItem)), None)
        link = next((item for item in items if isinstance(item, LinkItem)), None)
        note = next((item for item in items if isinstance(item, NoteItem)), None)
        return Hit(node) if node else Hit(link=link, note=None if link else note)

    def pointer(self, event: QMouseEvent) -> Pointer:
        """Where an event was."""
        at = event.position().toPoint()
        return Pointer(at, self.mapToScene(at), event.modifiers())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.touched.emit()
        pointer = self.pointer(event)
        self._previous_pos = self._pressed_at = pointer.view
        pans = event.button() == Qt.MouseButton.MiddleButton or self._space_held
        if self._gesture is not None:
            return
        if pans:
            self._gesture = Pan(self, pointer)
        elif event.button() == Qt.MouseButton.LeftButton:
            self._gesture = self.begin(self.hit(pointer.scene), pointer)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        pointer = self.pointer(event)
        self._previous_pos = pointer.view
        if self._gesture is not None:
            self._gesture.move(pointer)
            way = (pointer.view - self._pressed_at).manhattanLength()
            if way >= QApplication.startDragDistance():
                self.dragged.emit()
        else:
            QGraphicsView.mouseMoveEvent(self, event)  # ports light up under the mouse

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.release(self.pointer(event))
            self.let_go.emit()

    @property
    def is_held(self) -> bool:
        """Whether something is under way that a press of the mouse began."""
        return self._gesture is not None

    def give_up(self) -> bool:
        """Undo what a gesture has done so far; whether one was under way."""
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.cancel()
            self.let_go.emit()
        return gesture is not None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        hit = self.hit(self.pointer(event).scene)
        if hit.node is not None and not hit.port:
            self.double_clicked.emit(hit.node.box.path)
        elif hit.note is not None:
            self.double_clicked.emit(note_key(hit.note.name))
        else:
            self.mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(self.hit(self.mapToScene(event.pos())), event.globalPos())

    def event(self, event: QEvent) -> bool:
        # Asked before every key, also before those that are shortcuts.
        if event.type() == QEvent.Type.ShortcutOverride:
            self.touched.emit()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space_held = True
            self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
        elif event.key() == Qt.Key.Key_Escape:
            if not self.give_up():
                self.escaped.emit()
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._let_space_go()

    def focusInEvent(self, event: QFocusEvent) -> None:
        QGraphicsView.focusInEvent(self, event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._let_space_go()
        QGraphicsView.focusOutEvent(self, event)

    def _let_space_go(self) -> None:
        self._space_held = False
        self.viewport().unsetCursor()

    # What NodeGraphQt asks of its viewer:

    def establish_connection(self, start_port: SocketItem, end_port: SocketItem) -> None:
        """Make the item of a new link; whoever asked for it says what it is."""
        item = LinkItem()
        self.scene().addItem(item)
        item.set_connections(start_port, end_port)


def _within(middle: float, begin: float, end: float, length: float) -> float:
    """The middle of a length that stands between two ends; between both where it is longer."""
    if end - begin <= length:
        return (begin + end) / 2
    return max(begin + length / 2, min(middle, end - length / 2))
