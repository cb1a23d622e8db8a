"""LetterMenu: a menu whose keys mean its entries, whatever they are shortcuts of below it."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QMenu, QWidget

__all__ = ["LetterMenu"]


class LetterMenu(QMenu):
    """A menu over a widget with single-letter shortcuts. It is gone when it closes."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)
