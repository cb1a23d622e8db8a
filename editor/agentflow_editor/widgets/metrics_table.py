"""MetricsTable: the agents of a run in numbers."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyle

from agentflow.running.metrics import AgentMetrics, Metrics
from agentflow.wording import duration
from agentflow_editor.looks.fonts import unscaled
from agentflow_editor.looks.plain_text import on_one_line, plain_tooltip
from agentflow_editor.widgets.rows_table import Index, RowsModel
from agentflow_editor.widgets.wrapped_table import WrappedTable

__all__ = ["MetricsTable"]

WIDEST = 460
_MIDDLE = Qt.AlignmentFlag.AlignVCenter


class _Model(RowsModel):
    HEADS = ("Agent", "Calls", "Failed", "Median", "Longest")

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[tuple[str, AgentMetrics]] = []

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        name, measured = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return _said(name, measured)[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == 0:
            return plain_tooltip(_at_length(name, measured))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(_side(index.column()) | _MIDDLE)
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(_side(section) | _MIDDLE)
        return super().headerData(section, orientation, role)


class MetricsTable(WrappedTable):
    """One row for each agent. It is hidden as long as there is none."""

    def __init__(self) -> None:
        self._model = _Model()
        self._wanted = 0
        self._room = 2 * WIDEST
        super().__init__(self._model, "The agents in numbers")
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.hide()

    def show_metrics(self, metrics: Metrics | None) -> None:
        """Show other numbers; None for no run."""
        if metrics is None and self._model.rowCount() == 0:
            return
        self._model.show_rows(metrics.agents.items() if metrics is not None else ())
        self.setVisible(self._model.rowCount() > 0)
        widths = [self._width(column) for column in range(len(_Model.HEADS))]
        self._widths = {column: unscaled(it) for column, it in enumerate(widths) if column}
        self._fit_columns()
        self._wanted = min(sum(widths) + 28, WIDEST)
        self.fit(self._room)

    def _width(self, column: int) -> int:
        """Pixels of what a column says at the longest, and of its head.

        Not left to Qt, which asks how high each of thousands of rows is to know how wide it is.
        """
        said = {_said(*row)[column] for row in self._model.rows}
        longest = max(map(self.fontMetrics().horizontalAdvance, said), default=0)
        margin = self.style().pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, None, self) + 1
        return max(longest + 2 * margin, self.horizontalHeader().sectionSizeHint(column)) + 1

    def fit(self, room: int) -> None:
        """Take as much as its numbers need, but no more than half of a room."""
        self._room = room
        self.setMinimumWidth(min(self._wanted, room // 2))
        self.setMaximumWidth(room // 2)


def _side(column: int) -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft


def _said(name: str, measured: AgentMetrics) -> tuple[str, ...]:
    return (
        on_one_line(name),
        str(measured.count),
        str(measured.failed),
        duration(measured.median),
        duration(measured.max),
    )


def _at_length(name: str, measured: AgentMetrics) -> str:
    retried = f", {measured.retries} retries" if measured.retries else ""
    return f"{name}: {measured.success_rate:.0%} succeeded{retried}"
