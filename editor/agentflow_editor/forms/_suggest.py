"""SuggestLine: a line into which anything may be typed, with a list of what is usual."""

from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QPalette
from PySide6.QtWidgets import QLineEdit

from agentflow_editor.forms._completion import Offer, matching
from agentflow_editor.forms._line import LineEditor
from agentflow_editor.looks.icons import icon

__all__ = ["SuggestLine"]


class SuggestLine(LineEditor):
    """The list opens with the arrow in the line, with Down and while something is typed."""

    def __init__(self, offers: Callable[[], Iterable[Offer]], **options: Any) -> None:
        super().__init__(**options)
        self._offers = offers
        self.offer(lambda before: (0, matching(before, offers())))
        self._arrow = QAction("Show what is usual", self.line)
        self._arrow.triggered.connect(self.open_list)
        self.line.addAction(self._arrow, QLineEdit.ActionPosition.TrailingPosition)
        self.line.installEventFilter(self)
        self._paint()

    def open_list(self) -> None:
        """Show all that is usual, whatever stands in the line."""
        self.line.setFocus()
        self.line.selectAll()
        assert self.completion is not None
        self.completion.show_all(list(self._offers()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        pressed = event.key() if isinstance(event, QKeyEvent) else None
        if pressed == Qt.Key.Key_Down and event.type() == QEvent.Type.KeyPress:
            self.open_list()
            return True
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._paint()

    def _paint(self) -> None:
        self._arrow.setIcon(icon("chevron-down", self.palette().color(QPalette.ColorRole.Text)))
