"""FlowSection: what may be set on the whole flow."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from agentflow.flow.flow import Flow, FlowSettings, PoolSettings
from agentflow.flow.where import keys_of
from agentflow.problem import Problem
from agentflow_editor.document import edits
from agentflow_editor.document.sheet import Sheet
from agentflow_editor.forms.base import form_for, said
from agentflow_editor.inspector.asking import given
from agentflow_editor.inspector.help_page import Topic
from agentflow_editor.inspector.knowledge import around_flow
from agentflow_editor.inspector.parts import Heading, Title
from agentflow_editor.inspector.pools import PoolList
from agentflow_editor.inspector.section import Section
from agentflow_editor.workbench import Workbench

__all__ = ["FlowSection"]

_APART = ("settings", "agents", "pools", "root", "parked")


class FlowSection(Section):
    """The flow itself: shown while no step is selected."""

    is_kept = True

    def __init__(self, home: QWidget, workbench: Workbench) -> None:
        title = Title(
            "sitemap-outline",
            "accent",
            "Flow",
            "What holds for the whole run. Select a step to see its own settings.",
            workbench.theme.theme,
        )
        super().__init__(home, workbench, "", title)
        flow = workbench.document.sheet.flow
        around = around_flow(workbench)
        self._about = form_for(
            Flow, said(flow, _APART), self._set, around=around, leave_out=_APART, parent=self
        )
        self._settings = form_for(
            FlowSettings, said(flow.settings), self._set, around=around, parent=self
        )
        self.add_form(self._about)
        self.add_form(self._settings, "Runs")
        self._pools = PoolList(self.asking, flow)
        self._pools.focused.connect(self.focused)
        self.column.addWidget(Heading("Pools that agents borrow from"))
        self.column.addWidget(self._pools)
        self.column.addStretch()

    def take_over(self, path: str) -> bool:
        if path:
            return False
        flow = self.bench.document.sheet.flow
        self.asking.begin_visit()
        self._about.begin(said(flow, _APART))
        self._settings.begin(said(flow.settings))
        self._pools.begin(flow)
        return True

    def refresh(self, sheet: Sheet) -> bool:
        self._about.show_values(said(sheet.flow, _APART))
        self._settings.show_values(said(sheet.flow.settings))
        self._pools.show_flow(sheet.flow)
        return True

    def more_help(self) -> Sequence[Topic]:
        return (Topic.of("Pools that agents borrow from", PoolSettings),)

    def concerned_by(self, problem: Problem) -> bool:
        return not problem.path and keys_of(problem.where)[:1] != ("agents",)

    def _set(self, field: str, value: Any) -> str:
        return self.asking.edit(
            f"Change {field}",
            lambda sheet: edits.set_flow(sheet, field, given(value)),
            field,
        )
