"""Minimap: the whole drawing in a corner, with what is seen of it; a click goes there.

What a run says of a step is told by its shape there, too: what waits is a bar, what is done a
block, and what stands out has a sign.
"""

from collections import defaultdict
from collections.abc import Iterator

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QTransform
from PySide6.QtWidgets import QApplication, QWidget

from agentflow_editor.canvas.drawing import Drawing
from agentflow_editor.canvas.ink import sign
from agentflow_editor.canvas.overview import TOLD_BY_SIGN
from agentflow_editor.canvas.paint import SIGNS
from agentflow_editor.canvas.scene import Scene
from agentflow_editor.canvas.view import FlowView
from agentflow_editor.looks.theme import Theme

__all__ = ["Minimap"]

SIZE = QSize(200, 132)
MARGIN = 12
ROOM = 8
"""Between the drawing and the map's border, in pixels."""
THINNEST = 1.5
"""How wide a node is at least, in pixels."""
SIGN = 12
"""The side of a status's sign, in pixels."""
BAR = 3
"""What waits is so many times lower than what is done."""
PAUSE = 250
"""Milliseconds from one picture of a run to the next."""


class Minimap(QWidget):
    """Stands over the canvas while not everything is seen, unless it is switched off."""

    def __init__(self, canvas: QWidget, view: FlowView, drawing: Drawing, theme: Theme) -> None:
        super().__init__(canvas)
        self._home, self._view, self._drawing, self._theme = canvas, view, drawing, theme
        self._scene: Scene | None = None
        self._whole, self._seen = QRectF(), QRectF()
        self._picture: QPixmap | None = None
        self.is_wanted = True
        """Whether the person wants to see it at all."""
        self.setFixedSize(SIZE)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("Minimap")
        self._soon = QTimer(self, singleShot=True, interval=PAUSE)
        self._soon.timeout.connect(self._draw_again)
        drawing.marked.connect(self._on_marked)
        view.camera_moved.connect(self.refresh)
        canvas.installEventFilter(self)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._on_focus)
        self.hide()

    def _on_focus(self, *_: object) -> None:
        if self._scene is not None and self._home.isVisible():
            self.refresh()

    def toggle(self) -> None:
        """Show it while not everything is seen, or not at all."""
        self.is_wanted = not self.is_wanted
        self.refresh()

    def paint_in(self, theme: Theme) -> None:
        """Be drawn in another theme."""
        self._theme, self._scene = theme, None
        self.refresh()

    def refresh(self) -> None:
        """Show what stands on the canvas now, and what is seen of it."""
        before, self._scene = self._scene, self._drawing.scene
        if before is None or not _stands_alike(before, self._scene):
            self._whole, self._picture = self._drawing.rect(), None
        seen, self._seen = self._seen, self._view.in_sight
        is_all = self._seen.contains(self._whole)
        self._stand()
        was_hidden = self.isHidden()
        self.setVisible(self.is_wanted and not is_all and not self._is_in_the_way())
        if was_hidden:
            self.raise_()  # and later never over what is said or asked there meanwhile
        if self._picture is None or seen != self._seen:
            self.update()  # what lies under it is painted with it, which takes its time

    def _is_in_the_way(self) -> bool:
        """Whether it would lie over a field that somebody writes in."""
        field = QApplication.focusWidget()
        if field is None or field is self._view or not self._view.isAncestorOf(field):
            return False
        place = QRect(field.mapTo(self._home, QPoint()), field.size())
        return self.geometry().intersects(place)

    def _on_marked(self) -> None:
        if not self._soon.isActive():
            self._soon.start()

    def _draw_again(self) -> None:
        self._picture = None
        self.update()

    def _stand(self) -> None:
        room = self._home.size()
        self.move(room.width() - self.width() - MARGIN, room.height() - self.height() - MARGIN)

    @property
    def _scale(self) -> float:
        """How large a scene unit is on the map."""
        across = (self.width() - 2 * ROOM) / max(self._whole.width(), 1)
        down = (self.height() - 2 * ROOM) / max(self._whole.height(), 1)
        return min(across, down)

    def _map(self) -> QTransform:
        """From the scene to the map."""
        scale, middle = self._scale, self._whole.center()
        to_middle = QTransform.fromTranslate(self.width() / 2, self.height() / 2)
        return QTransform.fromTranslate(-middle.x(), -middle.y()) * (
            QTransform.fromScale(scale, scale) * to_middle
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._picture is None:
            self._picture = self._drawn(self._drawing.scene)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawPixmap(0, 0, self._picture)
        painter.setPen(QPen(self._theme.color("accent"), 1.4))
        seen = self._map().mapRect(self._view.in_sight)
        painter.drawRect(seen.intersected(QRectF(self.rect()).adjusted(1, 1, -1, -1)))

    def _drawn(self, scene: Scene) -> QPixmap:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("border"), 1))
        painter.setBrush(self._theme.color("base"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setPen(Qt.PenStyle.NoPen)
        place = self._map()
        for role, rects in self._patches(scene, place).items():
            painter.setBrush(self._theme.color(role))
            painter.drawRects(rects)
        for status, middle in self._signs(scene, place):
            self._paint_sign(painter, status, middle)
        painter.end()
        return picture

    def _patches(self, scene: Scene, place: QTransform) -> dict[str, list[QRectF]]:
        """The ground of each node, by the theme's role for its colour: one is painted at once."""
        found: dict[str, list[QRectF]] = defaultdict(list)
        for path, box in scene.boxes.items():
            status = self._drawing.node(path).status
            rect = place.mapRect(QRectF(box.x, box.y, box.width, box.height))
            rect.setWidth(max(rect.width(), THINNEST))
            if status == "waiting":
                rect.adjust(0, rect.height() / BAR, 0, -rect.height() / BAR)
            found[status or ("muted" if box.kind == "start" else box.kind)].append(rect)
        return found

    def _signs(self, scene: Scene, place: QTransform) -> Iterator[tuple[str, QPointF]]:
        """Each status that has a sign, and where; of several that lie over another the first."""
        taken = set[tuple[int, int, str]]()
        for path, box in scene.boxes.items():
            status = self._drawing.node(path).status
            if status in TOLD_BY_SIGN:
                middle = place.map(QPointF(*box.rect.middle))
                cell = int(middle.x() / SIGN), int(middle.y() / SIGN), status
                if cell not in taken:
                    taken.add(cell)
                    yield status, middle

    def _paint_sign(self, painter: QPainter, status: str, middle: QPointF) -> None:
        painter.setBrush(self._theme.color("base"))
        painter.drawEllipse(middle, SIGN / 2, SIGN / 2)
        side = SIGN - 2
        square = QRectF(middle.x() - side / 2, middle.y() - side / 2, side, side)
        painter.fillPath(sign(SIGNS[status], square), self._theme.color(status))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._go(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event.position())

    def _go(self, at: QPointF) -> None:
        middle = QPointF(self.width(), self.height()) / 2
        there = self._whole.center() + (at - middle) / self._scale
        self._view.look_at(there, self._view.zoom)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._home and event.type() == QEvent.Type.Resize:
            self._stand()
        return super().eventFilter(watched, event)


def _stands_alike(one: Scene, other: Scene) -> bool:
    """Whether both scenes have the same nodes at the same places."""
    if one is other:
        return True
    if one.boxes.keys() != other.boxes.keys() or one.notes != other.notes:
        return False
    boxes = ((box, one.boxes[path]) for path, box in other.boxes.items())
    return all(box is old or (box.rect, box.kind) == (old.rect, old.kind) for box, old in boxes)
