"""SideBySide: parts beside each other where there is room for all, else one at a time, by tabs."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QTabBar, QWidget

from agentflow_editor.widgets.column import column_in

__all__ = ["SideBySide"]


class SideBySide(QWidget):
    """One part at least is always there; a tab stands for each as long as there is no room."""

    arranged = Signal()
    """The parts have come to stand side by side, or not to."""
    turned = Signal(QWidget)
    """(part) A person has turned to it by its tab."""

    def __init__(self, parts: Mapping[str, QWidget], has_room: Callable[[int], bool]) -> None:
        """Make it.

        Args:
            parts: by what each is called.
            has_room: whether so many pixels are enough for all of them.
        """
        super().__init__()
        self._has_room = has_room
        self._parts = list(parts.values())
        self._absent: set[QWidget] = set()
        self.is_tabbed = False
        """Whether only one part is seen."""
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setElideMode(Qt.TextElideMode.ElideNone)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        for name, part in parts.items():
            self.tabs.addTab(name.replace("&", "&&"))
            self.splitter.addWidget(part)
        self.splitter.setChildrenCollapsible(False)
        column = column_in(self, self.tabs)
        column.addWidget(self.splitter, 1)
        self.tabs.hide()
        self.tabs.currentChanged.connect(self._on_turned)

    def name(self, part: QWidget, name: str) -> None:
        """Call a part otherwise."""
        self.tabs.setTabText(self._parts.index(part), name.replace("&", "&&"))

    def set_there(self, part: QWidget, *, is_there: bool) -> None:
        """Let a part be seen, or neither it nor its tab."""
        if is_there == (part in self._absent):
            (self._absent.discard if is_there else self._absent.add)(part)
            self.tabs.setTabVisible(self._parts.index(part), is_there)
        self.arrange()

    def turn_to(self, part: QWidget) -> None:
        """Let a part be the one that is seen where only one is."""
        with QSignalBlocker(self.tabs):
            self.tabs.setCurrentIndex(self._parts.index(part))
        self._show()

    def arrange(self) -> None:
        """Look again whether there is room."""
        was_tabbed, there = self.is_tabbed, len(self._parts) - len(self._absent)
        self.is_tabbed = there > 1 and not self._has_room(self.width())
        self.tabs.setVisible(self.is_tabbed)
        self._show()
        if was_tabbed != self.is_tabbed:
            self.arranged.emit()

    def minimumSizeHint(self) -> QSize:
        """As narrow as its widest part: with less room for all there are tabs."""
        there = [it.minimumSizeHint() for it in self._parts if it not in self._absent]
        width = max(it.width() for it in there)
        return QSize(width, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.arrange()

    def _on_turned(self, number: int) -> None:
        self._show()
        if self.is_tabbed:
            self.turned.emit(self._parts[number])

    def _show(self) -> None:
        for number, part in enumerate(self._parts):
            is_hidden = self.is_tabbed and number != self.tabs.currentIndex()
            part.setHidden(is_hidden or part in self._absent)
