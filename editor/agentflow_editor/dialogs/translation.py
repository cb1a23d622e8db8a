"""TranslationDialog: what a translation from or to another format says otherwise, or not at all."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from agentflow_editor.looks.plain_text import PlainLabel
from agentflow_editor.widgets.text_view import TextView

__all__ = ["TranslationDialog", "counted"]

Part = tuple[str, Sequence[str]]
"""A heading, and a sentence for each thing."""


class TranslationDialog(QDialog):
    """Every thing by itself, in full sight, to be read and copied before anything is written."""

    def __init__(
        self, parent: QWidget, title: str, text: str, parts: Sequence[Part], *, yes: str = ""
    ) -> None:
        """Make it; `open` shows it.

        Args:
            parent: the window.
            title: what was, or is to be, translated.
            text: what that means, in a sentence or two.
            parts: what is told; a part without sentences is left out.
            yes: the answer that goes on; "" where there is nothing to decide.
        """
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.resize(640, 420)
        self.intro = PlainLabel(text)
        self.intro.setWordWrap(True)
        column = QVBoxLayout(self)
        column.addWidget(self.intro)
        self.shown = {heading: list(lines) for heading, lines in parts if lines}
        """What is told, by heading."""
        for heading, lines in self.shown.items():
            label = PlainLabel(heading)
            label.setObjectName("heading")
            column.addWidget(label)
            column.addWidget(_listed(heading, lines), 1)
        self.buttons = QDialogButtonBox()
        if yes:
            go_on = self.buttons.addButton(yes, QDialogButtonBox.ButtonRole.AcceptRole)
            go_on.setDefault(True)
            self.buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        else:
            self.buttons.addButton(QDialogButtonBox.StandardButton.Ok)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        column.addWidget(self.buttons)


def counted(number: int, what: str) -> str:
    """So many of something: "1 thing", "2 things"."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _listed(heading: str, lines: Sequence[str]) -> TextView:
    shown = TextView()
    shown.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
    shown.setAccessibleName(heading)
    shown.show_text("\n".join(lines))
    shown.moveCursor(QTextCursor.MoveOperation.Start)
    return shown
