"""The inspector: what may be set on the selected step, or on the flow while none is selected."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from agentflow.flow.flow import AgentUse, Orchestrator
from agentflow_editor.forms.base import Field
from agentflow_editor.inspector.agent import AgentSection, UndefinedSection
from agentflow_editor.inspector.orchestrator import OrchestratorSection
from agentflow_editor.inspector.section import Section
from agentflow_editor.inspector.whole_flow import FlowSection
from agentflow_editor.panes.base import Pane
from agentflow_editor.plain_text import PlainLabel
from agentflow_editor.theme import Theme
from agentflow_editor.widgets.empty import OrEmpty
from agentflow_editor.workbench import Workbench

__all__ = ["PANE", "Inspector"]

_HINT = "Go into a field to read here what it is for."


class Inspector(QWidget):
    """The form of what is selected, and under it what the field with the keyboard is for."""

    def __init__(self, workbench: Workbench) -> None:
        super().__init__()
        self._bench = workbench
        self.section: Section | None = None
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._help = PlainLabel("")
        self._help.setObjectName("hint")
        self._help.setWordWrap(True)
        self._help.setContentsMargins(14, 8, 14, 8)
        self._help.setMinimumHeight(56)
        self._help.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._line = QFrame()
        self._line.setFixedHeight(1)
        self._line.setObjectName("rule")
        self._pages = OrEmpty(self._area, "select-multiple", "")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget, stretch in ((self._pages, 1), (self._line, 0), (self._help, 0)):
            column.addWidget(widget, stretch)
        workbench.document.changed.connect(self._refresh)
        workbench.document.file_changed.connect(self._rebuild)
        workbench.selection.changed.connect(self._refresh)
        workbench.theme.changed.connect(self._paint)
        self._rebuild()
        self._paint(workbench.theme.theme)

    def _refresh(self, *_: object) -> None:
        if not self._is_still_right():
            self._rebuild()

    def _is_still_right(self) -> bool:
        paths, section = self._bench.selection.paths, self.section
        if section is None or len(paths) > 1 or section.path != "".join(paths):
            return False
        return section.refresh(self._bench.document.sheet)

    def _rebuild(self) -> None:
        paths = self._bench.selection.paths
        self._help.setText(_HINT)
        # The section that goes may be the one whose edit brought this about.
        if old := self._area.takeWidget():
            old.deleteLater()
        if len(paths) > 1:
            self.section = None
            text = f"{len(paths)} steps are selected. Select one of them to see its settings."
            self._pages.say("select-multiple", text, self._bench.theme.theme)
        else:
            self.section = self._section_of(self._bench.selection.current or "")
            self.section.focused.connect(self._show_help)
            self._area.setWidget(self.section)
        self._pages.show_contents(self.section is not None)

    def _section_of(self, path: str) -> Section:
        flow = self._bench.document.sheet.flow
        step = flow.at(path) if path else None
        if isinstance(step, Orchestrator):
            return OrchestratorSection(self._bench, path, step)
        if isinstance(step, AgentUse):
            spec = flow.agents.get(step.agent)
            if spec is not None:
                return AgentSection(self._bench, path, spec)
            return UndefinedSection(self._bench, path, step.agent)
        return FlowSection(self._bench)

    def _show_help(self, field: Field) -> None:
        default = f" Unless it is set: {field.default_text}." if field.default_text else ""
        text = field.help if field.help.endswith((".", "")) else field.help + "."
        self._help.setText(f"{field.title}: {text}{default}" if text or default else field.title)

    def _paint(self, theme: Theme) -> None:
        self._pages.paint(theme)
        if self.section is not None:
            self.section.paint(theme)


PANE = Pane(id="inspector", title="Inspector", icon="tune-variant", area="right", build=Inspector)
