"""JsonView: a titled tree of JSON values, which says which one is looked at."""

from collections.abc import Iterator, Mapping
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QHeaderView, QTreeView, QWidget

from agentflow_editor.looks.plain_text import PlainLabel
from agentflow_editor.looks.theme import Theme
from agentflow_editor.widgets.column import column_in
from agentflow_editor.widgets.json_tree import JsonTreeModel, as_json

__all__ = ["JsonView"]

FEWEST = 2
"""Rows that there is always room for."""
SHARE = 0.6
"""The most that names take of the width."""


class JsonView(QWidget):
    """A titled tree of values. Ctrl+C copies the selected one, whole."""

    looked_at = Signal()
    """A person has selected another value, or come to the tree by keyboard or mouse."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self.heading = PlainLabel(title)
        self.heading.setObjectName("heading")
        self.model = JsonTreeModel(self)
        self.tree = _Tree()
        self.tree.setModel(self.model)
        self.tree.setUniformRowHeights(True)
        self.tree.setAlternatingRowColors(False)
        self.tree.setAccessibleName(title)
        self.tree.setHeaderHidden(True)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self.tree.header().setStretchLastSection(True)
        self.tree.setIndentation(14)
        column = column_in(self)
        column.addWidget(self.heading)
        column.addWidget(self.tree, 1)
        self.tree.selectionModel().currentChanged.connect(self._on_current)
        self.tree.installEventFilter(self)
        copy = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self.tree)
        copy.setContext(Qt.ShortcutContext.WidgetShortcut)
        copy.activated.connect(self._copy)

    def show_values(
        self, values: Mapping[str, Any], marks: Mapping[str, str] | None = None
    ) -> None:
        """Show other values; what was unfolded and selected by name stays so."""
        opened, current = self._opened(), self._name(self.tree.currentIndex())
        self.blockSignals(True)
        self.model.show_values(values, marks)
        for row in range(self.model.rowCount()):
            index = self.model.index(row, 0)
            if self._name(index) in opened:
                self.tree.expand(index)
            if self._name(index) == current:
                self.tree.setCurrentIndex(index)
        self.blockSignals(False)

    @property
    def current(self) -> tuple[str, Any] | None:
        """The names on the way to the selected value, and the value; None without one."""
        index = self.tree.currentIndex()
        if not index.isValid():
            return None
        names = reversed([self.model.name_at(it) for it in _upwards(index)])
        return " / ".join((self.title, *names)), self.model.value_at(index)

    def paint(self, theme: Theme) -> None:
        """Draw in a theme's colours."""
        marks = {
            "+": theme.color("done"),
            "~": theme.color("warning"),
            "-": theme.color("failed"),
        }
        self.model.paint(theme.color("muted"), marks)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            self.looked_at.emit()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.tree.header().setMaximumSectionSize(round(self.width() * SHARE))

    def _on_current(self) -> None:
        self.looked_at.emit()

    def _opened(self) -> set[str]:
        rows = (self.model.index(row, 0) for row in range(self.model.rowCount()))
        return {self._name(index) for index in rows if self.tree.isExpanded(index)}

    def _name(self, index: QModelIndex) -> str:
        return self.model.name_at(index) if index.isValid() else ""

    def _copy(self) -> None:
        index = self.tree.currentIndex()
        if index.isValid():
            QApplication.clipboard().setText(as_json(self.model.value_at(index)))


class _Tree(QTreeView):
    """It can be lower than Qt has it."""

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), FEWEST * (self.fontMetrics().height() + 6))


def _upwards(index: QModelIndex) -> Iterator[QModelIndex]:
    while index.isValid():
        yield index
        index = index.parent()
