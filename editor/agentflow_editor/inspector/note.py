"""NoteSection: what a note on the canvas says, and NotesSection for several of them."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, Field
from PySide6.QtWidgets import QWidget

from agentflow.flow.where import keys_of
from agentflow.problem import Problem
from agentflow_editor.document import edits
from agentflow_editor.document.sheet import Note, Sheet, is_note, note_of
from agentflow_editor.forms.base import form_for
from agentflow_editor.inspector.parts import Title
from agentflow_editor.inspector.section import Section
from agentflow_editor.looks.note_lines import height_of
from agentflow_editor.workbench import Workbench

__all__ = ["NoteSection", "NotesSection"]

ICON, COLOR = "note-text-outline", "loop"


class _Written(BaseModel):
    """A note is read by people alone, in the editor and in the file: no run knows of it."""

    text: str = Field(json_schema_extra={"form": "multiline"})
    """What stands on the canvas, as it is typed. The note grows with it."""


class NoteSection(Section):
    """One note, which is written here as on the canvas."""

    is_kept = True

    def __init__(self, home: QWidget, workbench: Workbench, key: str) -> None:
        told = "A text on the canvas, for people. No run reads it."
        title = Title(ICON, COLOR, "Note", told, workbench.theme.theme)
        super().__init__(home, workbench, key, title)
        note = self._note(workbench.document.sheet)
        self._least = note.height if note else 0
        """How high it is at least, whatever is typed: as high as it was before."""
        self._form = form_for(_Written, _said(note), self._write, parent=self)
        self._form.left.connect(self._end_visit)
        self.add_form(self._form)
        self.column.addStretch()

    def take_over(self, path: str) -> bool:
        note = self.bench.document.sheet.sketch.notes.get(note_of(path))
        if not is_note(path) or note is None:
            return False
        self.path = path
        self.asking.begin_visit()
        self._least = note.height
        self._form.begin(_said(note))
        return True

    def refresh(self, sheet: Sheet) -> bool:
        note = self._note(sheet)
        if note is not None:
            self._form.show_values(_said(note))
        return note is not None

    def concerned_by(self, problem: Problem) -> bool:
        return keys_of(problem.where)[:3] == ("editor", "notes", note_of(self.path))

    def _note(self, sheet: Sheet) -> Note | None:
        return sheet.sketch.notes.get(note_of(self.path))

    def _end_visit(self) -> None:
        note = self._note(self.bench.document.sheet)
        self._least = note.height if note else 0

    def _write(self, field: str, text: Any) -> str:
        def written(sheet: Sheet) -> Sheet:
            return edits.write_note(sheet, note_of(self.path), text, height=self._height)

        return self.asking.edit("Write Note", written, self.path, field)

    def _height(self, note: Note) -> int:
        return max(self._least, height_of(note))


class NotesSection(Section):
    """Several notes: there is nothing to set on all of them at once."""

    def __init__(self, home: QWidget, workbench: Workbench, keys: Sequence[str]) -> None:
        told = "Select one of them to write in it."
        title = Title(ICON, COLOR, f"{len(keys)} notes", told, workbench.theme.theme)
        super().__init__(home, workbench, "", title)
        self._keys = tuple(keys)
        self.column.addStretch()

    def shows(self, keys: tuple[str, ...]) -> bool:
        return keys == self._keys

    def refresh(self, sheet: Sheet) -> bool:
        return all(note_of(key) in sheet.sketch.notes for key in self._keys)


def _said(note: Note | None) -> dict[str, Any]:
    return {} if note is None else {"text": note.text}
