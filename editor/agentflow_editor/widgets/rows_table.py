"""RowsTable: a table of things, one a row, chosen by the row; RowsModel is what it shows."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QKeySequence, QMouseEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHeaderView, QTableView

from agentflow_editor.looks.fonts import pixels, unscaled
from agentflow_editor.looks.plain_text import plain_tooltip

__all__ = ["Index", "RowsModel", "RowsTable"]

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
AROUND = 9
"""What a row is higher at least than its text."""
SHARE = 3
"""A column of a width of its own takes at most this part of the table's."""


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

    def whole(self, row: int) -> str:
        """All that a row says, as it is copied and read where the mouse rests."""
        cells = (self.index(row, column) for column in range(self.columnCount()))
        return "\t".join(str(cell.data() or "") for cell in cells)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(self.whole(index.row()))
        return None

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
    """Without a grid, one line a row; Tab goes on to the next widget, not to the next cell.

    Ctrl+C copies the whole of the selected row.
    """

    def __init__(
        self,
        model: RowsModel,
        name: str,
        row_height: int = 24,
        widths: Mapping[int, int] | None = None,
    ) -> None:
        """Make it.

        Args:
            model: what it shows.
            name: what it is called, for who does not see it.
            row_height: pixels of a row of one line, at 100 %.
            widths: how wide columns are in pixels at 100 %, unless somebody drags them; the first
                of the others takes the rest.
        """
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
        self._rows, self._row_height = model, row_height
        self._widths, self._is_fitting = dict(widths or {}), False
        self._is_pressed = False
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        if rest := [it for it in range(len(model.HEADS)) if it not in self._widths]:
            header.setSectionResizeMode(rest[0], QHeaderView.ResizeMode.Stretch)
        header.sectionResized.connect(self._on_resized)
        copy = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self)
        copy.setContext(Qt.ShortcutContext.WidgetShortcut)
        copy.activated.connect(self._copy)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._is_pressed = self.indexAt(event.position().toPoint()).isValid()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        # What a press opens beside the rows may move them: the mouse would select another one.
        if event.buttons() == Qt.MouseButton.NoButton:
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if self._is_pressed and self.currentIndex().isValid():
            self.keep_selected(self.currentIndex().row())

    def keep_selected(self, row: int) -> None:
        """Select a row again without going there: something else may be what is read."""
        self.setAutoScroll(False)
        self.selectRow(row)
        self.setAutoScroll(True)

    def _fit(self) -> None:
        """Give rows and columns the room that text has in the size that a person has chosen."""
        wanted = max(self._row_height, self.fontMetrics().height() + AROUND)
        self.verticalHeader().setDefaultSectionSize(wanted)
        self._fit_columns()

    def _fit_columns(self) -> None:
        # Other widths may bring or take a scroll bar, and so come here once more.
        was_fitting, self._is_fitting = self._is_fitting, True
        for column, width in self._widths.items():
            most = self.viewport().width() // SHARE
            self.horizontalHeader().resizeSection(column, min(pixels(width), most))
        self._is_fitting = was_fitting

    def _on_resized(self, column: int, _before: int, width: int) -> None:
        if column in self._widths and not self._is_fitting:
            self._widths[column] = unscaled(width)

    def _copy(self) -> None:
        if (index := self.currentIndex()).isValid():
            QApplication.clipboard().setText(self._rows.whole(index.row()))
