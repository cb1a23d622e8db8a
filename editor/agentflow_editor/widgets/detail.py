"""Detail: a list and, beside or below it, all of what is selected in it."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QSplitter, QWidget

from agentflow_editor.looks.fonts import pixels
from agentflow_editor.looks.plain_text import PlainLabel
from agentflow_editor.widgets.column import column_in
from agentflow_editor.widgets.long_text import LongText
from agentflow_editor.widgets.snug_area import SnugArea

__all__ = ["Detail"]

WIDE, WIDTH = 2.2, 620
"""From how many times as wide as high on, and from how many pixels at 100 % on, there is room
beside the list."""
SHARES = {Qt.Orientation.Horizontal: (2, 1), Qt.Orientation.Vertical: (3, 2)}
"""Of the list and of the text."""
HEAD = 0.4
"""The most that the heading takes of the height of the text and itself."""


class Detail(QSplitter):
    """The list alone as long as nothing is selected."""

    def __init__(
        self,
        contents: QWidget,
        title: str,
        *,
        font: QFont | None = None,
        always_below: bool = False,
    ) -> None:
        """Make it, with nothing selected.

        Args:
            contents: the list.
            title: what the text is called, for who does not see it.
            font: what it is written in, unless that is the application's.
            always_below: the list needs all of the width.
        """
        super().__init__(Qt.Orientation.Vertical)
        self._always_below = always_below
        self._arranged: Qt.Orientation | None = None
        self.heading = PlainLabel("")
        self.heading.setObjectName("heading")
        self.heading.setWordWrap(True)
        self._head = SnugArea(HEAD)
        column_in(self._head.contents, self.heading)
        self.text = LongText(title)
        if font is not None:
            # Once a splitter has it, Qt takes a font of its own away when it comes to a parent.
            self.text.view.setFont(font)
        self._page = QWidget()
        column = column_in(self._page)
        column.addWidget(self._head)
        column.addWidget(self.text, 1)
        self.addWidget(contents)
        self.addWidget(self._page)
        self.setChildrenCollapsible(False)
        self.clear()

    def show_text(self, text: str, heading: str = "") -> None:
        """Show a text, as it stands."""
        self.text.view.show_text(text)
        self._open(heading)

    def show_pieces(self, pieces: Iterator[str], heading: str = "") -> None:
        """Show a text that is yet to be made."""
        self.text.view.show_pieces(pieces)
        self._open(heading)

    def clear(self) -> None:
        """Nothing is selected."""
        self._page.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _open(self, heading: str) -> None:
        self.heading.setText(heading)
        self._head.setVisible(bool(heading))
        self._head.updateGeometry()
        self.text.view.moveCursor(QTextCursor.MoveOperation.Start)
        self._page.show()
        self._arrange()

    def _arrange(self) -> None:
        """Put the text where there is room; the line that a person has drawn stays."""
        is_wide = self.width() > max(WIDE * self.height(), pixels(WIDTH))
        is_wide = is_wide and not self._always_below
        wanted = Qt.Orientation.Horizontal if is_wide else Qt.Orientation.Vertical
        if self._page.isHidden() or wanted is self._arranged:
            return
        self._arranged = wanted
        self.setOrientation(wanted)
        length = self.width() if is_wide else self.height()
        self.setSizes([length * share // sum(SHARES[wanted]) for share in SHARES[wanted]])
