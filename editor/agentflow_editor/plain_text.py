"""Plain text: labels, tooltips and views in which a text from outside is never taken for HTML."""

import html
import re

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QWidget

__all__ = [
    "LONGEST_SHOWN",
    "PlainLabel",
    "PlainTextView",
    "displayable",
    "on_one_line",
    "plain_tooltip",
    "shortened",
]

LONGEST_LINE = 2_000
"""Characters of one line; Qt lays out a longer one in seconds to minutes."""
LONGEST_SHOWN = 100_000
"""Characters that are shown of one text."""
LONGEST_TOOLTIP = 500
_LINE = re.compile(rf"[^\n]{{{LONGEST_LINE}}}(?=[^\n])")
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def displayable(text: str) -> str:
    """The text with each sign that hides or reorders others shown as an escape."""
    plain = text.replace("\r\n", "\n")
    return _UNSEEN.sub(lambda sign: sign.group().encode("unicode_escape").decode("ascii"), plain)


def shortened(text: str, limit: int) -> str:
    """The text, or its beginning and how much is missing."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]}… ({len(text) - limit:,} more characters)"


def on_one_line(text: str, limit: int = 200) -> str:
    """The text on one line, not longer than a limit; line breaks become spaces."""
    line = " ".join(displayable(text[: limit + 1]).split())
    return line if len(text) <= limit else f"{line[: limit - 1]}…"


def plain_tooltip(text: str) -> str:
    """A tooltip that shows a text as it stands, wrapped and cut where it is too long."""
    if not text:
        return ""
    escaped = html.escape(displayable(shortened(text, LONGEST_TOOLTIP)))
    return f'<p style="white-space:pre-wrap">{escaped}</p>'


class PlainLabel(QLabel):
    """A label that shows a text as it stands, whatever looks like a tag in it."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        super().setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)

    def setText(self, text: str) -> None:
        super().setText(displayable(text))

    def setTextFormat(self, _format: Qt.TextFormat) -> None:
        """Ignored: the format stays plain."""


class PlainTextView(QPlainTextEdit):
    """A read-only text that stays quick whatever it is given.

    Lines are broken at 2,000 characters and of a text only the first 100,000 are shown, with a
    last line that says so.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self._whole = ""
        self._added: list[str] = []
        self._shown = 0
        self._column = 0

    @property
    def whole(self) -> str:
        """All that was given, shown or not."""
        if self._added:
            self._whole += "".join(self._added)
            self._added.clear()
        return self._whole

    def show_text(self, text: str) -> None:
        """Show another text."""
        if text == self.whole:
            return
        self.clear()
        self._whole, self._shown, self._column = "", 0, 0
        self.add_text(text)

    def add_text(self, text: str) -> None:
        """Show more text behind what is there; the view follows when its end was in sight."""
        self._added.append(text)
        room = LONGEST_SHOWN - self._shown
        if room < 0 or not text:
            return
        self._shown += len(text)
        bar = self.verticalScrollBar()
        follows = bar.value() >= bar.maximum() - 2
        cursor = self.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        cursor.insertText(self._broken(displayable(text[:room])))
        if self._shown > LONGEST_SHOWN:
            self._shown = LONGEST_SHOWN + 1
            cursor.insertText("\n… the rest is not shown; copy or save to have all of it")
        if follows:
            bar.setValue(bar.maximum())

    def _broken(self, text: str) -> str:
        # The first line goes on from what stands in the last one already.
        first, newline, rest = text.partition("\n")
        pieces: list[str] = []
        while self._column + len(first) > LONGEST_LINE:
            room = LONGEST_LINE - self._column
            pieces.append(first[:room])
            first, self._column = first[room:], 0
        pieces.append(first)
        self._column = len(text) - text.rfind("\n") - 1 if newline else self._column + len(first)
        self._column %= LONGEST_LINE
        return "\n".join(pieces) + newline + _LINE.sub(lambda line: line.group() + "\n", rest)
