"""The problems pane: what was found in the flow, where, and what would mend it."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from agentflow.problem import Fix, Problem
from agentflow_editor.document.concern import steps_of
from agentflow_editor.document.edits import EditError
from agentflow_editor.document.mending import mend
from agentflow_editor.looks.icons import icon
from agentflow_editor.looks.plain_text import PlainLabel, on_one_line
from agentflow_editor.looks.theme import Theme
from agentflow_editor.panes.base import Pane
from agentflow_editor.widgets.column import column_in
from agentflow_editor.widgets.empty import OrEmpty
from agentflow_editor.widgets.rows_table import Index, RowsModel
from agentflow_editor.widgets.snug_area import SnugArea
from agentflow_editor.widgets.wrapped_button import WrappedButton
from agentflow_editor.widgets.wrapped_table import WrappedTable
from agentflow_editor.workbench import Workbench

__all__ = ["PANE", "Problems"]

SHARE = 0.5
"""The most that fixes take of the height of the pane."""
LONGEST = 2_000
"""Characters of a cell."""
_ICONS = {"error": "close-circle", "warning": "alert", "info": "information"}


class _Model(RowsModel):
    """A row for each problem: the text with its severity's icon, the place, the line.

    What would mend it is said there as well, unless it is done by a button.
    """

    HEADS = ("Problem", "Where", "Line")

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Problem] = []
        self._icons: dict[str, QIcon] = {}

    def paint(self, theme: Theme) -> None:
        """Draw in a theme's colours."""
        self._icons = {
            kind: icon(name, theme.color(kind), selected=theme.on_accent)
            for kind, name in _ICONS.items()
        }
        self.layoutChanged.emit()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        problem = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return on_one_line(_cells(problem)[index.column()], LONGEST)
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 0:
            return self._icons.get(problem.severity)
        if role == Qt.ItemDataRole.AccessibleTextRole and index.column() == 0:
            return f"{problem.severity}: {_cells(problem)[0]}"
        return super().data(index, role)

    def whole(self, row: int) -> str:
        return str(self.rows[row])


class Problems(QWidget):
    """A table of problems; under it the fixes of the selected one."""

    place_wanted = Signal(str)
    """(dotted keys) of what a person wants to see in the text."""
    setting_wanted = Signal(str)
    """(dotted keys) of what a person wants to see, of the step that is selected now."""

    def __init__(self, workbench: Workbench) -> None:
        super().__init__()
        self._bench = workbench
        self._model = _Model()
        self.table = WrappedTable(self._model, "Problems", 26, {1: 240, 2: 60})
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.selectionModel().currentRowChanged.connect(self._on_current)
        self.table.clicked.connect(self._go)
        self.table.activated.connect(self._go)
        self.table.customContextMenuRequested.connect(self._open_menu)
        self._fault = PlainLabel("")
        self._fault.setObjectName("fault")
        self._fault.hide()
        self._fixes = SnugArea(SHARE)
        self._row = QHBoxLayout(self._fixes.contents)
        self._row.setContentsMargins(8, 5, 8, 6)
        body = QWidget()
        column_in(body, self.table, self._fault, self._fixes)
        self.pages = OrEmpty(
            body,
            "check-circle-outline",
            "No problems. What is wrong or doubtful in the flow is listed here, with its fixes.",
        )
        column_in(self, self.pages)
        workbench.document.problems_changed.connect(self._show)
        workbench.theme.changed.connect(self._paint)
        self._show(workbench.document.problems)
        self._paint(workbench.theme.theme)

    def show_first(self) -> None:
        """Go to the first problem, with the keyboard, and to a step that it is about."""
        self.table.selectRow(0)
        self.table.setFocus()
        self._go_to_step()

    def _show(self, problems: Sequence[Problem]) -> None:
        row = self.table.currentIndex().row()
        told = _sign(self._model.rows[row]) if row >= 0 else None
        self._model.show_rows(problems)
        # The next one takes the place of one that is mended.
        row = next((at for at, it in enumerate(problems) if _sign(it) == told), row)
        self.pages.show_contents(bool(problems))
        self._fault.hide()
        if row >= 0 and problems:
            self.table.keep_selected(min(row, len(problems) - 1))
        self._show_fixes()

    def _current(self) -> Problem | None:
        row = self.table.currentIndex().row()
        return self._model.rows[row] if 0 <= row < len(self._model.rows) else None

    def _on_current(self) -> None:
        self._fault.hide()
        self._show_fixes()

    def _show_fixes(self) -> None:
        while (item := self._row.takeAt(0)) is not None:  # pyright: ignore[reportUnnecessaryComparison] - None when empty
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        problem = self._current()
        doable = _doable(problem)
        for fix in doable:
            button = WrappedButton(on_one_line(fix.title))
            button.clicked.connect(lambda _=False, fix=fix: self._apply(fix))
            self._row.addWidget(button)
            button.show()
        self._row.addStretch()
        self._fixes.setVisible(bool(doable))
        self._fixes.updateGeometry()

    def _go(self, _index: Index) -> None:
        if not self._go_to_step():
            self._show_in_text()

    def _go_to_step(self) -> bool:
        """Select a step that the problem is about, unless one of them is; whether there is any."""
        problem = self._current()
        steps = self._steps(problem)
        if problem is None or not steps:
            return False
        if self._bench.selection.current not in steps:
            self._bench.selection.select(steps[:1])
        self.setting_wanted.emit(problem.where)
        return True

    def _steps(self, problem: Problem | None) -> Sequence[str]:
        places = self._bench.document.sheet.flow.places()
        return steps_of(problem, places) if problem else ()

    def _show_in_text(self) -> None:
        problem = self._current()
        if problem is not None and problem.where:
            self.place_wanted.emit(problem.where)

    def _apply(self, fix: Fix) -> None:
        try:
            mend(self._bench.document, fix, self._bench.catalogue)
        except EditError as error:
            self._fault.setText(str(error))
            self._fault.show()

    def _open_menu(self, at: QPoint) -> None:
        problem = self._current()
        if problem is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for fix in _doable(problem):
            menu.addAction(
                on_one_line(fix.title, 80).replace("&", "&&"), lambda fix=fix: self._apply(fix)
            )
        go = menu.addAction("Go to the Step", self._go_to_step)
        go.setEnabled(bool(self._steps(problem)))
        show = menu.addAction("Show in the Source", self._show_in_text)
        show.setEnabled(bool(problem.where))
        menu.popup(self.table.viewport().mapToGlobal(at))

    def _paint(self, theme: Theme) -> None:
        self._model.paint(theme)
        self.pages.paint(theme)


def _sign(problem: Problem) -> object:
    """What makes a problem the same one, wherever it stands by now."""
    return problem.code, problem.path or problem.where, problem.message


def _doable(problem: Problem | None) -> list[Fix]:
    return [fix for fix in problem.fixes if fix.edit] if problem else []


def _cells(problem: Problem) -> tuple[str, str, str]:
    line = "" if problem.line is None else str(problem.line)
    said = f"{problem.message[:1].upper()}{problem.message[1:]}"
    advice = (fix.title for fix in problem.fixes if not fix.edit)
    return ". ".join((said, *advice)), _place(problem), line


def _place(problem: Problem) -> str:
    if not problem.path.startswith("|"):
        return problem.path or problem.where
    return f"{problem.path.partition('/')[2]} (parked)"


PANE = Pane(
    id="problems", title="Problems", icon="alert-circle-outline", area="bottom", build=Problems
)
