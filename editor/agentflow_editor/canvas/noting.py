"""Noting: notes are written on the canvas, where they stand."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QPointF, QRect, QSizeF
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QWidget

from agentflow_editor.canvas.drawing import Drawing
from agentflow_editor.canvas.hands import Edit
from agentflow_editor.canvas.looking import Looking
from agentflow_editor.canvas.note_field import NoteField
from agentflow_editor.canvas.view import FlowView
from agentflow_editor.document import edits
from agentflow_editor.document.note_room import free_note
from agentflow_editor.document.sheet import Note, Position, Sheet, note_key
from agentflow_editor.looks.note_lines import height_of
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
        looking: Looking,
    ) -> None:
        """Begin.

        Args:
            view: where the field opens.
            drawing: where the notes stand.
            bench: whose sheet has them.
            edit: does what is written.
            looking: brings what is written into sight.
        """
        super().__init__(view)
        self._view, self._drawing, self._bench = view, drawing, bench
        self._edit, self._looking = edit, looking

    def add(self, at: QPointF | None = None) -> None:
        """Write a new note at a point; without a text there is none.

        Without a point it stands at the mouse or, where that or the keyboard is elsewhere, beside
        what is selected.
        """
        note = self._beside_selected() if at is None else Note("", round(at.x()), round(at.y()))
        self._open(note, lambda text: self._write(None, text, (note.x, note.y)))

    def _beside_selected(self) -> Note:
        looking, key, sheet = self._looking, self._bench.selection.only, self._bench.document.sheet
        is_pointed = looking.pointed is not None and self._home() is self._view
        if is_pointed or key is None or not self._drawing.has(key):
            return Note("", *looking.spot())
        note = free_note(sheet, Note("", *self._drawing.scene.place_of(key)), self._bench.catalogue)
        looking.bring_near(key)
        return note

    def write(self, name: str) -> None:
        """Write another text into a note."""
        note = self._bench.document.sheet.sketch.notes[name]
        if not self._looking.sees_any_of(note_key(name)):
            self._looking.bring_near(note_key(name))
        self._open(note, lambda text: self._write(name, text, (note.x, note.y)))

    def _write(self, name: str | None, text: str, at: Position) -> None:
        before = self._bench.document.sheet.sketch.notes

        def written(sheet: Sheet) -> Sheet:
            return edits.write_note(sheet, name, text, at, height=_grown)

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
        field = NoteField(note.text, place, font, written, self._view, self._home())
        self._view.camera_moved.connect(field.finish)

    def _home(self) -> QWidget:
        """What has the keyboard now, unless that is a field over the drawing, which will go."""
        now, canvas = QApplication.focusWidget(), self._view.parentWidget()
        return self._view if now is None or (canvas and canvas.isAncestorOf(now)) else now


def _grown(note: Note) -> int:
    return max(note.height, height_of(note))
