"""JsonView: a tree of JSON values, and under it the whole of the one that is selected."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QHeaderView, QSplitter, QTreeView, QVBoxLayout, QWidget

from agentflow_editor.looks.fonts import mono
from agentflow_editor.looks.plain_text import PlainLabel
from agentflow_editor.looks.theme import Theme
from agentflow_editor.widgets.json_tree import JsonTreeModel, as_json
from agentflow_editor.widgets.long_text import LongText

__all__ = ["JsonView"]

SHORT = 60
"""Characters of a text that are read in the tree itself."""


class JsonView(QWidget):
    """A titled tree of values. Ctrl+C copies the selected one, whole."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heading = PlainLabel(title)
        self.heading.setObjectName("heading")
        self.model = JsonTreeModel(self)
        self.tree = QTreeView()
        self.tree.setModel(self.model)
        self.tree.setUniformRowHeights(True)
        self.tree.setAlternatingRowColors(False)
        self.tree.setAccessibleName(title)
        self.tree.setHeaderHidden(True)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self.tree.header().setMaximumSectionSize(220)
        self.tree.header().setStretchLastSection(True)
        self.tree.setIndentation(14)
        self.whole = LongText(f"{title}: the selected value")
        self.whole.view.setFont(mono(12))
        self.whole.hide()
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.tree)
        split.addWidget(self.whole)
        split.setChildrenCollapsible(False)
        split.setSizes([140, 100])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.heading)
        column.addWidget(split, 1)
        self.tree.selectionModel().currentChanged.connect(self._show_whole)
        copy = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self.tree)
        copy.setContext(Qt.ShortcutContext.WidgetShortcut)
        copy.activated.connect(self._copy)

    def show_values(
        self, values: Mapping[str, Any], marks: Mapping[str, str] | None = None
    ) -> None:
        """Show other values; what was unfolded and selected by name stays so."""
        opened, current = self._opened(), self._name(self.tree.currentIndex())
        self.model.show_values(values, marks)
        self._show_whole(QModelIndex())
        for row in range(self.model.rowCount()):
            index = self.model.index(row, 0)
            if self._name(index) in opened:
                self.tree.expand(index)
            if self._name(index) == current:
                self.tree.setCurrentIndex(index)

    def paint(self, theme: Theme) -> None:
        """Draw in a theme's colours."""
        marks = {
            "+": theme.color("done"),
            "~": theme.color("warning"),
            "-": theme.color("failed"),
        }
        self.model.paint(theme.color("muted"), marks)

    def _opened(self) -> set[str]:
        rows = (self.model.index(row, 0) for row in range(self.model.rowCount()))
        return {self._name(index) for index in rows if self.tree.isExpanded(index)}

    def _name(self, index: QModelIndex) -> str:
        return str(index.siblingAtColumn(0).data() or "").lstrip("+~- ")

    def _show_whole(self, index: QModelIndex) -> None:
        value = self.model.value_at(index) if index.isValid() else None
        is_long = isinstance(value, str) and (len(value) > SHORT or "\n" in value)
        self.whole.setVisible(is_long)
        if isinstance(value, str) and is_long:
            self.whole.view.show_text(value)

    def _copy(self) -> None:
        index = self.tree.currentIndex()
        if index.isValid():
            QApplication.clipboard().setText(as_json(self.model.value_at(index)))
