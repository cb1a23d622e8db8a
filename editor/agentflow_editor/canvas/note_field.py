"""NoteField: a field over a note in which its text is written."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QFocusEvent, QFont, QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

__all__ = ["NoteField"]

PLACEHOLDER = "A note. Ctrl+Enter keeps it, Escape leaves it as it was."


class NoteField(QPlainTextEdit):
    """Holds a text while it is written. Leaving it keeps the text, Escape does not."""

    def __init__(
        self,
        text: str,
        place: QRect,
        font: QFont,
        written: Callable[[str], object],
        ground: QWidget,
        home: QWidget,
    ) -> None:
        """Open it.

        Args:
            text: what stands there now.
            place: where to stand, in the home's pixels.
            font: what it is written in.
            written: takes the new text.
            ground: what it lies over.
            home: what gets the keyboard back.
        """
        super().__init__(ground)
        self._home, self._text, self._written = home, text, written
        self.setObjectName("note-field")
        self.setAccessibleName("Text of the note")
        self.setPlaceholderText(PLACEHOLDER)
        self.setTabChangesFocus(True)
        self.setFont(font)
        self.setPlainText(text)
        self.selectAll()
        self.setGeometry(place)
        self.show()
        self.setFocus()

    def event(self, event: QEvent) -> bool:
        # On the canvas Tab and the keys of many actions are shortcuts.
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Escape:
            self._close()
        elif is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.finish()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:  # its own menu
            self.finish()

    def finish(self) -> None:
        """Keep the text, and close."""
        if not self.isHidden():
            self._close()
            if self.toPlainText() != self._text:
                self._written(self.toPlainText())

    def _close(self) -> None:
        self.hide()
        self._home.setFocus()
        self.deleteLater()
