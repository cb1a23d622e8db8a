"""Code marks: bands, highlights and waves in a text, made for one drawing of it."""

from dataclasses import dataclass

from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor, QTextDocument, QTextFormat
from PySide6.QtWidgets import QTextEdit

from agentflow_editor.widgets.code_text import bracket_pair, units

__all__ = ["Underline", "band", "brackets_at", "highlight", "wave"]

NEAR = 4_000
"""Characters around the caret in which brackets are matched."""
FAINT = 90
"""How much of a highlight's colour is seen, of 255."""


@dataclass(frozen=True, slots=True)
class Underline:
    """A mark under a text, and at its line's number."""

    line: int
    """From 1."""
    column: int | None
    """From 1; None for the whole line."""
    role: str
    """The colour's: "error" or "warning"."""
    tip: str = ""
    length: int = 0
    """In characters; 0 for all up to the end of the line."""


def band(cursor: QTextCursor, color: QColor) -> QTextEdit.ExtraSelection:
    """A line from edge to edge."""
    cursor.clearSelection()
    made = _selection(cursor)
    made.format.setBackground(color)  # pyright: ignore[reportAttributeAccessIssue] - a plain struct in Qt
    made.format.setProperty(QTextFormat.Property.FullWidthSelection, True)  # pyright: ignore[reportAttributeAccessIssue] - as above
    return made


def highlight(cursor: QTextCursor, color: QColor) -> QTextEdit.ExtraSelection:
    """What a cursor has selected."""
    made = _selection(cursor)
    color.setAlpha(FAINT)
    made.format.setBackground(color)  # pyright: ignore[reportAttributeAccessIssue] - a plain struct in Qt
    return made


def wave(document: QTextDocument, it: Underline, color: QColor) -> QTextEdit.ExtraSelection:
    """A wave below something, at least one sign wide."""
    block = document.findBlockByNumber(it.line - 1)
    text = block.text()
    first = len(text) - len(text.lstrip()) if it.column is None else it.column - 1
    first = min(first, max(0, len(text) - 1))
    last = min(first + it.length, len(text)) if it.length else len(text)
    cursor = QTextCursor(block)
    cursor.setPosition(block.position() + units(text[:first]))
    cursor.setPosition(block.position() + units(text[:last]), QTextCursor.MoveMode.KeepAnchor)
    made = _selection(cursor)
    made.format.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)  # pyright: ignore[reportAttributeAccessIssue] - a plain struct in Qt
    made.format.setUnderlineColor(color)  # pyright: ignore[reportAttributeAccessIssue] - as above
    return made


def brackets_at(caret: QTextCursor) -> list[QTextCursor]:
    """The bracket beside the caret and the one that belongs to it; nothing where there is none."""
    document, at = caret.document(), caret.position()
    begin = document.findBlock(max(0, at - NEAR)).position()
    around = QTextCursor(document)
    around.setPosition(begin)
    end = min(document.characterCount() - 1, at + NEAR)
    around.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    pair = bracket_pair(around.selectedText().replace("\u2029", "\n"), at - begin)
    return [_over(document, begin + it) for it in pair or ()]


def _selection(cursor: QTextCursor) -> QTextEdit.ExtraSelection:
    made = QTextEdit.ExtraSelection()
    made.cursor = cursor  # pyright: ignore[reportAttributeAccessIssue] - a plain struct in Qt
    return made


def _over(document: QTextDocument, position: int) -> QTextCursor:
    cursor = QTextCursor(document)
    cursor.setPosition(position)
    cursor.setPosition(position + 1, QTextCursor.MoveMode.KeepAnchor)
    return cursor
