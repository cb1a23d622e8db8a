"""OrEmpty: a pane's contents, or a page that says what it is for while it has none."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from agentflow_editor.looks.icons import icon
from agentflow_editor.looks.plain_text import PlainLabel
from agentflow_editor.looks.theme import Theme
from agentflow_editor.widgets.picture import Picture

__all__ = ["OrEmpty"]

SIZE = 36


class OrEmpty(QStackedWidget):
    """One of two pages: the contents, or an icon with a sentence."""

    def __init__(self, contents: QWidget, icon_name: str, text: str) -> None:
        super().__init__()
        self._icon_name = icon_name
        self._picture = Picture(SIZE)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._text = PlainLabel(text)
        self._text.setObjectName("hint")
        self._text.setWordWrap(True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(20, 12, 20, 12)
        column.addStretch()
        column.addWidget(self._picture)
        column.addWidget(self._text)
        column.addStretch()
        self.addWidget(page)
        self.addWidget(contents)

    def show_contents(self, there_are_some: bool) -> None:
        """Show the contents, or the sentence."""
        self.setCurrentIndex(1 if there_are_some else 0)

    @property
    def is_empty(self) -> bool:
        """Whether the sentence is shown."""
        return self.currentIndex() == 0

    def say(self, icon_name: str, text: str, theme: Theme) -> None:
        """Say something else while there are no contents."""
        self._icon_name = icon_name
        self._text.setText(text)
        self.paint(theme)

    def paint(self, theme: Theme) -> None:
        """Draw in a theme's colours."""
        self._picture.show_icon(icon(self._icon_name, theme.muted))
