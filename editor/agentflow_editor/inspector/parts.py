"""Parts of sections: headings, a name that can be changed, links to steps."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from agentflow.flow.flow import name_fault
from agentflow_editor.looks.fonts import pixels
from agentflow_editor.looks.icons import icon
from agentflow_editor.looks.plain_text import PlainLabel, on_one_line, plain_tooltip
from agentflow_editor.looks.theme import Theme
from agentflow_editor.widgets.picture import Picture
from agentflow_editor.widgets.wrapped_button import WrappedButton

__all__ = ["Heading", "NameLine", "StepLinks", "Title"]


class Title(QWidget):
    """What is being inspected: its icon, what it is, and what that does."""

    help_wanted = Signal()

    def __init__(self, icon_name: str, color: str, title: str, summary: str, theme: Theme) -> None:
        super().__init__()
        self._icon_name, self._color = icon_name, color
        self.title, self.summary = title, summary
        self._picture = Picture(22)
        self._summary = PlainLabel(summary)
        self._summary.setObjectName("hint")
        self._summary.setWordWrap(True)
        name = PlainLabel(title)
        font = QFont(name.font())
        font.setWeight(QFont.Weight.DemiBold)
        font.setPixelSize(pixels(15))
        name.setFont(font)
        name.setWordWrap(True)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._picture)
        line.addWidget(name, 1)
        self.help = QToolButton()
        self.help.setAutoRaise(True)
        self.help.setAccessibleName("What is this?")
        self.help.setToolTip(
            plain_tooltip("What is this, why is it here, what are its fields (F1)")
        )
        self.help.clicked.connect(self.help_wanted)
        line.addWidget(self.help)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(line)
        column.addWidget(self._summary)
        self._summary.setVisible(bool(summary))
        self.paint(theme)

    def paint(self, theme: Theme) -> None:
        """Draw in a theme's colours."""
        self._picture.show_icon(icon(self._icon_name, theme.color(self._color)))
        self.help.setIcon(icon("help-circle-outline", theme.muted))


class Heading(PlainLabel):
    """The name of a group of fields."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        self.setFont(font)
        self.setWordWrap(True)
        self.setContentsMargins(0, 10, 0, 0)


class NameLine(QWidget):
    """A name. It is changed when the person leaves the line or presses Enter, if it can be."""

    renamed = Signal(str)

    def __init__(self, label: str, name: str) -> None:
        super().__init__()
        self._name = name
        self.line = QLineEdit(name)
        self.line.setAccessibleName(label)
        self._fault = PlainLabel("")
        self._fault.setObjectName("fault")
        self._fault.setWordWrap(True)
        self._fault.hide()
        caption = PlainLabel(label)
        caption.setBuddy(self.line)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        for widget in (caption, self.line, self._fault):
            column.addWidget(widget)
        self.line.textEdited.connect(self._judge)
        self.line.editingFinished.connect(self._commit)

    def show_name(self, name: str) -> None:
        """Show another name, unless one is being typed."""
        if name != self._name:
            self._name = name
            self.line.setText(name)
            self.show_fault("")

    def begin(self, name: str) -> None:
        """Show the name of something else."""
        self._name = name
        self.line.setText(name)
        self.show_fault("")

    def show_fault(self, fault: str) -> None:
        """Say what is wrong with the name; "" for nothing."""
        self._fault.setText(fault[:1].upper() + fault[1:])
        self._fault.setVisible(bool(fault))
        self.line.setProperty("fault", bool(fault))
        self.line.style().unpolish(self.line)
        self.line.style().polish(self.line)

    def _judge(self, text: str) -> None:
        self.show_fault(name_fault(text) or "")

    def _commit(self) -> None:
        text = self.line.text()
        if text != self._name and not name_fault(text):
            self.renamed.emit(text)


class StepLinks(QWidget):
    """Buttons that go to steps."""

    def __init__(self, paths: Iterable[str], go: Callable[[str], None]) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for path in paths:
            button = WrappedButton(on_one_line(path), asks=False)
            button.setFlat(True)
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            button.setStyleSheet("text-align: left; padding: 3px 6px;")
            button.setToolTip(plain_tooltip(f"Go to {path}"))
            button.clicked.connect(lambda _=False, path=path: go(path))
            column.addWidget(button)
