"""JsonTreeModel: JSON values as a tree that is built only as far as somebody looks into it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, cast

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from agentflow_editor.looks.plain_text import on_one_line, plain_tooltip

__all__ = ["JsonTreeModel", "as_json", "json_pieces"]

PIECE = 200
"""How many members of a value are fetched at once."""

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


def as_json(value: Any) -> str:
    """The value as a person reads it: a text as it stands, anything else as indented JSON."""
    return "".join(json_pieces(value))


def json_pieces(value: Any) -> Iterator[str]:
    """The same, made as it is taken: that of a large value is long in the making."""
    if isinstance(value, str):
        return iter((value,))
    return json.JSONEncoder(indent=2, ensure_ascii=False, default=str).iterencode(value)


@dataclass(slots=True, eq=False)
class _Node:
    """A value in the tree. Its members are made when they are fetched."""

    key: str
    value: Any
    parent: "_Node | None"
    row: int
    mark: str = ""
    members: "list[_Node]" = field(default_factory=list["_Node"])

    @property
    def count(self) -> int:
        """How many members its value has, fetched or not."""
        value = self.value
        return len(cast("list[Any]", value)) if isinstance(value, (Mapping, list, tuple)) else 0

    def fetch(self, how_many: int) -> None:
        """Make the next of its members."""
        start = len(self.members)
        for key, value in islice(_members(self.value), start, start + how_many):
            self.members.append(_Node(key, value, self, len(self.members)))


class JsonTreeModel(QAbstractItemModel):
    """Two columns: the name and the value in a few words. `DATA` holds the value itself."""

    DATA = int(Qt.ItemDataRole.UserRole)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._root = _Node("", {}, None, 0)
        self._colors: dict[str, QColor] = {}
        self._muted = QColor()

    def show_values(
        self, values: Mapping[str, Any], marks: Mapping[str, str] | None = None
    ) -> None:
        """Show other values; `marks` are signs before the names of some at the top: "+", "-"."""
        self.beginResetModel()
        self._root = _Node("", dict(values), None, 0)
        self._root.fetch(PIECE)
        for node in self._root.members:
            node.mark = (marks or {}).get(node.key, "")
        self.endResetModel()

    def paint(self, muted: QColor, marks: Mapping[str, QColor]) -> None:
        """Draw types and marks in these colours."""
        self._muted, self._colors = muted, dict(marks)
        self.layoutChanged.emit()

    def value_at(self, index: _Index) -> Any:
        """The value itself."""
        return self._node(index).value

    def name_at(self, index: _Index) -> str:
        """What the value is called, be it long."""
        return self._node(index).key

    def index(self, row: int, column: int, parent: _Index = _ROOT) -> QModelIndex:
        members = self._node(parent).members
        if 0 <= row < len(members) and 0 <= column < 2:
            return self.createIndex(row, column, members[row])
        return QModelIndex()

    def parent(self, index: _Index = _ROOT) -> QModelIndex:  # pyright: ignore[reportIncompatibleMethodOverride] - overloaded in Qt
        above = self._node(index).parent
        if above is None or above is self._root:
            return QModelIndex()
        return self.createIndex(above.row, 0, above)

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.column() > 0 else len(self._node(parent).members)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 2

    def hasChildren(self, parent: _Index = _ROOT) -> bool:
        return parent.column() <= 0 and self._node(parent).count > 0

    def canFetchMore(self, parent: _Index) -> bool:
        node = self._node(parent)
        return len(node.members) < node.count

    def fetchMore(self, parent: _Index) -> None:
        node = self._node(parent)
        first = len(node.members)
        last = min(first + PIECE, node.count) - 1
        if last >= first:
            self.beginInsertRows(self._plain(parent), first, last)
            node.fetch(last - first + 1)
            self.endInsertRows()

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        node = self._node(index)
        if role == Qt.ItemDataRole.DisplayRole:
            name = f"{node.mark} {node.key}" if node.mark else node.key
            return on_one_line(name if index.column() == 0 else _in_short(node.value))
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(node.key if index.column() == 0 else _in_short(node.value))
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._color(node, index.column())
        return node.value if role == self.DATA else None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return ("Name", "Value")[section]
        return None

    def _color(self, node: _Node, column: int) -> QColor | None:
        if column == 0:
            return self._colors.get(node.mark)
        is_plain = isinstance(node.value, (str, int, float)) and not isinstance(node.value, bool)
        return None if is_plain else self._muted

    def _plain(self, index: _Index) -> QModelIndex:
        return self.index(index.row(), 0, index.parent()) if index.isValid() else QModelIndex()

    def _node(self, index: _Index) -> _Node:
        return cast("_Node", index.internalPointer()) if index.isValid() else self._root


def _members(value: Any) -> Any:
    if isinstance(value, Mapping):
        return ((str(key), held) for key, held in cast("Mapping[Any, Any]", value).items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ((str(number), held) for number, held in enumerate(cast("Sequence[Any]", value)))
    return ()


def _in_short(value: Any) -> str:
    if isinstance(value, str):
        return value if value else '""'
    if isinstance(value, Mapping):
        keys = [str(key) for key in islice(cast("Mapping[Any, Any]", value), 4)]
        more = ", …" if len(cast("Mapping[Any, Any]", value)) > 4 else ""
        return "{" + ", ".join(keys) + more + "}"
    if isinstance(value, (list, tuple)):
        count = len(cast("list[Any]", value))
        return f"[{count} {'value' if count == 1 else 'values'}]" if count else "[]"
    return json.dumps(value, default=str)
