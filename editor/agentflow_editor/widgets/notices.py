"""Notices: what a person should know now and may decide later, in rows above the canvas."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from agentflow_editor.looks.icons import icon
from agentflow_editor.looks.plain_text import PlainLabel
from agentflow_editor.looks.theme import Theme
from agentflow_editor.widgets.column import column_in
from agentflow_editor.widgets.picture import Picture

__all__ = ["Notices"]

Answers = Sequence[tuple[str, Callable[[], Any]]]
"""Labels of buttons, each with what it does."""


class Notices(QWidget):
    """Rows of text and buttons. There is at most one row about each matter."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._rows: dict[str, _Row] = {}
        self._column = column_in(self)
        self.hide()

    def say(self, matter: str, text: str, answers: Answers) -> None:
        """Tell something; it stands there until it is answered or withdrawn."""
        self.withdraw(matter)

        def once(do: Callable[[], Any]) -> Callable[[], None]:
            def answer() -> None:
                self.withdraw(matter)
                do()

            return answer

        row = _Row(text, [(label, once(do)) for label, do in answers])
        row.paint(self._theme)
        self._rows[matter] = row
        self._column.addWidget(row)
        self.show()

    def withdraw(self, matter: str) -> None:
        """Tell it no longer."""
        row = self._rows.pop(matter, None)
        if row is not None:
            self._column.removeWidget(row)
            row.setParent(None)
            row.deleteLater()
        self.setVisible(bool(self._rows))

    def text(self, matter: str) -> str:
        """What is told about a matter; "" when nothing is."""
        row = self._rows.get(matter)
        return row.text if row is not None else ""

    def press(self, matter: str, label: str) -> None:
        """Give an answer as its button would."""
        self._rows[matter].buttons[label].click()

    def paint(self, theme: Theme) -> None:
        """Draw in a theme's colours."""
        self._theme = theme
        for row in self._rows.values():
            row.paint(theme)


class _Row(QFrame):
    def __init__(self, text: str, answers: Answers) -> None:
        super().__init__()
        self.setObjectName("notice")
        self.text = text
        self.buttons: dict[str, QPushButton] = {}
        self._picture = Picture(20)
        label = PlainLabel(text)
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(10)
        row.addWidget(self._picture)
        row.addWidget(label, 1)
        for name, do in answers:
            button = self.buttons[name.replace("&", "")] = QPushButton(name)
            button.clicked.connect(do)
            row.addWidget(button)

    def paint(self, theme: Theme) -> None:
        self._picture.show_icon(icon("alert-outline", theme.warning))
