"""Plain text: labels and tooltips in which a text from outside is never taken for HTML."""

import html
import re

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

__all__ = ["PlainLabel", "displayable", "on_one_line", "plain_tooltip", "shortened"]

LONGEST_TOOLTIP = 500
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
