"""Breadcrumb: where one is inside the flow, and the way back up, for mouse and keyboard."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from agentflow_editor.document.lettering import broken
from agentflow_editor.looks.plain_text import PlainLabel, on_one_line, plain_tooltip
from agentflow_editor.looks.theme import Theme

__all__ = ["Breadcrumb"]

MARGIN = 12
WAYS = ((40, 5), (24, 5), (24, 4), (24, 3), (24, 2), (12, 2))
"""How names and levels are shown, the best first: (characters of a line, levels at most). Of more
levels those in the middle are left out; names are always whole."""


class Breadcrumb(QFrame):
    """A button for each level, the whole flow first. Shift+Tab on the canvas comes here."""

    wanted = Signal(str)
    """(path) of the level to go to; "" is the whole flow."""

    def __init__(self, canvas: QWidget, view: QWidget, theme: Theme) -> None:
        super().__init__(canvas)
        self._view, self._theme = view, theme
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(6, 4, 6, 4)
        self._row.setSpacing(2)
        self._buttons: list[QToolButton] = []
        self._levels: list[tuple[str, str]] = []
        self._home = canvas
        self.setAccessibleName("Where you are in the flow")
        self.move(MARGIN, MARGIN)
        canvas.installEventFilter(self)
        self.hide()

    def paint_in(self, theme: Theme) -> None:
        """Be drawn in another theme."""
        self._theme = theme
        self.update()

    def show_levels(self, levels: Sequence[tuple[str, str]]) -> None:
        """Show (path, name) of each level, from the outside in; the last one is where one is."""
        if list(levels) == self._levels:
            return
        self._levels = list(levels)
        had_focus = any(button.hasFocus() for button in self._buttons)
        self._show()
        self.setVisible(len(levels) > 1)
        self.raise_()
        if had_focus:
            self._view.setFocus()

    def _show(self) -> None:
        """Show the levels in the best way that there is room for."""
        for longest, most in WAYS:
            self._fill(longest, most)
            if self.sizeHint().width() <= self._home.width() - 2 * MARGIN:
                break
        for first, second in pairwise([*self._buttons, self._view]):
            self.setTabOrder(first, second)
        self.adjustSize()

    def _fill(self, longest: int, most: int) -> None:
        self._clear()
        levels = self._levels
        shown = [*levels[:1], *levels[1:][-(most - 1) :]]
        for number, (path, name) in enumerate(shown):
            if number:
                is_gap = number == 1 and len(shown) < len(levels)
                self._add(PlainLabel("› … ›" if is_gap else "›"))
            self._add(self._made(path, name, longest, is_last=number == len(shown) - 1))

    def _clear(self) -> None:
        self._buttons.clear()
        while item := self._row.takeAt(0):
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()

    def _add(self, widget: QWidget) -> None:
        self._row.addWidget(widget)
        widget.show()

    def _made(self, path: str, name: str, longest: int, *, is_last: bool) -> QToolButton:
        button = QToolButton()
        button.setAutoRaise(True)
        lines = broken(on_one_line(name), longest, len)
        button.setText("\n".join(lines).replace("&", "&&"))
        button.setToolTip(plain_tooltip(name if is_last else f"Go up to {name}"))
        button.setAccessibleName(name if is_last else f"Go up to {name}")
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(lambda: self.wanted.emit(path))
        button.installEventFilter(self)
        self._buttons.append(button)
        return button

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._home and event.type() == QEvent.Type.Resize and len(self._levels) > 1:
            self._show()
        if isinstance(event, QKeyEvent) and watched in self._buttons:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()  # on the canvas arrows and Tab are shortcuts
                return True
            if event.type() == QEvent.Type.KeyPress:
                return self._on_key(
                    event.key(), [it is watched for it in self._buttons].index(True)
                )
        return super().eventFilter(watched, event)

    def _on_key(self, key: int, number: int) -> bool:
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            to = number + (1 if key == Qt.Key.Key_Right else -1)
            self._buttons[max(0, min(to, len(self._buttons) - 1))].setFocus()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._buttons[number].click()
        elif key == Qt.Key.Key_Escape:
            self._view.setFocus()
        else:
            return False
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("border"), 1.0))
        painter.setBrush(self._theme.color("base"))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 8, 8)
