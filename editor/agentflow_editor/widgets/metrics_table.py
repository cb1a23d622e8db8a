"""MetricsTable: the agents of a run in numbers."""

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyle

from agentflow.running.metrics import AgentMetrics, Metrics
from agentflow.wording import duration
from agentflow_editor.looks.fonts import pixels, unscaled
from agentflow_editor.looks.plain_text import on_one_line, plain_tooltip
from agentflow_editor.widgets.rows_table import Index, RowsModel
from agentflow_editor.widgets.wrapped_table import WrappedTable

__all__ = ["MetricsTable"]

WIDEST, AROUND = 460, 28
PADDING = 5
"""Of a cell, left and right, as the style sheet says."""
NAME, SHORT_NAME = 130, 90
"""Pixels at 100 % of a name that is not broken where numbers can go for it, and of one for which
the numbers stand apart from what else there is."""
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
    """One row for each agent."""

    def __init__(self) -> None:
        self._model = _Model()
        self._wanted = self._name = 0
        super().__init__(self._model, "The agents in numbers")
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)

    def show_metrics(self, metrics: Metrics | None) -> None:
        """Show other numbers; None for no run."""
        if metrics is None and self._model.rowCount() == 0:
            return
        self._model.show_rows(metrics.agents.items() if metrics is not None else ())
        widths = [*map(self._width, range(len(_Model.HEADS)), zip(*self._model.said, strict=True))]
        self._widths = {column: unscaled(it) for column, it in enumerate(widths) if column}
        self._name = unscaled(sum(widths[:1]))
        self._wanted = min(sum(widths) + AROUND, WIDEST)
        self._fit_columns()

    def _width(self, column: int, said: Iterable[str]) -> int:
        """Pixels of what a column says at the longest, and of its head.

        Not left to Qt, which asks how high each of thousands of rows is to know how wide it is.
        """
        longest = max(map(self.fontMetrics().horizontalAdvance, set(said)))
        margin = self.style().pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, None, self) + 1
        return (
            max(longest + 2 * (margin + PADDING), self.horizontalHeader().sectionSizeHint(column))
            + 1
        )

    def has_room_in_half(self, room: int) -> bool:
        """Whether half of a room is enough for its numbers, and for names to be read beside."""
        numbers = range(1, len(_Model.HEADS))
        return self._needs(numbers, SHORT_NAME) + AROUND <= room // 2

    def fit(self, room: int, *, alone: bool) -> None:
        """Take as much as its numbers need, but no more than half of a room unless it is alone."""
        most = room if alone else room // 2
        self.setMinimumWidth(min(self._wanted, most))
        self.setMaximumWidth(most)

    def _needs(self, columns: Iterable[int], name: int) -> int:
        """Pixels of these columns, and of names beside them that are so wide at 100 % at most."""
        numbers = sum(pixels(self._widths.get(it, 0)) for it in columns)
        return numbers + pixels(min(self._name, name))

    def _fit_columns(self) -> None:
        shown, gone = list(range(1, len(_Model.HEADS))), list[int]()
        for column in self._less_needed():
            if self._needs(shown, NAME) > self.viewport().width():
                shown.remove(column)
                gone.append(column)
        was_fitting, self._is_fitting = self._is_fitting, True
        for column in range(1, len(_Model.HEADS)):
            self.setColumnHidden(column, column in gone)
        super()._fit_columns()
        self._is_fitting = was_fitting

    def _less_needed(self) -> Iterable[int]:
        """What can be read where the mouse rests, too: first that nothing has failed."""
        if not any(measured.failed for _, measured in self._model.rows):
            yield _Model.HEADS.index("Failed")
        yield _Model.HEADS.index("Longest")


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
    took = f"median {duration(measured.median)}, longest {duration(measured.max)}"
    told = f"{measured.success_rate:.0%} of {measured.count} succeeded{retried}"
    return f"{name}: {told}; {took}"
