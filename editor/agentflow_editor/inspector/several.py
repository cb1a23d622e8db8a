"""SeveralSection: what several selected steps have in common, edited for all of them at once."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, cast

from pydantic import BaseModel
from PySide6.QtWidgets import QWidget

from agentflow.flow.flow import AgentSpec, AgentUse, Orchestrator, OrchestratorSettings
from agentflow_editor.document import edits
from agentflow_editor.document.sheet import Sheet
from agentflow_editor.forms.base import MIXED, UNSET, Field, Form, fields_of, form_for, said, same
from agentflow_editor.inspector.agent import APART, unread
from agentflow_editor.inspector.asking import given
from agentflow_editor.inspector.knowledge import around_flow
from agentflow_editor.inspector.parts import Title
from agentflow_editor.inspector.section import Section
from agentflow_editor.looks.plain_text import PlainLabel
from agentflow_editor.workbench import Workbench

__all__ = ["SeveralSection", "common"]

Change = Callable[[Sheet, str, Any], Sheet]
"""(sheet, field, value) → the sheet in which all of them say that."""


class SeveralSection(Section):
    """Two steps or more. A field that says different things says so until it is set for all."""

    def __init__(self, home: QWidget, workbench: Workbench, paths: Sequence[str]) -> None:
        super().__init__(home, workbench, "", _title(workbench, len(paths)))
        self.paths = tuple(paths)
        self._agents, self._orchestrators = self._picked(workbench.document.sheet)
        self._forms: list[tuple[Form, Callable[[Sheet], list[BaseModel]]]] = []
        if self._agents and self._orchestrators:
            self._add_what_both_have()
        elif self._agents:
            self._add_what_agents_have(list(self._agents.values()))
        elif self._orchestrators:
            self._add_what_orchestrators_have(set(self._orchestrators.values()))
        if not self._forms:
            self.column.addWidget(PlainLabel("They have nothing in common that could be set."))
        self.column.addStretch()
        self._show(workbench.document.sheet)

    def shows(self, keys: tuple[str, ...]) -> bool:
        return keys == self.paths

    def refresh(self, sheet: Sheet) -> bool:
        if self._picked(sheet) != (self._agents, self._orchestrators):
            return False
        self._show(sheet)
        return True

    def _show(self, sheet: Sheet) -> None:
        for form, models in self._forms:
            fields = {name: row.field for name, row in form.rows.items()}
            form.show_values(common([said(it) for it in models(sheet)], fields))

    def _picked(self, sheet: Sheet) -> tuple[dict[str, str], dict[str, str]]:
        """The types of the agents by name, and the modes of the orchestrators by path."""
        wanted = set(self.paths)
        steps = [it for it in sheet.flow.places() if it.path in wanted]
        used = {it.step.agent for it in steps if isinstance(it.step, AgentUse)}
        agents = {name: it.type for name, it in sheet.flow.agents.items() if name in used}
        own = {it.path: it.step.mode for it in steps if isinstance(it.step, Orchestrator)}
        return agents, own

    def _add_what_agents_have(self, types: list[str]) -> None:
        known = self.bench.catalogue.agent_types
        kind = known.get(types[0]) if len(set(types)) == 1 else None
        if kind is not None:
            self._add(kind.settings, self._settings_of_agents, self._set_own)
        specs = [self.bench.document.sheet.flow.agents[name] for name in self._agents]
        hidden = {name for it in specs for name in unread(it, known.get(it.type))}
        heading = "Every agent" if kind is not None else ""
        self._add(AgentSpec, self._specs, self._set_shared, {*APART, *hidden}, heading)

    def _add_what_orchestrators_have(self, modes: set[str]) -> None:
        mode = self.bench.catalogue.modes.get(next(iter(modes))) if len(modes) == 1 else None
        self._add(mode.settings if mode else OrchestratorSettings, self._settings, self._set_modes)

    def _add_what_both_have(self) -> None:
        fields = fields_of(OrchestratorSettings)
        others = fields_of(AgentSpec)
        apart = [it for it in fields if it not in others or fields[it].kind != others[it].kind]

        def change(sheet: Sheet, field: str, value: Any) -> Sheet:
            return self._set_modes(self._set_shared(sheet, field, value), field, value)

        self._add(
            OrchestratorSettings,
            lambda sheet: [*self._specs(sheet), *self._settings(sheet)],
            change,
            apart,
        )

    def _add(
        self,
        model: type[BaseModel],
        models: Callable[[Sheet], list[BaseModel]],
        change: Change,
        leave_out: Collection[str] = (),
        heading: str = "",
    ) -> None:
        def on_change(field: str, value: Any) -> str:
            title = f"Change {field} of {len(self.paths)} steps"
            to = given(value)
            return self.asking.edit(title, lambda it: change(it, field, to), *self.paths, field)

        form = form_for(
            model, {}, on_change, around=around_flow(self.bench), leave_out=leave_out, parent=self
        )
        if form.rows:
            self._forms.append((form, models))
        self.add_form(form, heading)

    def _specs(self, sheet: Sheet) -> list[BaseModel]:
        return [sheet.flow.agents[name] for name in self._agents]

    def _settings_of_agents(self, sheet: Sheet) -> list[BaseModel]:
        return [sheet.flow.agents[name].settings for name in self._agents]

    def _settings(self, sheet: Sheet) -> list[BaseModel]:
        steps = (it.step for it in sheet.flow.places() if it.path in self._orchestrators)
        return [step.settings for step in steps if isinstance(step, Orchestrator)]

    def _set_own(self, sheet: Sheet, field: str, value: Any) -> Sheet:
        return edits.set_agent_settings(sheet, self._agents, field, value)

    def _set_shared(self, sheet: Sheet, field: str, value: Any) -> Sheet:
        return edits.set_agents(sheet, self._agents, field, value)

    def _set_modes(self, sheet: Sheet, field: str, value: Any) -> Sheet:
        return edits.set_orchestrators(sheet, self._orchestrators, field, value)


def common(tables: Sequence[Mapping[str, Any]], fields: Mapping[str, Field]) -> dict[str, Any]:
    """What several tables say alike, and MIXED where they differ, also inside of inner settings."""
    found: dict[str, Any] = {}
    for name, field in fields.items():
        first, *others = [table.get(name, UNSET) for table in tables]
        if field.model is not None and any(it is not UNSET for it in (first, *others)):
            inner = [_table(it) for it in (first, *others)]
            found[name] = common(inner, fields_of(field.model))
        elif not all(same(first, it) for it in others):
            found[name] = MIXED
        elif first is not UNSET:
            found[name] = first
    return found


def _table(value: Any) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}


def _title(workbench: Workbench, count: int) -> Title:
    told = "What is set here is set for all of them, as one step of undo."
    theme = workbench.theme.theme
    return Title("select-multiple", "accent", f"{count} steps", told, theme)
