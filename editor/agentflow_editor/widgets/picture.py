"""Picture: an icon that stands beside text, and grows with it."""

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QLabel

from agentflow_editor.looks.fonts import pixels

__all__ = ["Picture"]


class Picture(QLabel):
    """Empty until it is told what to show."""

    def __init__(self, size: int) -> None:
        """Make it.

        Args:
            size: pixels of its sides with text of 100 %.
        """
        super().__init__()
        self._size = size
        self._icon = QIcon()

    def show_icon(self, icon: QIcon) -> None:
        """Show another icon."""
        self._icon = icon
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._draw()

    def _draw(self) -> None:
        side = pixels(self._size)
        if not self._icon.isNull():
            self.setPixmap(self._icon.pixmap(QSize(side, side), self.devicePixelRatio()))
