"""PoolList: the pools that the flow's agents borrow from, and what is set on the selected one."""

from typing import Any

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QToolButton, QVBoxLayout, QWidget

from agentflow.flow.flow import Flow, PoolSettings
from agentflow_editor.document import edits
from agentflow_editor.forms.base import Form, form_for, said
from agentflow_editor.icons import icon
from agentflow_editor.inspector.asking import Asking, given
from agentflow_editor.inspector.parts import NameLine
from agentflow_editor.plain_text import on_one_line, plain_tooltip
from agentflow_editor.theme import Theme

__all__ = ["PoolList"]

ROW = 26
MOST = 5


class PoolList(QWidget):
    """The pools by name, with a name and a form for the selected one under them."""

    focused = Signal(object)
    """(Field) It has the keyboard now."""

    def __init__(self, asking: Asking, flow: Flow, theme: Theme) -> None:
        super().__init__()
        self._asking = asking
        self._flow = Flow()
        self._about: _Pool | None = None
        self.list = QListWidget()
        self.list.setAccessibleName("Pools")
        self.list.currentRowChanged.connect(self._show_pool)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(2)
        self.add = self._button("plus", "Add a pool", self._add)
        self.remove = self._button("minus", "Remove it; no agent uses it any more", self._remove)
        self._buttons.addStretch()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._column.addWidget(self.list)
        self._column.addLayout(self._buttons)
        self.paint(theme)
        self.show_flow(flow)

    @property
    def selected(self) -> str:
        """The name of the selected pool; "" for none."""
        names, row = list(self._flow.pools), self.list.currentRow()
        return names[row] if 0 <= row < len(names) else ""

    def show_flow(self, flow: Flow) -> None:
        """Show what the pools are now."""
        row, self._flow = max(0, self.list.currentRow()), flow
        labels = [_label(flow, name) for name in flow.pools]
        if labels != [self.list.item(it).text() for it in range(self.list.count())]:
            self.list.blockSignals(True)
            self.list.clear()
            self.list.addItems(labels)
            self.list.setCurrentRow(min(row, len(labels) - 1))
            self.list.blockSignals(False)
        self.list.setVisible(bool(labels))
        self.list.setFixedHeight(min(max(len(labels), 1), MOST) * ROW + 8)
        self._show_pool()

    def paint(self, theme: Theme) -> None:
        """Draw in a theme's colours."""
        for button in (self.add, self.remove):
            name = str(button.property("icon_name"))
            button.setIcon(icon(name, theme.text, disabled=theme.border))

    def _button(self, icon_name: str, tip: str, do: Any) -> QToolButton:
        button = QToolButton()
        button.setProperty("icon_name", icon_name)
        button.setIconSize(QSize(16, 16))
        button.setToolTip(plain_tooltip(tip))
        button.setAccessibleName(tip)
        button.clicked.connect(do)
        self._buttons.addWidget(button)
        return button

    def _show_pool(self, _: int = 0) -> None:
        name = self.selected
        self.remove.setEnabled(bool(name))
        if self._about is not None and self._about.name == name:
            self._about.form.show_values(said(self._flow.pools[name]))
            return
        if self._about is not None:
            self._column.removeWidget(self._about)
            self._about.hide()
            self._about.deleteLater()
            self._about = None
        if name:
            self._about = _Pool(self._asking, name, self._flow.pools[name])
            self._about.form.focused.connect(self.focused)
            self._column.addWidget(self._about)

    def _add(self) -> None:
        self._asking.begin_visit()
        if not self._asking.edit("Add Pool", edits.add_pool):
            self.list.setCurrentRow(self.list.count() - 1)
            if self._about is not None:
                self._about.line.line.setFocus()
                self._about.line.line.selectAll()

    def _remove(self) -> None:
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
        self.form: Form = form_for(PoolSettings, said(pool), self._set)
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
    return on_one_line(f"{name} · {flow.pools[name].size} · used by {by}", 80)
