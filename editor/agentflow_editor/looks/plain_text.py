"""Plain text: labels and tooltips in which a text from outside is never taken for HTML."""

import html
import re
from collections.abc import Iterator

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLabel, QWidget

__all__ = [
    "PlainLabel",
    "breakable",
    "displayable",
    "height_of",
    "on_one_line",
    "plain_tooltip",
    "shortened",
]

LONGEST_TOOLTIP = 500
HIGHEST = 10_000
"""Pixels."""
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)

BREAK = "\u200b"
"""Has no width."""
_LONG_WORD = re.compile(r"\S{13,}")
_CHUNK = re.compile(r"[^./_-]*[./_-]+[\u0300-\u036f\u200d\ufe00-\ufe0f]*|[^./_-]+")
"""What a path or a name is put together of: a line ends there rather than within."""
_PART = re.compile(r".{1,8}[\u0300-\u036f\u200d\ufe00-\ufe0f]*")
"""A few signs of a word, with those that are drawn upon the last one."""


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


def breakable(text: str) -> str:
    """The text with places in each of its long words where a line may end, which nobody sees."""
    return _LONG_WORD.sub(lambda word: BREAK.join(_parts(word.group())), text)


def _parts(word: str) -> Iterator[str]:
    for chunk in _CHUNK.findall(word):
        yield from _PART.findall(chunk) if _LONG_WORD.match(chunk) else (chunk,)


def height_of(text: str, metrics: QFontMetrics, width: int) -> int:
    """How high a text is that is wrapped to a width."""
    room = QRect(0, 0, max(width, 1), HIGHEST)
    return metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), text).height()


class PlainLabel(QLabel):
    """A label that shows a text as it stands, whatever looks like a tag in it.

    Where it wraps, a word that is longer than a line goes on in the next one, as long as nobody can
    copy it from there.
    """

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plain = ""
        super().setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)

    def text(self) -> str:
        """What it says."""
        return self._plain

    def setText(self, text: str) -> None:
        self._plain = displayable(text)
        is_copied = self.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse
        is_broken = self.wordWrap() and not is_copied
        super().setText(breakable(self._plain) if is_broken else self._plain)

    def setWordWrap(self, on: bool) -> None:
        super().setWordWrap(on)
        self.setText(self._plain)

    def setTextInteractionFlags(self, flags: Qt.TextInteractionFlag) -> None:
        super().setTextInteractionFlags(flags)
        self.setText(self._plain)

    def setTextFormat(self, _format: Qt.TextFormat) -> None:
        """Ignored: the format stays plain."""
