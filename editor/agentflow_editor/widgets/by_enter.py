"""by_enter: a button is pressed by the Enter key as well, and not only by the space bar."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton

__all__ = ["by_enter"]


def by_enter(button: QAbstractButton) -> None:
    """Let Return and Enter press a button that has the keyboard; Qt does so in dialogs alone."""
    keys = [QKeySequence(Qt.Key.Key_Return), QKeySequence(Qt.Key.Key_Enter)]
    enter = QShortcut(button)
    enter.setKeys(keys)
    enter.setContext(Qt.ShortcutContext.WidgetShortcut)
    enter.activated.connect(button.click)
