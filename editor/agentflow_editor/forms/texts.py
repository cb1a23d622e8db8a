"""A list of texts, one on each line; Alt with an arrow key moves a line."""

from typing import Any, get_args, get_origin

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QTextCursor

from agentflow_editor.forms._field import Field, FieldEditor, FormField, Surroundings
from agentflow_editor.forms._lines import LinesEditor

__all__ = ["FORM_FIELD"]

_BREAK = "↵"
"""What stands for a line break inside one of the texts."""
_ARROWS = {int(Qt.Key.Key_Up): -1, int(Qt.Key.Key_Down): 1}


class TextsEditor(LinesEditor):
    """Lines, each a text of its own."""

    def __init__(self) -> None:
        super().__init__(
            placeholder="one on each line; Alt+Up and Alt+Down move it",
            read=_read,
            write=_write,
            fewest=2,
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            by = _ARROWS.get(event.key())
            if by is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
                self._move_line(by)
                return True
        return super().eventFilter(watched, event)

    def _move_line(self, by: int) -> None:
        cursor = self.lines.textCursor()
        row, column = cursor.blockNumber(), cursor.positionInBlock()
        lines = self.lines.toPlainText().split("\n")
        if not 0 <= row + by < len(lines):
            return
        lines.insert(row + by, lines.pop(row))
        whole = QTextCursor(self.lines.document())
        whole.select(QTextCursor.SelectionType.Document)
        whole.insertText("\n".join(lines))
        block = self.lines.document().findBlockByNumber(row + by)
        cursor.setPosition(block.position() + column)
        self.lines.setTextCursor(cursor)


def _accepts(field: Field) -> bool:
    origin, kinds = get_origin(field.kind), get_args(field.kind)
    return origin in (tuple, list, set, frozenset) and kinds[:1] == (str,)


def _read(text: str) -> list[str]:
    lines = (line.strip() for line in text.splitlines())
    return [line.replace(_BREAK, "\n") for line in lines if line]


def _write(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "\n".join(str(it).replace("\n", _BREAK) for it in value)


def _build(_field: Field, _around: Surroundings) -> FieldEditor:
    return TextsEditor()


FORM_FIELD = FormField(name="texts", rank=12, accepts=_accepts, build=_build)
