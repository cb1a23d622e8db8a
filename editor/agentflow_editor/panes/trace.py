"""The trace pane: what happens in a run, one sentence a line, as it happens."""

from typing import Any

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QColor, QIcon
from PySide6.QtWidgets import QHBoxLayout, QWidget

from agentflow.gate import without_passes
from agentflow.trace import (
    BranchesMerged,
    LoopChecked,
    ModelUsed,
    RouteChosen,
    StepNoted,
    StepOutput,
    ToolCalled,
    TraceEntry,
)
from agentflow.wording import compared, sentence
from agentflow_editor.looks.icons import icon
from agentflow_editor.looks.plain_text import PlainLabel, on_one_line
from agentflow_editor.looks.theme import Theme
from agentflow_editor.panes.base import Pane
from agentflow_editor.run.statuses import STATUS_ICONS, status_of
from agentflow_editor.run.trace_model import TraceModel
from agentflow_editor.widgets.check_box import CheckBox
from agentflow_editor.widgets.column import column_in
from agentflow_editor.widgets.detail import Detail
from agentflow_editor.widgets.empty import OrEmpty
from agentflow_editor.widgets.rows_table import Index, RowsModel
from agentflow_editor.widgets.wrapped_table import WrappedTable
from agentflow_editor.workbench import Workbench

__all__ = ["PANE", "Trace"]

_DECISIONS: dict[type, tuple[str, str]] = {
    RouteChosen: ("directions-fork", "route"),
    LoopChecked: ("repeat-variant", "loop"),
    BranchesMerged: ("source-merge", "collaborative"),
    ToolCalled: ("tools", "muted"),
    ModelUsed: ("counter", "muted"),
    StepNoted: ("information-outline", "route"),
}
_TIME, _STEP, _WHAT = range(3)


class _Model(RowsModel):
    """The entries that are shown: all but what agents say, of one step or of all."""

    HEADS = ("Seconds", "Step", "What happened")

    def __init__(self, trace: TraceModel) -> None:
        super().__init__()
        self._trace = trace
        self.rows: list[int] = []
        self._of: str | None = None
        self._icons: dict[str, QIcon] = {}
        self._muted = QColor()

    def entry(self, row: int) -> TraceEntry:
        """The entry of a row."""
        return self._trace.entries[self.rows[row]]

    def show_of(self, path: str | None) -> None:
        """Show only what happened at a step and in it; None shows all."""
        if path != self._of:
            self._of = path
            self.start_again()

    def start_again(self) -> None:
        """Begin anew with all that is in the trace."""
        self.show_rows(self._wanted(0, len(self._trace.entries) - 1))

    def take(self, first: int, last: int) -> None:
        """New entries are there."""
        known = self.rows[-1] if self.rows else -1
        rows = self._wanted(max(first, known + 1), last)
        if rows:
            count = len(self.rows)
            self.beginInsertRows(QModelIndex(), count, count + len(rows) - 1)
            self.rows.extend(rows)
            self.endInsertRows()

    def _wanted(self, first: int, last: int) -> list[int]:
        entries = self._trace.entries
        return [row for row in range(first, last + 1) if self._is_wanted(entries[row])]

    def _is_wanted(self, entry: TraceEntry) -> bool:
        if isinstance(entry, StepOutput):
            return False
        if not self._of:
            return True
        path = without_passes(entry.path)
        return path == self._of or path.startswith(f"{self._of}/")

    def paint(self, theme: Theme) -> None:
        """Draw in a theme's colours."""

        def drawn(name: str, role: str) -> QIcon:
            return icon(name, theme.color(role), selected=theme.on_accent)

        self._icons = {status: drawn(name, status) for status, name in STATUS_ICONS.items()}
        self._icons |= {name: drawn(name, role) for name, role in _DECISIONS.values()}
        self._muted = theme.color("muted")
        self.layoutChanged.emit()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self.entry(index.row())
        if role == Qt.ItemDataRole.DisplayRole:
            return on_one_line(self._text(entry, index.column()), 400)
        if role == Qt.ItemDataRole.DecorationRole and index.column() == _WHAT:
            name, _ = _DECISIONS.get(type(entry), (status_of(entry), ""))
            return self._icons.get(name)
        if role == Qt.ItemDataRole.ForegroundRole and index.column() == _TIME:
            return self._muted
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == _TIME:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return super().data(index, role)

    def whole(self, row: int) -> str:
        entry = self.entry(row)
        told = _told_at_length(entry)
        return f"{entry.path}: {told}" if entry.path else told

    def _text(self, entry: TraceEntry, column: int) -> str:
        if column == _TIME:
            return f"{max(0.0, entry.time - self._trace.entries[0].time):.3f}  "
        return entry.path if column == _STEP else sentence(entry)


class Trace(QWidget):
    """The latest run as a list, and beside it all of the entry that is selected.

    It follows the end as long as the end is in sight.
    """

    def __init__(self, workbench: Workbench) -> None:
        super().__init__()
        self._bench = workbench
        self._model = _Model(workbench.trace)
        self.table = WrappedTable(
            self._model, "What happened in the run", widths={_TIME: 76, _STEP: 190}
        )
        self.table.selectionModel().currentChanged.connect(self._show_whole)
        self.table.follows_end = True
        self.detail = Detail(self.table, "All of the selected entry")
        self.table.pressed.connect(self._go)
        self.table.activated.connect(self._go)
        self.filter = CheckBox("Only the selected step")
        self.filter.toggled.connect(self._filter)
        self._count = PlainLabel("")
        top = QHBoxLayout()
        top.setContentsMargins(10, 5, 10, 5)
        top.addWidget(self.filter)
        top.addStretch()
        top.addWidget(self._count)
        body = QWidget()
        column = column_in(body)
        column.addLayout(top)
        column.addWidget(self.detail, 1)
        self._pages = OrEmpty(
            body,
            "format-list-bulleted",
            "Nothing has run yet. Press F5, and every step is told here as it happens.",
        )
        column_in(self, self._pages)
        self._model.modelReset.connect(self.detail.clear)
        workbench.trace.advanced.connect(self._advance)
        workbench.trace.reset.connect(self._start_again)
        workbench.selection.changed.connect(self._filter)
        workbench.theme.changed.connect(self._paint)
        self._start_again()
        self._paint(workbench.theme.theme)

    def _advance(self, first: int, last: int) -> None:
        self._model.take(first, last)
        self._show_count()
        self.table.stay_at_end()

    def _start_again(self) -> None:
        self._model.start_again()
        self._show_count()

    def _filter(self, *_: object) -> None:
        chosen = self._bench.selection.current if self.filter.isChecked() else None
        row = self.table.currentIndex().row()
        number = self._model.rows[row] if row >= 0 else None
        self._model.show_of(chosen)
        if self.table.currentIndex().row() < 0 and number in self._model.rows:
            self.table.selectRow(self._model.rows.index(number))
        self._show_count()

    def _show_count(self) -> None:
        shown = self._model.rowCount()
        self._count.setText("1 entry" if shown == 1 else f"{shown:,} entries")
        self._pages.show_contents(bool(self._bench.trace.entries))

    def _show_whole(self, index: Index) -> None:
        """Show all of an entry; beside it the list may be smaller than before."""
        if index.isValid():
            self.detail.show_text(self._model.whole(index.row()))
            self.table.scrollTo(index)

    def _go(self, index: Index) -> None:
        path = without_passes(self._model.entry(index.row()).path)
        if path and self._bench.document.sheet.flow.at(path) is not None:
            self._bench.selection.select((path,))

    def _paint(self, theme: Theme) -> None:
        self._model.paint(theme)
        self._pages.paint(theme)


def _told_at_length(entry: TraceEntry) -> str:
    if isinstance(entry, RouteChosen):
        return "\n".join([sentence(entry), *map(compared, entry.comparisons)])
    return sentence(entry)


PANE = Pane(id="trace", title="Trace", icon="format-list-bulleted", area="bottom", build=Trace)
