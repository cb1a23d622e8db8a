"""RowsTable: a table of things, one a row, chosen by the row; RowsModel is what it shows."""

from collections.abc import Iterable
from typing import Any, ClassVar

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QTableView

__all__ = ["Index", "RowsModel", "RowsTable"]

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
AROUND = 9
"""What a row is higher at least than its text."""


class RowsModel(QAbstractTableModel):
    """Rows under heads. What a cell says is its subclass's."""

    HEADS: ClassVar[tuple[str, ...]] = ()

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Any] = []

    def show_rows(self, rows: Iterable[Any]) -> None:
        """Show others in place of all."""
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.HEADS)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self.HEADS[section]
        return None


class RowsTable(QTableView):
    """Without a grid, one line a row; Tab goes on to the next widget, not to the next cell."""

    def __init__(self, model: RowsModel, name: str, row_height: int = 24) -> None:
        super().__init__()
        model.setParent(self)
        self.setModel(model)
        self.setAccessibleName(name)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self._row_height = row_height
        self._fit_rows()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit_rows()

    def _fit_rows(self) -> None:
        """Give rows the height that the text has in the size that a person has chosen."""
        wanted = max(self._row_height, self.fontMetrics().height() + AROUND)
        self.verticalHeader().setDefaultSectionSize(wanted)
