"""Note lines: where the lines of a note end, and how high it has to be for all of them."""

from functools import lru_cache

from PySide6.QtGui import QFont, QTextLayout, QTextOption

from agentflow.flow.sketch import Note
from agentflow_editor.looks.fonts import zoomed
from agentflow_editor.looks.plain_text import displayable, shortened

__all__ = ["INSET", "LINE", "height_of", "lines_of", "note_font"]

SIZE = 12
"""Of the letters."""
INSET = 10
"""Between a note's edge and its text."""
LINE = 17
"""From one line to the next."""
LONGEST = 20_000
"""How many characters of a note are drawn."""


def note_font() -> QFont:
    """What notes are written in."""
    return zoomed(SIZE, QFont.Weight.Normal)


def height_of(note: Note) -> int:
    """How high a note of this width has to be for all of its text."""
    return len(lines_of(note)) * LINE + 2 * INSET


def lines_of(note: Note) -> tuple[str, ...]:
    """The lines of a note, as plain text."""
    return _lines(note.text, note.width - 2 * INSET)


@lru_cache(maxsize=2000)
def _lines(text: str, width: float) -> tuple[str, ...]:
    face, option = note_font(), QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    found: list[str] = []
    for paragraph in displayable(shortened(text, LONGEST)).split("\n"):
        layout = QTextLayout(paragraph, face)
        layout.setTextOption(option)
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(width, 1))
            begin = line.textStart()
            found.append(paragraph[begin : begin + line.textLength()].rstrip())
        layout.endLayout()
    return tuple(found)
