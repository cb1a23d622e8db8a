"""Toast: a short message beside the mouse that goes away by itself."""

from PySide6.QtCore import QPoint, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QWidget

from agentflow_editor.looks.plain_text import PlainLabel

__all__ = ["Toast"]

SECONDS = 4.0
WIDEST = 360
AWAY = QPoint(14, 18)
"""How far it keeps from the mouse."""


class Toast(QWidget):
    """One message at a time; a new one replaces the one before."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._home = parent
        self._label = PlainLabel("", self)
        self._label.setWordWrap(True)
        self._label.setObjectName("toast")
        self._label.setMargin(10)
        self._label.setForegroundRole(QPalette.ColorRole.ToolTipText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def tell(self, text: str, near: QPoint) -> None:
        """Show a message near a point of the parent, all of it inside."""
        self._label.setText(text)
        wanted = self._label.fontMetrics().horizontalAdvance(text) + 28
        self._label.setFixedWidth(min(wanted, WIDEST, self._home.width() - 20))
        self._label.adjustSize()
        self.resize(self._label.size())
        room = self._home.size() - self.size()
        at = near + AWAY
        self.move(max(0, min(at.x(), room.width())), max(0, min(at.y(), room.height())))
        self.show()
        self.raise_()
        self._timer.start(int(SECONDS * 1000))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self.palette().color(QPalette.ColorRole.Highlight))
        painter.setBrush(self.palette().color(QPalette.ColorRole.ToolTipBase))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
