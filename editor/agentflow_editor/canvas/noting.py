"""Noting: notes are written on the canvas, where they stand."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QPointF, QRect, QSizeF
from PySide6.QtGui import QFont

from agentflow_editor.canvas.drawing import Drawing
from agentflow_editor.canvas.hands import Edit
from agentflow_editor.canvas.note_field import NoteField
from agentflow_editor.canvas.note_item import height_of
from agentflow_editor.canvas.view import FlowView
from agentflow_editor.document import edits
from agentflow_editor.document.sheet import Note, Position, Sheet, note_key
from agentflow_editor.workbench import Workbench

__all__ = ["Noting"]

LEAST = QSizeF(220, 72)
"""The smallest field, in pixels: from far away a note is smaller than its text."""
READABLE = 9
"""The smallest text while it is written, in pixels."""


class Noting(QObject):
    """Opens a field over a note. A note grows with its text, so that all of it is seen."""

    def __init__(
        self,
        view: FlowView,
        drawing: Drawing,
        bench: Workbench,
        edit: Edit,
        spot: Callable[[], Position],
    ) -> None:
        """Begin.

        Args:
            view: where the field opens.
            drawing: where the notes stand.
            bench: whose sheet has them.
            edit: does what is written.
            spot: where something new is to stand.
        """
        super().__init__(view)
        self._view, self._drawing, self._bench = view, drawing, bench
        self._edit, self._spot = edit, spot

    def add(self, at: QPointF | None = None) -> None:
        """Write a new note at a point, or at the mouse; without a text there is none."""
        corner = self._spot() if at is None else (round(at.x()), round(at.y()))
        note = Note("", *corner)
        self._open(note, lambda text: self._write(None, text, (note.x, note.y)))

    def write(self, name: str) -> None:
        """Write another text into a note."""
        note = self._bench.document.sheet.sketch.notes[name]
        self._open(note, lambda text: self._write(name, text, (note.x, note.y)))

    def _write(self, name: str | None, text: str, at: Position) -> None:
        before = self._bench.document.sheet.sketch.notes

        def written(sheet: Sheet) -> Sheet:
            after = edits.write_note(sheet, name, text, at)
            for key, note in after.sketch.notes.items():
                if note != sheet.sketch.notes.get(key):
                    height = max(note.height, height_of(note, self._drawing.ink))
                    after = edits.resize_note(after, key, note.width, height)
            return after

        title = "Add Note" if name is None else "Write Note" if text.strip() else "Delete Note"
        if self._edit(title, written):
            new = self._bench.document.sheet.sketch.notes.keys() - before.keys()
            self._bench.selection.select(map(note_key, new or ([name] if name else ())))

    def _open(self, note: Note, written: Callable[[str], None]) -> None:
        zoom = self._view.zoom
        corner = self._view.mapFromScene(QPointF(note.x, note.y))
        size = QSizeF(note.width, note.height) * zoom
        font = QFont(self._drawing.ink.note.font)
        font.setPixelSize(max(READABLE, round(font.pixelSize() * zoom)))
        place = QRect(corner, size.expandedTo(LEAST).toSize())
        field = NoteField(note.text, place, font, written, self._view)
        self._view.camera_moved.connect(field.finish)
