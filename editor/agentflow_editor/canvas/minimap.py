"""Minimap: the whole drawing in a corner, with what is seen of it; a click goes there."""

from collections import defaultdict

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QTransform
from PySide6.QtWidgets import QWidget

from agentflow_editor.canvas.drawing import Drawing
from agentflow_editor.canvas.scene import Box, Scene
from agentflow_editor.canvas.view import FlowView
from agentflow_editor.looks.theme import Theme

__all__ = ["Minimap"]

SIZE = QSize(200, 132)
MARGIN = 12
ROOM = 8
"""Between the drawing and the map's border, in pixels."""


class Minimap(QWidget):
    """Stands over the canvas while not everything is seen, unless it is switched off."""

    def __init__(self, canvas: QWidget, view: FlowView, drawing: Drawing, theme: Theme) -> None:
        super().__init__(canvas)
        self._home, self._view, self._drawing, self._theme = canvas, view, drawing, theme
        self._scene: Scene | None = None
        self._whole = QRectF()
        self._picture: QPixmap | None = None
        self.is_wanted = True
        """Whether the person wants to see it at all."""
        self.setFixedSize(SIZE)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("Minimap")
        view.camera_moved.connect(self.refresh)
        canvas.installEventFilter(self)
        self.hide()

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
        is_all = self._view.in_sight.contains(self._whole)
        self.setVisible(self.is_wanted and not is_all)
        self._stand()
        self.raise_()
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
        painter.setTransform(self._map())
        thinnest = 1.5 / self._scale
        for role, boxes in _by_color(scene).items():
            painter.setBrush(self._theme.color(role))
            painter.drawRects(
                [QRectF(it.x, it.y, max(it.width, thinnest), it.height) for it in boxes]
            )
        painter.end()
        return picture

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


def _by_color(scene: Scene) -> dict[str, list[Box]]:
    """The boxes by the theme's role for their colour: those of one are painted at once."""
    found: dict[str, list[Box]] = defaultdict(list)
    for box in scene.boxes.values():
        found["muted" if box.kind == "start" else box.kind].append(box)
    return found
