"""WrappedTable: a RowsTable whose rows are as high as their text, once they are in sight."""

from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from agentflow_editor.looks.plain_text import breakable, height_of
from agentflow_editor.widgets.rows_table import Index, RowsModel, RowsTable

__all__ = ["WrappedTable"]

HIGHEST = 10_000
"""Pixels of a row for which the room of its text is asked."""
PAGES = 2
"""How many times the height of the view is measured, so that a page further on is known as well."""
ROUNDS = 2
"""A scroll bar that comes with the first makes columns narrower, and rows higher."""
_Actions = QAbstractItemView.CursorAction


class _Wrapping(QStyledItemDelegate):
    """Breaks long words, too, and begins every cell of a row at its top."""

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        option.text = breakable(option.text)
        side = option.displayAlignment & Qt.AlignmentFlag.AlignHorizontal_Mask
        option.displayAlignment = side | Qt.AlignmentFlag.AlignTop
        option.decorationAlignment = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """How high the text is in the room that is left to it, which Qt's own takes for wider."""
        shown = QStyleOptionViewItem(option)
        self.initStyleOption(shown, index)
        shown.rect.setHeight(HIGHEST)
        style, widget = shown.widget.style(), shown.widget
        room = style.subElementRect(QStyle.SubElement.SE_ItemViewItemText, shown, widget)
        margin = style.pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, shown, widget) + 1
        text = height_of(shown.text, shown.fontMetrics, room.width() - 2 * margin)
        return QSize(shown.rect.width(), text + HIGHEST - room.height())


class WrappedTable(RowsTable):
    """However many rows there are, only those around what is seen are measured."""

    def __init__(
        self,
        model: RowsModel,
        name: str,
        row_height: int = 24,
        widths: Mapping[int, int] | None = None,
    ) -> None:
        self._measured, self._measured_for = set[int](), tuple[int, ...]()
        """Rows that are as high as their text in columns of these widths."""
        self._is_measuring = False
        self._top = 0
        self.follows_end = False
        """Whether the end, once it is in sight, stays so, whatever comes and grows."""
        self._is_at_end = True
        super().__init__(model, name, row_height, widths)
        self.setWordWrap(True)
        self.setItemDelegate(_Wrapping(self))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self._settled = QTimer(self, singleShot=True, interval=0)
        self._settled.timeout.connect(self._measure_again)
        self.horizontalHeader().sectionResized.connect(self._on_other_widths)
        model.modelAboutToBeReset.connect(self._note_top)
        model.modelReset.connect(self._return_to_top)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._measure_sight()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure_sight()

    def stay_at_end(self) -> None:
        """Go to the end where that was in sight, and is to stay so."""
        if self.follows_end and self._is_at_end and self._rows.rowCount():
            was_measuring, self._is_measuring = self._is_measuring, True
            self._measure_up_from(self._rows.rowCount() - 1)
            self.updateGeometries()
            self.scrollToBottom()
            self._is_measuring = was_measuring

    def _on_scrolled(self, value: int) -> None:
        if not self._is_measuring:
            self._is_at_end = value >= self.verticalScrollBar().maximum() - 1
        self._measure_sight()

    def scrollTo(
        self,
        index: Index,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        if index.isValid():
            self._measure_up_from(index.row())
            self.updateGeometries()
        super().scrollTo(index, hint)

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        if hidden := self._hidden(action):
            bar, step = self.verticalScrollBar(), self.viewport().height() // 2
            bar.setValue(bar.value() + max(min(hidden, step), -step))
            return self.currentIndex()
        return super().moveCursor(action, modifiers)

    def _hidden(self, action: QAbstractItemView.CursorAction) -> int:
        """Pixels of the current row that are still to be seen before a key goes to the next one."""
        shown, room = self.visualRect(self.currentIndex()), self.viewport().height()
        if shown.height() <= room:
            return 0
        below, above = max(shown.bottom() + 1 - room, 0), min(shown.top(), 0)
        return {_Actions.MoveDown: below, _Actions.MoveUp: above}.get(action, 0)

    def _fit(self) -> None:
        self._measured.clear()
        super()._fit()

    def _fit_columns(self) -> None:
        super()._fit_columns()
        self._measure_again()

    def _on_other_widths(self) -> None:
        # A column that takes what others leave is told of before it is as wide as that.
        if not self._is_fitting:
            self._measure_again()
        self._settled.start()

    def _measure_again(self) -> None:
        widths = tuple(map(self.columnWidth, range(self._rows.columnCount())))
        if widths != self._measured_for:
            self._measured.clear()
            self._measured_for = widths
        self._measure_sight()

    def _note_top(self) -> None:
        self._top = max(self.rowAt(0), 0)

    def _return_to_top(self) -> None:
        self._measured.clear()
        self._is_at_end |= not self._rows.rowCount()
        if not self.isVisible():
            return
        self.updateGeometries()
        self.verticalScrollBar().setValue(self.verticalHeader().sectionPosition(self._top))
        self._measure_sight()

    def _measure_sight(self) -> None:
        if self._is_measuring or not self.isVisible():
            return
        self._is_measuring = True
        bar = self.verticalScrollBar()
        for _ in range(ROUNDS):
            above = self._measure_down()
            self.updateGeometries()
            bar.setValue(bar.value() + above)  # what was in sight stays where it is
        self.stay_at_end()
        self._is_measuring = False

    def _measure_down(self) -> int:
        """Measure what is seen and a page more; the pixels that it grew by above what is seen."""
        row, end = max(self.rowAt(0), 0), self.viewport().height() * PAGES
        above = 0
        while row < self._rows.rowCount() and self.rowViewportPosition(row) < end:
            grown = self._measure(row)
            above += grown if self.rowViewportPosition(row) < 0 else 0
            row += 1
        return above

    def _measure_up_from(self, row: int) -> None:
        """Know all that will be in sight with a row, which is not yet."""
        self._measure(row)
        height = self.viewport().height()
        is_seen = 0 <= self.rowViewportPosition(row) < height
        room = 0 if is_seen else height - self.rowHeight(row)
        while room > 0 and row > 0:
            row -= 1
            self._measure(row)
            room -= self.rowHeight(row)

    def _measure(self, row: int) -> int:
        """Make a row as high as its text; the pixels that it has grown by."""
        if row in self._measured:
            return 0
        self._measured.add(row)
        before = self.rowHeight(row)
        least = self.verticalHeader().defaultSectionSize()
        self.setRowHeight(row, max(self.sizeHintForRow(row), least))
        return self.rowHeight(row) - before
