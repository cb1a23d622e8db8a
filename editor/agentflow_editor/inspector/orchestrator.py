"""OrchestratorSection: what may be set on an orchestrator, and the order of its chains."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from agentflow.flow.flow import Case, Orchestrator
from agentflow_editor.document import edits
from agentflow_editor.document.sheet import Sheet
from agentflow_editor.forms.base import form_for, said
from agentflow_editor.inspector.asking import given
from agentflow_editor.inspector.chains import ChainList
from agentflow_editor.inspector.help_page import Topic
from agentflow_editor.inspector.knowledge import around_step
from agentflow_editor.inspector.parts import Heading, NameLine, Title
from agentflow_editor.inspector.section import Section
from agentflow_editor.workbench import Workbench

__all__ = ["OrchestratorSection"]


class OrchestratorSection(Section):
    """One orchestrator."""

    is_kept = True

    def __init__(self, home: QWidget, workbench: Workbench, path: str, step: Orchestrator) -> None:
        mode = workbench.catalogue.modes.get(step.mode)
        super().__init__(home, workbench, path, _title(workbench, step))
        self._mode = step.mode
        self._name = NameLine("Name", step.name)
        self._name.renamed.connect(self._rename)
        self.column.addWidget(self._name)
        self._chains: ChainList | None = None
        if mode is not None and mode.chains != "one":
            has_cases = mode.chains == "cases"
            heading = "Cases, tried in this order" if has_cases else "Branches"
            self._chains = ChainList(workbench, self.asking, path, step)
            self._chains.focused.connect(self.focused)
            self.column.addWidget(Heading(heading))
            self.column.addWidget(self._chains)
        around = around_step(workbench, lambda: self.path, is_asking=True)
        settings = mode.settings if mode else type(step.settings)
        self._settings = form_for(
            settings, said(step.settings), self._set, around=around, parent=self
        )
        self.add_form(self._settings, "Settings" if self._chains else "")
        self.column.addStretch()

    def more_help(self) -> Sequence[Topic]:
        mode = self.bench.catalogue.modes.get(self._mode)
        has_cases = mode is not None and mode.chains == "cases"
        return (Topic.of("Each case", Case),) if has_cases else ()

    def take_over(self, path: str) -> bool:
        step = self.bench.document.sheet.flow.at(path)
        if not isinstance(step, Orchestrator) or step.mode != self._mode:
            return False
        self.asking.begin_visit()
        self.path = path
        self._name.begin(step.name)
        self._settings.begin(said(step.settings))
        if self._chains is not None:
            self._chains.begin(path, step)
        return True

    def refresh(self, sheet: Sheet) -> bool:
        step = sheet.flow.at(self.path)
        if not isinstance(step, Orchestrator) or step.mode != self._mode:
            return False
        self._name.show_name(step.name)
        self._settings.show_values(said(step.settings))
        if self._chains is not None:
            self._chains.show_chains(self.path, step)
        return True

    def _rename(self, name: str) -> None:
        sheet = self.bench.document.sheet
        try:
            after = edits.rename(sheet, self.path, name)
        except edits.EditError as error:
            self._name.show_fault(f"{error.what}; {error.fix}")
            return
        self.path = edits.followed(sheet, after).get(self.path, self.path)
        self.bench.document.edit("Rename", after)

    def _set(self, field: str, value: Any) -> str:
        path = self.path
        return self.asking.edit(
            f"Change {field}",
            lambda sheet: edits.set_orchestrator(sheet, path, field, given(value)),
            path,
            field,
        )


def _title(workbench: Workbench, step: Orchestrator) -> Title:
    mode, theme = workbench.catalogue.modes.get(step.mode), workbench.theme.theme
    if mode is None:
        return Title("puzzle-outline", "error", step.mode, "Nothing here runs this mode.", theme)
    return Title(mode.icon, mode.name, mode.title, mode.summary, theme)
