"""The outline: the flow as a tree, to be read, walked and edited with the keyboard alone."""

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QToolTip, QTreeView, QWidget

from agentflow.problem import Problem
from agentflow_editor.document import edits
from agentflow_editor.document.edits import EditError
from agentflow_editor.document.outline import Row, basis, outline
from agentflow_editor.document.sheet import Sheet
from agentflow_editor.looks.icons import icon
from agentflow_editor.looks.plain_text import on_one_line, plain_tooltip
from agentflow_editor.looks.theme import Theme
from agentflow_editor.panes.base import Pane
from agentflow_editor.widgets.column import column_in
from agentflow_editor.widgets.empty import OrEmpty
from agentflow_editor.widgets.wide_tree import WideTree
from agentflow_editor.workbench import Workbench

__all__ = ["PANE", "Outline"]

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_SELECT = QItemSelectionModel.SelectionFlag.ClearAndSelect
EMPTY = "The steps of the flow stand here, as soon as there are some. Insert adds the first one."


class _Model(QAbstractItemModel):
    """The rows of an outline; an index's id is the row's number in it."""

    renamed = Signal(object, str)
    """(row, new name): a name was typed."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: Sequence[Row] = ()
        self._top: list[int] = []
        self._theme: Theme | None = None

    def show_rows(self, rows: Sequence[Row]) -> bool:
        """Show other rows; whether the tree itself is another one, and not just what it says."""
        if [row.key for row in rows] == [row.key for row in self.rows]:
            self._say_otherwise(rows)
            return False
        self.beginResetModel()
        self.rows = rows
        self._top = [number for number, row in enumerate(rows) if row.parent < 0]
        self.endResetModel()
        return True

    def _say_otherwise(self, rows: Sequence[Row]) -> None:
        """Tell of the rows that say something else; a tree measures all rows for more than that."""
        others = [at for at, row in enumerate(rows) if row != self.rows[at]]
        self.rows = rows
        for at in others:
            index = self.createIndex(rows[at].number, 0, at)
            self.dataChanged.emit(index, index)

    def paint(self, theme: Theme) -> None:
        """Draw the icons in a theme's colours."""
        self._theme = theme
        self._tell_all()

    def _tell_all(self) -> None:
        self.layoutChanged.emit()

    def row_of(self, index: _Index) -> Row:
        """What an index stands for."""
        return self.rows[index.internalId()]

    def indexes(self, keys: Iterable[str]) -> list[QModelIndex]:
        """Where some steps and notes stand."""
        wanted = set(keys)
        return [
            self.createIndex(row.number, 0, number)
            for number, row in enumerate(self.rows)
            if row.kind in ("step", "note") and row.path in wanted
        ]

    def index_of_chain(self, path: str, chain: int) -> QModelIndex:
        """Where a branch or case of an orchestrator stands."""
        for number, row in enumerate(self.rows):
            if row.kind == "chain" and row.path == path and row.number == chain:
                return self.createIndex(row.number, 0, number)
        return QModelIndex()

    def index(self, row: int, column: int, parent: _Index = _ROOT) -> QModelIndex:
        inside = self._children(parent)
        if column or not 0 <= row < len(inside):
            return QModelIndex()
        return self.createIndex(row, 0, inside[row])

    def parent(self, index: _Index) -> QModelIndex:  # type: ignore[override]
        number = self.rows[index.internalId()].parent if index.isValid() else -1
        return self.createIndex(self.rows[number].number, 0, number) if number >= 0 else _ROOT

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return len(self._children(parent))

    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 1

    def _children(self, parent: _Index) -> list[int]:
        return self.rows[parent.internalId()].children if parent.isValid() else self._top

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, theme = self.row_of(index), self._theme
        if role == Qt.ItemDataRole.DisplayRole:
            return on_one_line(row.text)
        if role == Qt.ItemDataRole.EditRole:
            return row.name
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return row.told or row.text
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(row.told or row.text)
        if role == Qt.ItemDataRole.DecorationRole and row.icon and theme is not None:
            return icon(row.icon, theme.color(row.color), selected=theme.on_accent)
        if role == Qt.ItemDataRole.ForegroundRole and theme is not None:
            is_pale = row.is_pale or row.kind not in ("step", "note")
            return theme.color("muted") if is_pale else None
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if self.row_of(index).name else flags

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        row = self.row_of(index)
        if role == Qt.ItemDataRole.EditRole and value != row.name:
            self.renamed.emit(row, str(value))
        return False  # the document tells when it has another name


class _Tree(WideTree):
    """A tree in which F2 renames in place, whatever it is a shortcut of in the window.

    A note has more than a name and is written where it stands, as from anywhere in the window.
    """

    def __init__(self, model: _Model) -> None:
        super().__init__()
        self._model = model
        self.setModel(model)

    def event(self, event: QEvent) -> bool:
        is_shortcut = event.type() == QEvent.Type.ShortcutOverride
        if is_shortcut and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_F2:
            event.setAccepted(not self._is_at_note())
            return True
        return super().event(event)

    def _is_at_note(self) -> bool:
        index = self.currentIndex()
        return index.isValid() and self._model.row_of(index).kind == "note"


class Outline(QWidget):
    """Shows the tree; the selection goes both ways, and F2 renames in place."""

    def __init__(self, workbench: Workbench) -> None:
        super().__init__()
        self._bench = workbench
        self._is_selecting = False
        self._is_stale = True
        self._basis: tuple[object, ...] = ()
        self._problems: tuple[Problem, ...] = ()
        self._model = _Model(self)
        self._model.renamed.connect(self._rename)
        self.tree = self._made_tree()
        self._pages = OrEmpty(self.tree, "file-tree-outline", EMPTY)
        column_in(self, self._pages)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._show)
        workbench.document.changed.connect(self._on_changed)
        workbench.document.problems_changed.connect(self._on_problems)
        workbench.selection.changed.connect(self._select)
        workbench.theme.changed.connect(self._paint)
        self.tree.selectionModel().selectionChanged.connect(self._on_selected)
        self._paint(workbench.theme.theme)

    def _made_tree(self) -> QTreeView:
        tree = _Tree(self._model)
        tree.setUniformRowHeights(True)
        tree.setIndentation(16)
        tree.setSelectionMode(QTreeView.SelectionMode.ExtendedSelection)
        tree.setEditTriggers(QTreeView.EditTrigger.EditKeyPressed)
        tree.setAccessibleName("Outline of the flow")
        tree.setExpandsOnDoubleClick(False)
        return tree

    def _on_changed(self, before: Sheet, after: Sheet) -> None:
        if before.flow is not after.flow or before.sketch.notes is not after.sketch.notes:
            self._ask()

    def _on_problems(self, problems: tuple[Problem, ...]) -> None:
        self._problems = problems
        self._ask()

    def _ask(self) -> None:
        # Hidden behind another pane it costs nothing.
        self._is_stale = True
        if self.isVisible():
            self._soon.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show()

    def _show(self) -> None:
        if not self._is_stale:
            return
        self._is_stale = False
        sheet = self._bench.document.sheet
        flow, notes = sheet.flow, sheet.sketch.notes
        before, self._basis = self._basis, basis(flow, self._problems, notes)
        if before != self._basis:
            self._show_rows(outline(flow, self._bench.catalogue, self._problems, notes))
        self._show_page(bool(self._model.rows))
        self._select()

    def _show_rows(self, rows: Sequence[Row]) -> None:
        self._is_selecting = True
        if self._model.show_rows(rows):
            self.tree.expandAll()
        self._is_selecting = False

    def _show_page(self, has_rows: bool) -> None:
        """Show the tree, or that there is none; whichever is seen can have the keyboard."""
        had_focus = self.hasFocus() or self.tree.hasFocus()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if has_rows else Qt.FocusPolicy.StrongFocus)
        self._pages.show_contents(has_rows)
        if had_focus:
            (self.tree if has_rows else self).setFocus()

    def _select(self, *_: object) -> None:
        if self._is_selecting or self._is_stale:
            return
        current, chain = self._bench.selection.current, self._bench.selection.chain
        if current is not None and chain is not None:
            indexes = [self._model.index_of_chain(current, chain)]
        else:
            indexes = self._model.indexes(self._bench.selection.keys)
        chosen = QItemSelection()
        for index in indexes:
            chosen.select(index, index)
        self._is_selecting = True
        selection = self.tree.selectionModel()
        selection.select(chosen, _SELECT)
        if indexes:
            selection.setCurrentIndex(indexes[0], QItemSelectionModel.SelectionFlag.NoUpdate)
            self.tree.scrollTo(indexes[0])
        self._is_selecting = False

    def _on_selected(self, *_: object) -> None:
        if self._is_selecting:
            return
        rows = [self._model.row_of(it) for it in self.tree.selectionModel().selectedIndexes()]
        self._is_selecting = True
        meant = rows[0].number if len(rows) == 1 and rows[0].kind == "chain" else None
        self._bench.selection.select((row.path for row in rows if row.path), chain=meant)
        self._is_selecting = False

    def _rename(self, row: Row, name: str) -> None:
        sheet = self._bench.document.sheet
        try:
            if row.kind == "chain":
                after = edits.rename_case(sheet, row.path, row.number, name)
            else:
                after = edits.rename(sheet, row.path, name)
            self._bench.document.edit("Rename", after)
        except EditError as error:
            at = self.tree.visualRect(self.tree.currentIndex()).bottomLeft()
            where = self.tree.viewport().mapToGlobal(at)
            QToolTip.showText(where, plain_tooltip(str(error)), self.tree)

    def _paint(self, theme: Theme) -> None:
        self._model.paint(theme)
        self._pages.paint(theme)


PANE = Pane(id="outline", title="Outline", icon="file-tree", area="left", build=Outline)
