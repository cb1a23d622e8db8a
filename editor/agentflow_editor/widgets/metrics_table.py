"""MetricsTable: the agents of a run in numbers."""

from collections.abc import Iterable
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
_SIDES = [int(it | _MIDDLE) for it in (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight)]
"""Where the name stands in its cell, and where numbers do."""


class _Model(RowsModel):
    HEADS = ("Agent", "Calls", "Failed", "Median", "Longest")

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[tuple[str, AgentMetrics]] = []
        self.said: list[tuple[str, ...]] = []
        """What the cells of each row say."""

    def show_rows(self, rows: Iterable[tuple[str, AgentMetrics]]) -> None:
        shown = list(rows)
        self.said = [_said(*row) for row in shown]
        super().show_rows(shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return self.said[index.row()][index.column()]
        name, measured = self.rows[index.row()]
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == 0:
            return plain_tooltip(_at_length(name, measured))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _SIDES[bool(index.column())]
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _SIDES[bool(section)]
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
        widths = [*map(self._width, range(len(_Model.HEADS)), zip(*self._model.said, strict=True))]
        self._widths = {column: unscaled(it) for column, it in enumerate(widths) if column}
        self._wanted = min(sum(widths) + 28, WIDEST)
        self.fit(self._room)
        self.setVisible(bool(self._model.rows))
        self._fit_columns()

    def _width(self, column: int, said: Iterable[str]) -> int:
        """Pixels of what a column says at the longest, and of its head.

        Not left to Qt, which asks how high each of thousands of rows is to know how wide it is.
        """
        longest = max(map(self.fontMetrics().horizontalAdvance, set(said)))
        margin = self.style().pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, None, self) + 1
        return max(longest + 2 * margin, self.horizontalHeader().sectionSizeHint(column)) + 1

    def fit(self, room: int) -> None:
        """Take as much as its numbers need, but no more than half of a room."""
        self._room = room
        self.setMinimumWidth(min(self._wanted, room // 2))
        self.setMaximumWidth(room // 2)


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
