"""FindBar: finds words in a text, and goes from one place to the next."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QWidget

from agentflow_editor.looks.icons import icon
from agentflow_editor.looks.plain_text import PlainLabel
from agentflow_editor.looks.theme import Theme
from agentflow_editor.widgets.code_edit import CodeEdit

__all__ = ["FindBar"]

MOST = 2_000
"""Places that are marked and counted."""


class FindBar(QWidget):
    """Enter goes to the next place, Shift+Enter to the one before, Escape closes it."""

    closed = Signal()

    def __init__(self, code: CodeEdit, theme: Theme) -> None:
        super().__init__()
        self._code = code
        self._found: list[QTextCursor] = []
        self.field = QLineEdit()
        self.field.setPlaceholderText("Find in the source")
        self.field.setAccessibleName("Find in the source")
        self.field.setClearButtonEnabled(True)
        self.field.installEventFilter(self)
        self.count = PlainLabel("")
        self.count.setObjectName("hint")
        self._buttons = {
            "chevron-up": self._button("Previous (Shift+Enter)", lambda: self.go(-1)),
            "chevron-down": self._button("Next (Enter)", lambda: self.go(1)),
            "close": self._button("Close (Esc)", self.close_bar),
        }
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 4, 6, 4)
        row.setSpacing(4)
        row.addWidget(self.field, 1)
        row.addWidget(self.count)
        for button in self._buttons.values():
            row.addWidget(button)
        self.field.textChanged.connect(self._on_words)
        code.textChanged.connect(self._on_text)
        self.paint(theme)
        self.hide()

    def open_bar(self) -> None:
        """Show it, with what is selected in the text, and take the keyboard."""
        chosen = self._code.textCursor().selectedText()
        self.show()
        if chosen and "\u2029" not in chosen:
            self.field.setText(chosen)
        self._search()
        self.field.setFocus()
        self.field.selectAll()

    def close_bar(self) -> None:
        """Hide it, and give the keyboard back."""
        if not self.isHidden():
            self.hide()
            self._code.show_found([])
            self.closed.emit()

    def go(self, by: int) -> None:
        """Select the next place, or the one before; from the last one on to the first."""
        if self.isHidden():
            self.open_bar()
        if not self._found:
            return
        here = self._code.textCursor()
        if by > 0:
            after = (it for it in self._found if it.selectionStart() >= here.selectionEnd())
            chosen = next(after, self._found[0])
        else:
            ahead = (
                it for it in reversed(self._found) if it.selectionEnd() <= here.selectionStart()
            )
            chosen = next(ahead, self._found[-1])
        self._choose(chosen)

    def paint(self, theme: Theme) -> None:
        """Draw in a theme's colours."""
        for name, button in self._buttons.items():
            button.setIcon(icon(name, theme.muted))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent):
            known = self._command(event)
            if known is not None and event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if known is not None and event.type() == QEvent.Type.KeyPress:
                known()
                return True
        return super().eventFilter(watched, event)

    def _command(self, event: QKeyEvent) -> Callable[[], object] | None:
        back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() == Qt.Key.Key_Escape:
            return self.close_bar
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F3):
            return lambda: self.go(-1 if back else 1)
        is_find = (
            event.key() == Qt.Key.Key_F and event.modifiers() == Qt.KeyboardModifier.ControlModifier
        )
        return self.field.selectAll if is_find else None

    def _on_words(self) -> None:
        self._search()
        if self._found and not self.isHidden():
            here = self._code.textCursor().selectionStart()
            self._choose(
                next((it for it in self._found if it.selectionStart() >= here), self._found[0])
            )

    def _on_text(self) -> None:
        if not self.isHidden():
            self._search()

    def _choose(self, place: QTextCursor) -> None:
        self._code.setTextCursor(QTextCursor(place))
        self._code.centerCursor()
        self._tell()

    def _search(self) -> None:
        words, document = self.field.text(), self._code.document()
        self._found = []
        cursor = document.find(words) if words else QTextCursor()
        while not cursor.isNull() and len(self._found) < MOST:
            self._found.append(cursor)
            cursor = document.find(words, cursor)
        self._code.show_found(self._found)
        self._tell()

    def _tell(self) -> None:
        starts = [it.selectionStart() for it in self._found]
        here = self._code.textCursor().selectionStart()
        if not self.field.text():
            self.count.setText("")
        elif not starts:
            self.count.setText("Nothing")
        elif here in starts:
            self.count.setText(f"{starts.index(here) + 1} of {len(starts)}")
        else:
            self.count.setText(f"{len(starts)} found")

    def _button(self, tip: str, pressed: Callable[[], None]) -> QToolButton:
        button = QToolButton()
        button.setAutoRaise(True)
        button.setToolTip(tip)
        button.setAccessibleName(tip.partition(" (")[0])
        button.clicked.connect(pressed)
        return button
