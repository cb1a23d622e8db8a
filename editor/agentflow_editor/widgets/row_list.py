"""RowList: rows in an order that counts, added, removed, moved and renamed by mouse or keyboard."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QWidget

from agentflow_editor.looks.plain_text import breakable, height_of, on_one_line, plain_tooltip
from agentflow_editor.widgets.column import column_in
from agentflow_editor.widgets.icon_button import IconButton

__all__ = ["RowList"]

FEWEST, MOST = 2, 7
"""Rows that are seen at once, if each of them is one line."""
LONGEST = 400
"""Characters of a label."""
ABOVE, AROUND = 9, 34
"""What a row is higher and wider than its label."""


class _List(QListWidget):
    """A list that tells when it has another size."""

    resized = Signal()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()


class RowList(QWidget):
    """Asks for what a person wants done to its rows; whoever owns them does it, and shows them."""

    add_wanted = Signal()
    remove_wanted = Signal(int)
    """(row)"""
    move_wanted = Signal(int, int)
    """(row, by) One up or down."""
    rename_wanted = Signal(int)
    """(row)"""
    picked = Signal(int)
    """(row) Another one is current, or -1 for none."""

    def __init__(
        self, name: str, *, of: str, has_fixed_rows: bool = False, has_order: bool = True
    ) -> None:
        """Make it.

        Args:
            name: what its rows are, for those who cannot see: "Cases".
            of: what one is called, for the buttons' tips: "case".
            has_fixed_rows: whether rows can neither be added nor removed here.
            has_order: whether rows can be moved.
        """
        super().__init__()
        self.list = _List()
        self.list.resized.connect(self._fit)
        self.list.setObjectName("field")
        self.list.setAccessibleName(name)
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentRowChanged.connect(self.picked)
        self.list.itemDoubleClicked.connect(lambda: self.rename_wanted.emit(self.row))
        self.list.installEventFilter(self)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(2)
        if not has_fixed_rows:
            self.add = IconButton("plus", f"Add a {of} (Insert)", self.add_wanted.emit)
            self.remove = IconButton("minus", f"Remove the {of} (Delete)", self._remove)
        self.up = IconButton("arrow-up", "Move it up (Alt+Up)", lambda: self._move(-1))
        self.down = IconButton("arrow-down", "Move it down (Alt+Down)", lambda: self._move(1))
        changing = () if has_fixed_rows else (self.add, self.remove)
        self._all = (*changing, self.up, self.down)
        for button in self._all:
            self._buttons.addWidget(button)
        if not has_order:
            self.up.hide()
            self.down.hide()
        self._buttons.addStretch()
        self._has_fixed_rows = has_fixed_rows
        column = column_in(self, gap=4)
        column.addWidget(self.list)
        column.addLayout(self._buttons)
        self.setFocusProxy(self.list)
        self._paint()

    @property
    def row(self) -> int:
        """The current row; -1 for none."""
        return self.list.currentRow()

    @property
    def _height(self) -> int:
        """Of a row, in the size of text that a person has chosen."""
        return self.list.fontMetrics().height() + ABOVE

    def show_rows(self, labels: Sequence[str], tips: Sequence[str] = ()) -> None:
        """Show other rows; the current one stays the current one, as far as there is one."""
        row = self.row
        shown = [breakable(on_one_line(label, LONGEST)) for label in labels]
        if shown != [self.list.item(it).text() for it in range(self.list.count())]:
            self.list.blockSignals(True)
            self.list.clear()
            self.list.addItems(shown)
            for number, tip in enumerate(tips):
                self.list.item(number).setToolTip(plain_tooltip(tip))
            self.list.setCurrentRow(min(max(row, 0), len(shown) - 1))
            self.list.blockSignals(False)
        self._fit()

    def show_list(self, is_shown: bool) -> None:
        """Show the list, or the buttons alone; to what is seen the Tab key goes."""
        self.list.setVisible(is_shown)
        self.setFocusProxy(self.list if is_shown else self.add)

    def _fit(self) -> None:
        """Give each row the height that all of its label takes, and the list that of its rows."""
        heights = list[int]()
        for number in range(self.list.count()):
            item = self.list.item(number)
            heights.append(height_of(item.text(), self.list.fontMetrics(), self._room) + ABOVE)
            item.setSizeHint(QSize(0, heights[-1]))
        least = FEWEST * self._height
        self.list.setFixedHeight(min(max(sum(heights), least), MOST * self._height) + 10)

    @property
    def _room(self) -> int:
        """The width of a label."""
        return self.list.viewport().width() - AROUND

    def allow(self, *, up: bool, down: bool, remove: bool) -> None:
        """Say what can be done to the current row."""
        self.up.setEnabled(up)
        self.down.setEnabled(down)
        if not self._has_fixed_rows:
            self.remove.setEnabled(remove)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._do(event.key(), event.modifiers())
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._paint()

    def _do(self, key: int, modifiers: Qt.KeyboardModifier) -> bool:
        """Do what a key stands for; whether it stands for something."""
        keys = Qt.Key
        if modifiers & Qt.KeyboardModifier.AltModifier and key in (keys.Key_Up, keys.Key_Down):
            (self.up if key == keys.Key_Up else self.down).click()
        elif key in (keys.Key_F2, keys.Key_Return, keys.Key_Enter):
            self.rename_wanted.emit(self.row)
        elif key == keys.Key_Insert and not self._has_fixed_rows:
            self.add.click()
        elif key in (keys.Key_Delete, keys.Key_Backspace) and not self._has_fixed_rows:
            self.remove.click()
        else:
            return False
        return True

    def _remove(self) -> None:
        if self.row >= 0:
            self.remove_wanted.emit(self.row)

    def _move(self, by: int) -> None:
        if self.row >= 0:
            self.move_wanted.emit(self.row, by)

    def _paint(self) -> None:
        colour = self.palette().color(QPalette.ColorRole.ButtonText)
        muted = self.palette().color(QPalette.ColorRole.Mid)
        for button in self._all:
            button.paint_in(colour, muted)
