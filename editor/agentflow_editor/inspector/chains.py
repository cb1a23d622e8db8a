"""ChainList: the order of a router's cases, or of branches, and what each case asks."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from agentflow.flow.flow import Case, Chain, Orchestrator
from agentflow_editor.document import edits
from agentflow_editor.forms.base import Form, form_for, said
from agentflow_editor.inspector.asking import Asking, given
from agentflow_editor.inspector.knowledge import around_step
from agentflow_editor.looks.plain_text import on_one_line
from agentflow_editor.widgets.column import column_in
from agentflow_editor.widgets.row_list import RowList
from agentflow_editor.workbench import Workbench

__all__ = ["ChainList"]


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
        name, of = ("Cases", "case") if self._has_cases else ("Branches", "branch")
        self.rows = RowList(name, of=of, has_fixed_rows=not self._has_cases)
        self.rows.add_wanted.connect(self._add)
        self.rows.remove_wanted.connect(self._remove)
        self.rows.move_wanted.connect(self._move)
        self.rows.rename_wanted.connect(self._rename)
        self.rows.picked.connect(self._show_case)
        self._column = column_in(self, gap=6)
        self._column.addWidget(self.rows)
        self.show_chains(path, step)

    @property
    def _has_cases(self) -> bool:
        mode = self._bench.catalogue.modes.get(self._step.mode)
        return mode is not None and mode.chains == "cases"

    def begin(self, path: str, step: Orchestrator) -> None:
        """Show the chains of another orchestrator of the same mode."""
        self._form_of = -1
        self.rows.list.setCurrentRow(-1)
        self.show_chains(path, step)

    def show_chains(self, path: str, step: Orchestrator) -> None:
        """Show what they are now."""
        self.path, self._step = path, step
        labels = [self._label(number, chain) for number, chain in enumerate(step.chains)]
        tips = [f"{it}\n{_members(chain)}" for it, chain in zip(labels, step.chains, strict=True)]
        self.rows.show_rows(labels, tips)
        self._show_case(self.rows.row)

    def _label(self, number: int, chain: Chain) -> str:
        case = chain.case
        if case is None:
            if self._has_cases and not chain.steps:
                return "otherwise · go on"
            name = "otherwise" if self._has_cases else str(number + 1)
            return on_one_line(f"{name} · {_members(chain)}", 80)
        asks = case.when or ", ".join(case.keywords) or f"route = {case.route or case.name}"
        return f"{number + 1} · {case.name} · {asks}"

    def _show_case(self, row: int) -> None:
        chains = self._step.chains
        case = chains[row].case if 0 <= row < len(chains) else None
        last = len(chains) - (any(chain.case is None for chain in chains) and self._has_cases)
        is_movable = 0 <= row < last
        self.rows.allow(
            up=is_movable and row > 0,
            down=is_movable and row < last - 1,
            remove=0 <= row < len(chains),
        )
        if self._has_cases:
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
            self._form = form_for(Case, said(case), self._set, around=around, parent=self)
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

    def _rename(self, _row: int = -1) -> None:
        if self._form is not None:
            self._form.focus("name")

    def _add(self) -> None:
        self._asking.begin_visit()
        self._asking.edit("Add Case", lambda sheet: edits.add_case(sheet, self.path))
        cases = sum(chain.case is not None for chain in self._step.chains)
        self.rows.list.setCurrentRow(cases - 1)
        self._rename()

    def _remove(self, row: int) -> None:
        self._asking.begin_visit()
        self._form_of = -1
        self._asking.edit("Remove Case", lambda sheet: edits.remove_case(sheet, self.path, row))

    def _move(self, row: int, by: int) -> None:
        self._asking.begin_visit()
        fault = self._asking.edit(
            "Reorder", lambda sheet: edits.move_chain(sheet, self.path, row, row + by)
        )
        if not fault:
            self.rows.list.setCurrentRow(row + by)


def _members(chain: Chain) -> str:
    return " → ".join(step.name for step in chain.steps) or "nothing yet"
