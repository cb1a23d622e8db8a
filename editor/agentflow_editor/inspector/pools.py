"""PoolList: the pools that the flow's agents borrow from, and what is set on the selected one."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from agentflow.flow.flow import Flow, PoolSettings
from agentflow_editor.document import edits
from agentflow_editor.forms.base import Form, form_for, said
from agentflow_editor.inspector.asking import Asking, given
from agentflow_editor.inspector.parts import NameLine
from agentflow_editor.widgets.column import column_in
from agentflow_editor.widgets.row_list import RowList

__all__ = ["PoolList"]


class PoolList(QWidget):
    """The pools by name, with a name and a form for the selected one under them."""

    focused = Signal(object)
    """(Field) It has the keyboard now."""

    def __init__(self, asking: Asking, flow: Flow) -> None:
        super().__init__()
        self._asking = asking
        self._flow = Flow()
        self._about: _Pool | None = None
        self.rows = RowList("Pools", of="pool", has_order=False)
        self.rows.add_wanted.connect(self._add)
        self.rows.remove_wanted.connect(self._remove)
        self.rows.rename_wanted.connect(self._rename)
        self.rows.picked.connect(self._show_pool)
        self._column = column_in(self, gap=6)
        self._column.addWidget(self.rows)
        self.show_flow(flow)

    @property
    def selected(self) -> str:
        """The name of the selected pool; "" for none."""
        names, row = list(self._flow.pools), self.rows.row
        return names[row] if 0 <= row < len(names) else ""

    def begin(self, flow: Flow) -> None:
        """Show the pools to who comes to them anew: what was typed and did not fit is gone."""
        self._drop_pool()
        self.show_flow(flow)

    def show_flow(self, flow: Flow) -> None:
        """Show what the pools are now."""
        self._flow = flow
        self.rows.show_rows([_label(flow, name) for name in flow.pools])
        self.rows.show_list(bool(flow.pools))
        self._show_pool()

    def _show_pool(self, _: int = 0) -> None:
        name = self.selected
        self.rows.allow(up=False, down=False, remove=bool(name))
        if self._about is not None and self._about.name == name:
            self._about.form.show_values(said(self._flow.pools[name]))
            return
        self._drop_pool()
        if name:
            self._about = _Pool(self._asking, name, self._flow.pools[name])
            self._about.form.focused.connect(self.focused)
            self._column.addWidget(self._about)

    def _drop_pool(self) -> None:
        if self._about is not None:
            self._column.removeWidget(self._about)
            self._about.hide()
            self._about.deleteLater()
            self._about = None

    def _add(self) -> None:
        self._asking.begin_visit()
        if not self._asking.edit("Add Pool", edits.add_pool):
            self.rows.list.setCurrentRow(self.rows.list.count() - 1)
            self._rename()

    def _rename(self, _row: int = -1) -> None:
        if self._about is not None:
            self._about.line.line.setFocus(Qt.FocusReason.TabFocusReason)

    def _remove(self, _row: int) -> None:
        name = self.selected
        self._asking.begin_visit()
        self._asking.edit("Remove Pool", lambda sheet: edits.remove_pool(sheet, name))


class _Pool(QWidget):
    """The name of one pool, and what is set on it."""

    def __init__(self, asking: Asking, name: str, pool: PoolSettings) -> None:
        super().__init__()
        self._asking = asking
        self.name = name
        self.line = NameLine("Name", name)
        self.line.renamed.connect(self._rename)
        self.form: Form = form_for(PoolSettings, said(pool), self._set, parent=self)
        asking.follow(self.form)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.line)
        column.addWidget(self.form)

    def _rename(self, new: str) -> None:
        old, self.name = self.name, new.strip()
        self._asking.begin_visit()
        fault = self._asking.edit("Rename Pool", lambda it: edits.rename_pool(it, old, new))
        if fault:
            self.name = old
            self.line.show_fault(fault)

    def _set(self, field: str, value: Any) -> str:
        name = self.name
        return self._asking.edit(
            f"Change {field}",
            lambda sheet: edits.set_pool(sheet, name, field, given(value)),
            name,
            field,
        )


def _label(flow: Flow, name: str) -> str:
    users = sum(name in spec.uses for spec in flow.agents.values())
    by = "1 agent" if users == 1 else f"{users} agents"
    return f"{name} · {flow.pools[name].size} · used by {by}"
