"""AgentSection: what may be set on an agent, and on a name that no agent has yet."""

from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from agentflow.agents.base import AgentType
from agentflow.flow.flow import AgentSpec, AgentUse
from agentflow.problem import Problem
from agentflow_editor.document import edits
from agentflow_editor.document.concern import agent_of
from agentflow_editor.document.sheet import Sheet
from agentflow_editor.forms.base import Form, form_for, said
from agentflow_editor.forms.choice import ChoiceEditor
from agentflow_editor.inspector.asking import given
from agentflow_editor.inspector.knowledge import around_step
from agentflow_editor.inspector.parts import Heading, NameLine, StepLinks, Title
from agentflow_editor.inspector.section import Section
from agentflow_editor.looks.plain_text import PlainLabel
from agentflow_editor.workbench import Workbench

__all__ = ["APART", "AgentSection", "UndefinedSection", "unread"]

APART = ("name", "type", "settings")
"""What is set elsewhere than in the form for every agent."""
_FOR_MODELS = ("role", "system_prompt", "llm")
"""What only a language model reads; other types show it where it is set all the same."""
_FIRST = ("system_prompt", "llm")
"""What is decided first about a language model: what it is told, and which one it is."""


class AgentSection(Section):
    """One use of a defined agent. Its settings are those of every use."""

    is_kept = True

    def __init__(self, home: QWidget, workbench: Workbench, path: str, spec: AgentSpec) -> None:
        kind = workbench.catalogue.agent_types.get(spec.type)
        super().__init__(home, workbench, path, _title(workbench, spec, kind))
        self._agent: str = spec.name
        self._spec: AgentSpec = spec
        self._name = NameLine("Name", spec.name)
        self._name.renamed.connect(self._rename)
        self.column.addWidget(self._name)
        self._type = self._added_type_chooser(spec.type)
        around = around_step(workbench, lambda: self.path)
        asks_model = kind is not None and kind.asks_model
        first = _FIRST if asks_model else ()
        others = tuple(it for it in AgentSpec.model_fields if it not in first)
        self._hidden = (*APART, *unread(spec, kind))
        own = kind.settings if kind else type(spec.settings)

        # Made in the order in which they stand: the Tab key goes from one to the next in it.
        def of_agent(leave_out: tuple[str, ...]) -> Form:
            told = said(spec)
            return form_for(
                AgentSpec, told, self._set_shared, around=around, leave_out=leave_out, parent=self
            )

        self._first = of_agent(others)
        self._own = form_for(own, said(spec.settings), self._set_own, around=around, parent=self)
        self._shared = of_agent((*self._hidden, *first))
        self.add_form(self._first, about="")
        self.add_form(self._own)
        self.add_form(self._shared, "" if asks_model else "Every agent")
        self._others = QVBoxLayout()
        self.column.addLayout(self._others)
        self._show_uses()
        self.column.addStretch()

    def take_over(self, path: str) -> bool:
        flow = self.bench.document.sheet.flow
        step = flow.at(path)
        spec = flow.agents.get(step.agent) if isinstance(step, AgentUse) else None
        if spec is None or spec.type != self._spec.type:
            return False
        kind = self.bench.catalogue.agent_types.get(spec.type)
        if (*APART, *unread(spec, kind)) != self._hidden:
            return False
        self.asking.begin_visit()
        self.path, self._agent, self._spec = path, spec.name, spec
        self._name.begin(spec.name)
        self._type.show_value(spec.type)  # in it another type was chosen, if the agent got one
        self._own.begin(said(spec.settings))
        for form in self._of_agent:
            form.begin(said(spec))
        self._show_uses()
        return True

    def refresh(self, sheet: Sheet) -> bool:
        step, spec = sheet.flow.at(self.path), sheet.flow.agents.get(self._agent)
        if not isinstance(step, AgentUse) or step.agent != self._agent or spec is None:
            return False
        if spec.type != self._spec.type or self._uses(sheet) != self._shown_uses:
            return False
        self._spec = spec
        self._name.show_name(spec.name)
        self._own.show_values(said(spec.settings))
        for form in self._of_agent:
            form.show_values(said(spec))
        return True

    @property
    def _of_agent(self) -> tuple[Form, ...]:
        """The forms of what every agent has; one without fields has gone."""
        return tuple(form for form in (self._first, self._shared) if form.rows)

    def concerned_by(self, problem: Problem) -> bool:
        return agent_of(problem) == self._agent or super().concerned_by(problem)

    def _added_type_chooser(self, type_name: str) -> ChoiceEditor:
        types = self.bench.catalogue.agent_types
        chooser = ChoiceEditor([(kind.title, name) for name, kind in types.items()])
        chooser.show_value(type_name)
        chooser.box.setAccessibleName("Type")
        chooser.edited.connect(self._change_type)
        caption = PlainLabel("Type")
        caption.setBuddy(chooser.box)
        pair = QVBoxLayout()
        pair.setSpacing(3)
        pair.addWidget(caption)
        pair.addWidget(chooser)
        self.column.addLayout(pair)
        return chooser

    def _show_uses(self) -> None:
        while (item := self._others.takeAt(0)) is not None:  # pyright: ignore[reportUnnecessaryComparison] - None when empty
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        self._shown_uses = self._uses(self.bench.document.sheet)
        others = [path for path in self._shown_uses if path != self.path]
        if others:
            self._others.addWidget(Heading("Also used in"))
            self._others.addWidget(StepLinks(others, lambda to: self.bench.selection.select((to,))))

    def _uses(self, sheet: Sheet) -> list[str]:
        return [
            place.path
            for place in sheet.flow.places()
            if isinstance(place.step, AgentUse) and place.step.agent == self._agent
        ]

    def _rename(self, name: str) -> None:
        sheet, old = self.bench.document.sheet, (self.path, self._agent)
        try:
            after = edits.rename_agent(sheet, self._agent, name)
        except edits.EditError as error:
            self._name.show_fault(f"{error.what}; {error.fix}")
            return
        self.path = edits.followed(sheet, after).get(self.path, self.path)
        self._agent = name
        self._shown_uses = self._uses(after)
        self.bench.document.edit(f"Rename {old[1]}", after)

    def _change_type(self, type_name: str) -> None:
        self.asking.begin_visit()
        self.asking.edit(
            "Change Type",
            lambda sheet: edits.change_type(
                sheet, self._agent, type_name, catalogue=self.bench.catalogue
            ),
        )

    def _set_own(self, field: str, value: Any) -> str:
        return self.asking.edit(
            f"Change {field}",
            lambda sheet: edits.set_agent_setting(sheet, self._agent, field, given(value)),
            self._agent,
            field,
        )

    def _set_shared(self, field: str, value: Any) -> str:
        return self.asking.edit(
            f"Change {field}",
            lambda sheet: edits.set_agent(sheet, self._agent, field, given(value)),
            self._agent,
            field,
        )


class UndefinedSection(Section):
    """A step that names an agent which nobody has defined."""

    def __init__(self, home: QWidget, workbench: Workbench, path: str, agent: str) -> None:
        title = Title(
            "help-circle-outline",
            "error",
            agent,
            "No agent of this name is defined. Choose what does its work:",
            workbench.theme.theme,
        )
        super().__init__(home, workbench, path, title)
        self._agent = agent
        types = workbench.catalogue.agent_types
        choices = [("choose a type", ""), *((it.title, name) for name, it in types.items())]
        chooser = ChoiceEditor(choices)
        chooser.show_value("")
        chooser.box.setAccessibleName("Type")
        chooser.edited.connect(self._define)
        self.column.addWidget(chooser)
        self.column.addStretch()

    def refresh(self, sheet: Sheet) -> bool:
        step = sheet.flow.at(self.path)
        is_same = isinstance(step, AgentUse) and step.agent == self._agent
        return is_same and self._agent not in sheet.flow.agents

    def _define(self, type_name: str) -> None:
        if type_name:
            self.asking.edit(
                f"Define {self._agent}",
                lambda sheet: edits.define_agent(
                    sheet, self._agent, type_name, catalogue=self.bench.catalogue
                ),
            )


def unread(spec: AgentSpec, kind: AgentType | None) -> tuple[str, ...]:
    """The fields that an agent of this type does not read, and that nobody set."""
    if kind is not None and kind.asks_model:
        return ()
    return tuple(it for it in _FOR_MODELS if not getattr(spec, it))


def _title(workbench: Workbench, spec: AgentSpec, kind: AgentType | None) -> Title:
    theme = workbench.theme.theme
    if kind is None:
        text = f"Nothing here provides the type “{spec.type}”; choose another."
        return Title("puzzle-outline", "error", "Agent", text, theme)
    return Title(kind.icon, "agent", kind.title, kind.summary, theme)
