"""TextView: a read-only text of any length, which never makes the window stand still."""

import sys
import time
from collections.abc import Iterator

from PySide6.QtCore import QMimeData, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from agentflow_editor.looks.plain_text import displayable

__all__ = ["LONGEST_SHOWN", "TextView"]

FEWEST = 2
"""Lines that there is always room for."""
LONGEST_LINE = 2_000
"""Characters of one line; Qt lays out a longer one in seconds to minutes."""
LONGEST_SHOWN = 100_000
"""Characters that are shown of one text unless somebody wants all, and that are added at once."""
SLICE = 0.004
"""Seconds in which pieces of a text are taken before the window has its turn."""


class TextView(QPlainTextEdit):
    """Shows the first 100,000 characters of a text; all of it once that is wanted.

    Lines are broken at 2,000 characters, as Qt cannot lay out longer ones. What is copied has the
    lines as they were.
    """

    shown_changed = Signal()
    """More of the text is shown, or another text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        by_hand = Qt.TextInteractionFlag
        self.setTextInteractionFlags(
            by_hand.TextSelectableByMouse | by_hand.TextSelectableByKeyboard
        )
        self._whole = ""
        self._added: list[str] = []
        self._limit = LONGEST_SHOWN
        self._shown = self._column = 0
        self._breaks: set[int] = set()
        """The numbers of the blocks that go on with the line before them."""
        self.length = 0
        """Characters that were given."""
        self._more = QTimer(self, singleShot=True)
        self._more.timeout.connect(self._show_more)
        self._pieces: Iterator[str] | None = None
        self._take = QTimer(self, singleShot=True)
        self._take.timeout.connect(self._take_pieces)

    def minimumSizeHint(self) -> QSize:
        lines = FEWEST * self.fontMetrics().lineSpacing()
        around = 2 * round(self.document().documentMargin() + self.frameWidth())
        return QSize(super().minimumSizeHint().width(), lines + around)

    @property
    def whole(self) -> str:
        """All that was given, shown or not."""
        if self._added:
            self._whole += "".join(self._added)
            self._added.clear()
        return self._whole

    @property
    def is_whole(self) -> bool:
        """Whether `whole` is all that there will be of it."""
        return self._pieces is None

    @property
    def shown(self) -> int:
        """How many characters of it are shown."""
        return self._shown

    @property
    def is_going_on(self) -> bool:
        """Whether more of it is shown soon."""
        return self._more.isActive()

    def show_text(self, text: str) -> None:
        """Show another text."""
        if text != self.whole or not self.is_whole:
            self._begin(iter((text,)))

    def show_pieces(self, pieces: Iterator[str]) -> None:
        """Show a text that is yet to be made, piece by piece; what is short is there at once."""
        self._begin(pieces)

    def _begin(self, pieces: Iterator[str]) -> None:
        self._more.stop()
        self._take.stop()
        self.clear()
        self._breaks.clear()
        self._added.clear()
        self._whole, self._limit = "", LONGEST_SHOWN
        self._shown = self._column = self.length = 0
        self._pieces = pieces
        self._take_pieces()

    def _take_pieces(self) -> None:
        taken, end = list[str](), time.perf_counter() + SLICE
        for piece in self._pieces or ():
            taken.append(piece)
            if time.perf_counter() > end:
                self._take.start()
                break
        else:
            self._pieces = None
        self.add_text("".join(taken))

    def add_text(self, text: str) -> None:
        """Show more text behind what is there; the view follows when its end was in sight."""
        self._added.append(text)
        self.length += len(text)
        bar = self.verticalScrollBar()
        follows = bar.value() >= bar.maximum() - 2
        if not self.is_going_on:
            self._show_more()
        if follows:
            bar.setValue(bar.maximum())

    def show_all(self) -> None:
        """Show the rest, too, piece by piece; the view stays where it is."""
        self._limit = sys.maxsize
        self._show_more()

    def stop(self) -> None:
        """Show no more of it for now."""
        self._more.stop()
        self._limit = self._shown
        self.shown_changed.emit()

    def _show_more(self) -> None:
        end = min(self.length, self._limit, self._shown + LONGEST_SHOWN)
        if end > self._shown:
            self._put(self._part(self._shown, end))
            self._shown = end
        if self._shown < min(self.length, self._limit):
            self._more.start()
        self.shown_changed.emit()

    def _part(self, first: int, end: int) -> str:
        # What streams in is shown piece by piece: nothing has to be put together for it.
        is_last = (
            len(self._added) == 1 and end - first == len(self._added[0]) == self.length - first
        )
        return self._added[0] if is_last else self.whole[first:end]

    def _put(self, text: str) -> None:
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(self._broken(displayable(text)))

    def _broken(self, text: str) -> str:
        """A text that goes on behind what is there, with breaks in lines that are too long."""
        block, pieces = self.blockCount() - 1, list[str]()
        for number, line in enumerate(text.split("\n")):
            if number:
                block, self._column = block + 1, 0
                pieces.append("\n")
            while self._column + len(line) > LONGEST_LINE:
                room = LONGEST_LINE - self._column
                pieces += (line[:room], "\n")
                line, self._column, block = line[room:], 0, block + 1
                self._breaks.add(block)
            pieces.append(line)
            self._column += len(line)
        return "".join(pieces)

    def createMimeDataFromSelection(self) -> QMimeData:
        """What is copied: the lines as they were given, not as they are shown."""
        cursor, copied = self.textCursor(), QMimeData()
        first, end = cursor.selectionStart(), cursor.selectionEnd()
        is_all = first == 0 and end == self.document().characterCount() - 1
        copied.setText(self.whole[: self._shown] if is_all else self._between(first, end))
        return copied

    def _between(self, first: int, end: int) -> str:
        pieces, block = list[str](), self.document().findBlock(first)
        while block.isValid() and block.position() <= end:
            goes_on = not pieces or block.blockNumber() in self._breaks
            begin = block.position()
            text = block.text()[max(0, first - begin) : end - begin]
            pieces.append(text if goes_on else f"\n{text}")
            block = block.next()
        return "".join(pieces)
