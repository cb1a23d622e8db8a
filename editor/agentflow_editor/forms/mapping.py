"""Values by name, in a table whose last row waits for another one."""

import json
from collections.abc import Mapping
from typing import Any, Literal, cast, get_args, get_origin

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from agentflow_editor.forms._completion import Completion, Find
from agentflow_editor.forms._field import (
    UNSET,
    Field,
    FieldEditor,
    FormField,
    Surroundings,
    Unset,
)
from agentflow_editor.forms._keys import find_in_template, find_key
from agentflow_editor.looks.fonts import mono

__all__ = ["FORM_FIELD"]

MOST = 8
"""Rows that are seen at once."""


class _Choices(QStyledItemDelegate):
    """Lets a cell's value be chosen from a list."""

    def __init__(self, choices: tuple[str, ...], parent: QObject) -> None:
        super().__init__(parent)
        self._choices = choices

    def createEditor(
        self,
        parent: QWidget,
        _option: QStyleOptionViewItem,
        _index: QModelIndex | QPersistentModelIndex,
    ) -> QWidget:
        box = QComboBox(parent)
        box.setEditable(True)
        box.addItems(self._choices)
        return box


class _TightLine(QStyledItemDelegate):
    """Edits a cell in a line without the margins that would cut its text."""

    def __init__(self, find: Find, parent: QObject) -> None:
        super().__init__(parent)
        self._find = find

    def createEditor(
        self,
        parent: QWidget,
        _option: QStyleOptionViewItem,
        _index: QModelIndex | QPersistentModelIndex,
    ) -> QWidget:
        line = QLineEdit(parent)
        line.setStyleSheet("padding: 0 2px; border-radius: 0;")
        completion = Completion(line, self._find)
        line.textEdited.connect(completion.typed)
        return line


class MappingEditor(FieldEditor):
    """A table of names and values. A value is read as JSON where it is JSON, else as a text."""

    def __init__(self, field: Field, around: Surroundings) -> None:
        super().__init__()
        kinds = get_args(field.kind)
        self._value_kind: Any = kinds[1] if len(kinds) == 2 else Any
        self._is_told = True
        self.table = QTableWidget(0, 2)
        self.table.setHorizontalHeaderLabels(["Name", "Value"])
        self.table.setObjectName("field")
        self.table.setFont(mono(12))
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(26)
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.table.setTabKeyNavigation(False)
        self.table.setItemDelegate(_TightLine(find_in_template(around), self.table))
        if get_origin(self._value_kind) is Literal:
            choices = tuple(map(str, get_args(self._value_kind)))
            self.table.setItemDelegateForColumn(1, _Choices(choices, self.table))
        if field.form == "keys":
            self.table.setItemDelegateForColumn(0, _TightLine(find_key(around), self.table))
        self.table.cellChanged.connect(self._on_cell_changed)
        self.table.installEventFilter(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table)
        self.setFocusProxy(self.table)
        self.show_value(UNSET)

    def value(self) -> Any:
        """What the rows stand for; rows without a name count for nothing."""
        rows = [(self._text(row, 0), self._text(row, 1)) for row in range(self.table.rowCount())]
        return {name: self._read(text) for name, text in rows if name} or UNSET

    def show_value(self, value: Any) -> None:
        if value == self.value() and self.table.rowCount():
            return
        values = cast("dict[str, Any]", value if isinstance(value, Mapping) else {})
        self._is_told = False
        self.table.setRowCount(0)
        for name, held in values.items():
            self._add_row(str(name), _write(held))
        self._add_row("", "")
        self._is_told = True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
        ):
            self._remove_row(self.table.currentRow())
            return True
        return super().eventFilter(watched, event)

    def _text(self, row: int, column: int) -> str:
        item = self.table.item(row, column)
        return item.text().strip() if item else ""

    def _read(self, text: str) -> Any:
        if self._value_kind is str or get_origin(self._value_kind) is Literal:
            return text
        try:
            return json.loads(text)
        except ValueError:
            return text

    def _add_row(self, name: str, text: str) -> None:
        row = self.table.rowCount()
        self.table.insertRow(row)
        self.table.setItem(row, 0, QTableWidgetItem(name))
        self.table.setItem(row, 1, QTableWidgetItem(text))
        shown = min(self.table.rowCount(), MOST)
        self.table.setFixedHeight(
            shown * 26 + self.table.horizontalHeader().sizeHint().height() + 4
        )

    def _remove_row(self, row: int) -> None:
        if 0 <= row < self.table.rowCount() - 1:
            self.table.removeRow(row)
            self._tell()

    def _on_cell_changed(self, row: int, _column: int) -> None:
        if not self._is_told:
            return
        self._is_told = False
        if row == self.table.rowCount() - 1 and self._text(row, 0):
            self._add_row("", "")
        self._is_told = True
        self._tell()

    def _tell(self) -> None:
        self.edited.emit(self.value())
        self.finished.emit()


def _write(value: Any) -> str:
    if isinstance(value, (Unset, str)):
        # A text that would be read as something else keeps its quotes.
        return json.dumps(value, ensure_ascii=False) if _looks_like_json(value) else str(value)
    return json.dumps(value, ensure_ascii=False, default=str)


def _looks_like_json(value: object) -> bool:
    try:
        json.loads(str(value))
    except ValueError:
        return False
    return True


def _build(field: Field, around: Surroundings) -> FieldEditor:
    return MappingEditor(field, around)


FORM_FIELD = FormField(
    name="mapping",
    rank=10,
    accepts=lambda field: (get_origin(field.kind) or field.kind) in (dict, Mapping),
    build=_build,
)
