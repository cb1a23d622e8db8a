"""NoteItem: a note on the canvas, behind links and nodes; all of its text is shown as it stands."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from agentflow_editor.canvas.ink import LEGIBLE, Ink
from agentflow_editor.document.sheet import Note
from agentflow_editor.looks.note_lines import INSET, LINE, height_of, lines_of
from agentflow_editor.looks.plain_text import plain_tooltip

__all__ = ["NoteItem", "note_rect", "paint_note"]

HEIGHT = 2
"""The z value of notes: above regions, below links and nodes."""
CORNER = 16.0
"""The side of the square in the lower right corner that changes the size."""
RADIUS = 4.0


def note_rect(note: Note) -> QRectF:
    """Where a note is drawn: higher than its file says where all of its text needs that."""
    return QRectF(note.x, note.y, note.width, max(note.height, height_of(note)))


def paint_note(
    painter: QPainter, note: Note, ink: Ink, *, zoom: float = 1.0, is_selected: bool = False
) -> None:
    """Paint a note in scene coordinates; from far away without words."""
    rect = note_rect(note)
    painter.setPen(
        QPen(ink.color("accent" if is_selected else "loop", 255 if is_selected else 110))
    )
    painter.setBrush(ink.color("note"))
    painter.drawRoundedRect(rect, RADIUS, RADIUS)
    if is_selected:
        painter.setPen(QPen(ink.color("accent"), 2))
        painter.drawRoundedRect(rect.adjusted(-3, -3, 3, 3), RADIUS + 3, RADIUS + 3)
    if zoom >= LEGIBLE:
        _paint_text(painter, note, ink)
        _paint_corner(painter, rect, ink)


def _paint_text(painter: QPainter, note: Note, ink: Ink) -> None:
    width = note.width - 2 * INSET
    for number, line in enumerate(lines_of(note)):
        place = QRectF(note.x + INSET, note.y + INSET + number * LINE, width, LINE)
        ink.text(painter, place, line, ink.note, ink.color("text"))


def _paint_corner(painter: QPainter, rect: QRectF, ink: Ink) -> None:
    painter.setPen(QPen(ink.color("muted", 150), 1))
    for reach in (5, 9):
        begin, end = QPointF(-reach, -2), QPointF(-2, -reach)
        painter.drawLine(rect.bottomRight() + begin, rect.bottomRight() + end)


class NoteItem(QGraphicsItem):
    """A note of the drawing, by its name."""

    def __init__(self, name: str, note: Note, ink: Ink) -> None:
        super().__init__()
        self.name, self.note, self._ink = name, note, ink
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsSelectable, True)
        self.setZValue(HEIGHT)
        self.show_note(note)

    def show_note(self, note: Note) -> None:
        """Stand elsewhere, or say something else."""
        self.prepareGeometryChange()
        self.note = note
        self.setToolTip(plain_tooltip(note.text))
        self.update()

    def set_ink(self, ink: Ink) -> None:
        """Be drawn in another theme."""
        self._ink = ink
        self.update()

    def scene_rect(self) -> QRectF:
        """Its rectangle in the scene."""
        return note_rect(self.note)

    @property
    def patch(self) -> QColor:
        """What it is filled with when it is seen from far away."""
        return self._ink.color("note")

    def is_corner(self, at: QPointF) -> bool:
        """Whether a point of the scene is where its size is changed."""
        rect = self.scene_rect()
        corner = QRectF(rect.right() - CORNER, rect.bottom() - CORNER, CORNER, CORNER)
        return corner.contains(at)

    def boundingRect(self) -> QRectF:
        return self.scene_rect().adjusted(-6, -6, 6, 6)

    def shape(self) -> QPainterPath:
        path = QPainterPath()
        path.addRect(self.scene_rect())
        return path

    def itemChange(self, change: QGraphicsItem.GraphicsItemChange, value: object) -> object:
        if change == QGraphicsItem.GraphicsItemChange.ItemSelectedHasChanged:
            self.update()
        return value

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        zoom = option.levelOfDetailFromTransform(painter.worldTransform())
        paint_note(painter, self.note, self._ink, zoom=zoom, is_selected=self.isSelected())
