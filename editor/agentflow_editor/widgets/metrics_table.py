"""MetricsTable: the agents of a run in numbers."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView

from agentflow.running.metrics import AgentMetrics, Metrics
from agentflow.wording import duration
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
            return (on_one_line(name), *_numbers(measured))[index.column()]
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
        header.setResizeContentsPrecision(0)  # as wide as what is in sight
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.hide()

    def show_metrics(self, metrics: Metrics | None) -> None:
        """Show other numbers; None for no run."""
        if metrics is None and self._model.rowCount() == 0:
            return
        self._model.show_rows(metrics.agents.items() if metrics is not None else ())
        self.setVisible(self._model.rowCount() > 0)
        header = self.horizontalHeader()
        widths = [
            max(self.sizeHintForColumn(column), header.sectionSizeHint(column))
            for column in range(len(_Model.HEADS))
        ]
        self._wanted = min(sum(widths) + 28, WIDEST)
        self.fit(self._room)

    def fit(self, room: int) -> None:
        """Take as much as its numbers need, but no more than half of a room."""
        self._room = room
        self.setMinimumWidth(min(self._wanted, room // 2))
        self.setMaximumWidth(room // 2)


def _side(column: int) -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft


def _numbers(measured: AgentMetrics) -> tuple[str, ...]:
    return (
        str(measured.count),
        str(measured.failed),
        duration(measured.median),
        duration(measured.max),
    )


def _at_length(name: str, measured: AgentMetrics) -> str:
    retried = f", {measured.retries} retries" if measured.retries else ""
    return f"{name}: {measured.success_rate:.0%} succeeded{retried}"
