"""SearchBar: a field, how much is found, and buttons: what every bar that finds things has."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QWidget

from agentflow_editor.looks.plain_text import PlainLabel
from agentflow_editor.looks.theme import Theme
from agentflow_editor.widgets.icon_button import IconButton

__all__ = ["SearchBar"]

_FORWARD = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F3)


class SearchBar(QFrame):
    """Enter goes to the next place, Shift+Enter to the one before, Escape closes it.

    Where and how it searches is its subclass's.
    """

    closed = Signal()

    def __init__(
        self, hint: str, more: Sequence[IconButton] = (), parent: QWidget | None = None
    ) -> None:
        """Make it, hidden.

        Args:
            hint: what may be typed.
            more: buttons that it has besides.
            parent: what it lies over.
        """
        super().__init__(parent)
        self.field = QLineEdit()
        self.field.setPlaceholderText(hint)
        self.field.setClearButtonEnabled(True)
        self.field.installEventFilter(self)
        self.count = PlainLabel("")
        self.count.setObjectName("hint")
        self._buttons = (
            IconButton("chevron-up", "Previous (Shift+Enter)", lambda: self.go(-1)),
            IconButton("chevron-down", "Next (Enter)", lambda: self.go(1)),
            *more,
            IconButton("close", "Close (Esc)", self.close_bar),
        )
        self.row = QHBoxLayout(self)
        self.row.setSpacing(4)
        self.row.addWidget(self.field, 1)
        self.row.addWidget(self.count)
        for button in self._buttons:
            self.row.addWidget(button)
        self.hide()

    def open_bar(self) -> None:
        """Show it, and take the keyboard."""
        self.show()
        self.search()
        self.field.setFocus()
        self.field.selectAll()

    def close_bar(self) -> None:
        """Hide it, and give the keyboard back."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def search(self) -> None:
        """Find what the field says."""
        raise NotImplementedError

    def go(self, by: int) -> None:
        """Go to the next place, or the one before."""
        raise NotImplementedError

    def command(self, event: QKeyEvent) -> Callable[[], object] | None:
        """What a key in the field does; None where it is the field's own."""
        modifiers = event.modifiers()
        if event.key() == Qt.Key.Key_Escape:
            return self.close_bar
        if event.key() in _FORWARD:
            return lambda: self.go(-1 if modifiers & Qt.KeyboardModifier.ShiftModifier else 1)
        is_find = event.key() == Qt.Key.Key_F and modifiers == Qt.KeyboardModifier.ControlModifier
        return self.field.selectAll if is_find else None

    def keeps(self, event: QKeyEvent) -> bool:
        """Whether a key is this bar's although it is a shortcut around it."""
        return self.command(event) is not None

    def tell(self, place: int | None, found: int) -> None:
        """Say how much is found, and which of it is the current one, from 0."""
        if not self.field.text().strip():
            self.count.setText("")
        elif not found:
            self.count.setText("Nothing")
        else:
            self.count.setText(f"{found} found" if place is None else f"{place + 1} of {found}")

    def paint(self, theme: Theme) -> None:
        """Draw in a theme's colours."""
        for button in self._buttons:
            button.paint_in(theme.muted)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride and self.keeps(event):
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress and (do := self.command(event)):
                do()
                return True
        return super().eventFilter(watched, event)
