"""WrappedButton: a button that says all of its text, on as many lines as it takes."""

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy

from agentflow_editor.document.lettering import broken
from agentflow_editor.widgets.by_enter import by_enter

__all__ = ["WrappedButton"]

AROUND, ABOVE = 16, 6
"""Between its text and its edge, left and right, and above and below."""
NARROWEST = 60


class WrappedButton(QPushButton):
    """Becomes as narrow as has to be, and so high that its text has room."""

    def __init__(self, text: str, *, asks: bool = True) -> None:
        """Make it.

        Args:
            text: what it says.
            asks: whether it wants to be as wide as its text is on one line.
        """
        super().__init__()
        self._whole, self._asks = "", asks
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        by_enter(self)
        self.say(text)

    def say(self, text: str) -> None:
        """Say something else."""
        self._whole = text
        self.setAccessibleName(text)
        self._wrap()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        wanted = self.fontMetrics().horizontalAdvance(self._whole) + 2 * AROUND + 2
        width = wanted if self._asks else NARROWEST
        return QSize(width, self.heightForWidth(wanted))

    def minimumSizeHint(self) -> QSize:
        return QSize(NARROWEST, self.sizeHint().height())

    def heightForWidth(self, width: int) -> int:
        return len(self._lines(width)) * self.fontMetrics().lineSpacing() + 2 * ABOVE

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._wrap()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._wrap()
            self.updateGeometry()

    def _lines(self, width: int) -> tuple[str, ...]:
        room = max(width, NARROWEST) - 2 * AROUND
        return broken(self._whole, room, self.fontMetrics().horizontalAdvance)

    def _wrap(self) -> None:
        self.setText("\n".join(self._lines(self.width())).replace("&", "&&"))
