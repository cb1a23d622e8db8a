"""ChainList: the order of a router's cases, or of branches, and what each case asks."""

from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QToolButton, QVBoxLayout, QWidget

from agentflow.flow.flow import Case, Chain, Orchestrator
from agentflow_editor.document import edits
from agentflow_editor.forms.base import Form, form_for, said
from agentflow_editor.icons import icon
from agentflow_editor.inspector.asking import Asking, given
from agentflow_editor.inspector.knowledge import around_step
from agentflow_editor.plain_text import on_one_line, plain_tooltip
from agentflow_editor.theme import Theme
from agentflow_editor.workbench import Workbench

__all__ = ["ChainList"]

ROW = 26
MOST = 7


class ChainList(QWidget):
    """Chains in the order in which they count, with a form for the selected case under them."""

    focused = Signal(object)
    """(Field) It has the keyboard now."""

    def __init__(self, workbench: Workbench, asking: Asking, path: str, step: Orchestrator) -> None:
        super().__init__()
        self._bench, self._asking = workbench, asking
        self.path = path
        self._step = step
        self._form: Form | None = None
        self._form_of = -1
        self.list = QListWidget()
        self.list.setAccessibleName("Cases" if self._has_cases else "Branches")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentRowChanged.connect(self._show_case)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(2)
        if self._has_cases:
            self.add = self._button("plus", "Add a case", self._add)
            self.remove = self._button("minus", "Remove it; its steps are parked", self._remove)
        self.up = self._button("arrow-up", "Try it earlier", lambda: self._move(-1))
        self.down = self._button("arrow-down", "Try it later", lambda: self._move(1))
        self._buttons.addStretch()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._column.addWidget(self.list)
        self._column.addLayout(self._buttons)
        self.paint(workbench.theme.theme)
        self.show_chains(path, step)

    @property
    def _has_cases(self) -> bool:
        mode = self._bench.catalogue.modes.get(self._step.mode)
        return mode is not None and mode.chains == "cases"

    def show_chains(self, path: str, step: Orchestrator) -> None:
        """Show what they are now."""
        self.path, self._step = path, step
        row = max(0, self.list.currentRow())
        labels = [self._label(number, chain) for number, chain in enumerate(step.chains)]
        if labels != [self.list.item(it).text() for it in range(self.list.count())]:
            self.list.blockSignals(True)
            self.list.clear()
            self.list.addItems(labels)
            for number, chain in enumerate(step.chains):
                self.list.item(number).setToolTip(
                    plain_tooltip(f"{labels[number]}\n{_members(chain)}")
                )
            self.list.setCurrentRow(min(row, len(labels) - 1))
            self.list.blockSignals(False)
        shown = min(max(len(labels), 2), MOST)
        self.list.setFixedHeight(shown * ROW + 8)
        self._show_case(self.list.currentRow())

    def paint(self, theme: Theme) -> None:
        """Draw in a theme's colours."""
        for button in self.findChildren(QToolButton):
            name = str(button.property("icon_name") or "")
            if name:
                button.setIcon(icon(name, theme.text, disabled=theme.border))

    def _label(self, number: int, chain: Chain) -> str:
        case = chain.case
        if case is None:
            if self._has_cases and not chain.steps:
                return "otherwise · go on"
            name = "otherwise" if self._has_cases else str(number + 1)
            return on_one_line(f"{name} · {_members(chain)}", 80)
        asks = case.when or ", ".join(case.keywords) or f"route = {case.route or case.name}"
        return on_one_line(f"{number + 1} · {case.name} · {asks}", 80)

    def _button(self, icon_name: str, tip: str, do: Any) -> QToolButton:
        button = QToolButton()
        button.setProperty("icon_name", icon_name)
        button.setIconSize(QSize(16, 16))
        button.setToolTip(plain_tooltip(tip))
        button.setAccessibleName(tip)
        button.clicked.connect(do)
        self._buttons.addWidget(button)
        return button

    def _show_case(self, row: int) -> None:
        chains = self._step.chains
        case = chains[row].case if 0 <= row < len(chains) else None
        last = len(chains) - (any(chain.case is None for chain in chains) and self._has_cases)
        is_movable = 0 <= row < last
        self.up.setEnabled(is_movable and row > 0)
        self.down.setEnabled(is_movable and row < last - 1)
        if self._has_cases:
            self.remove.setEnabled(0 <= row < len(chains))
            self._show_form(row, case)

    def _show_form(self, row: int, case: Case | None) -> None:
        if self._form is not None and case is not None and self._form_of == row:
            self._form.show_values(said(case))
            return
        if self._form is not None:
            self._column.removeWidget(self._form)
            self._form.hide()
            self._form.deleteLater()
        self._form, self._form_of = None, row
        if case is not None:
            around = around_step(self._bench, lambda: self.path, is_asking=True)
            self._form = form_for(Case, said(case), self._set, around=around)
            self._form.focused.connect(self.focused)
            self._asking.follow(self._form)
            self._column.addWidget(self._form)

    def _set(self, field: str, value: Any) -> str:
        row, path = self._form_of, self.path
        return self._asking.edit(
            f"Change {field}",
            lambda sheet: edits.set_case(sheet, path, row, field, given(value)),
            path,
            str(row),
            field,
        )

    def _add(self) -> None:
        self._asking.begin_visit()
        self._asking.edit("Add Case", lambda sheet: edits.add_case(sheet, self.path))
        cases = sum(chain.case is not None for chain in self._step.chains)
        self.list.setCurrentRow(cases - 1)
        if self._form is not None:
            self._form.focus("name")

    def _remove(self) -> None:
        row = self.list.currentRow()
        self._asking.begin_visit()
        self._form_of = -1
        self._asking.edit("Remove Case", lambda sheet: edits.remove_case(sheet, self.path, row))

    def _move(self, by: int) -> None:
        row = self.list.currentRow()
        self._asking.begin_visit()
        fault = self._asking.edit(
            "Reorder", lambda sheet: edits.move_chain(sheet, self.path, row, row + by)
        )
        if not fault:
            self.list.setCurrentRow(row + by)


def _members(chain: Chain) -> str:
    return " → ".join(step.name for step in chain.steps) or "nothing yet"
