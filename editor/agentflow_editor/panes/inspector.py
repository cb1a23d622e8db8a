"""The inspector: what may be set on the selected step or note, or on the flow where none is."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QScrollArea,
    QStackedWidget,
    QWidget,
)
from shiboken6 import isValid

from agentflow.flow.flow import AgentUse, Orchestrator
from agentflow_editor.document.sheet import Sheet, is_note
from agentflow_editor.forms.base import Field
from agentflow_editor.inspector.agent import AgentSection, UndefinedSection
from agentflow_editor.inspector.findings import Findings
from agentflow_editor.inspector.help_page import HelpPage, field_told
from agentflow_editor.inspector.note import NoteSection, NotesSection
from agentflow_editor.inspector.orchestrator import OrchestratorSection
from agentflow_editor.inspector.section import Section
from agentflow_editor.inspector.sections import Sections
from agentflow_editor.inspector.several import SeveralSection
from agentflow_editor.inspector.whole_flow import FlowSection
from agentflow_editor.looks.plain_text import PlainLabel
from agentflow_editor.looks.theme import Theme
from agentflow_editor.panes.base import Pane
from agentflow_editor.widgets.column import column_in
from agentflow_editor.workbench import Workbench

__all__ = ["PANE", "Inspector"]

MARGIN = 24
"""Pixels above or below a field that is brought into sight."""
_HINT = "Go into a field to read here what it is for; F1 tells all."
_BACK = "Esc or F1 goes back to the fields."


class Inspector(QWidget):
    """The form of what is selected, and under it what the field with the keyboard is for."""

    def __init__(self, workbench: Workbench) -> None:
        super().__init__()
        self._bench = workbench
        self.help_page: HelpPage | None = None
        """What is shown instead of the form while somebody wants to know what this is."""
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._sections = Sections()
        self._area.setWidget(self._sections)
        self._help = PlainLabel("")
        self._help.setObjectName("hint")
        self._help.setWordWrap(True)
        self._help.setContentsMargins(14, 8, 14, 8)
        self._help.setMinimumHeight(56)
        self._help.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._line = QFrame()
        self._line.setFixedHeight(1)
        self._line.setObjectName("rule")
        self.findings = Findings(workbench, lambda it: self.section.concerned_by(it))
        self._pages = QStackedWidget()
        self._pages.addWidget(self._area)
        self._field = ""
        column = column_in(self)
        for widget, stretch in (
            (self._pages, 1),
            (self.findings, 0),
            (self._line, 0),
            (self._help, 0),
        ):
            column.addWidget(widget, stretch)
        workbench.document.changed.connect(self._follow)
        workbench.document.file_changed.connect(self._begin_anew)
        workbench.selection.changed.connect(self._refresh)
        workbench.theme.changed.connect(self._paint)
        self._rebuild()
        self._paint(workbench.theme.theme)

    @property
    def section(self) -> Section:
        """What is shown."""
        return self._sections.current

    def explain(self) -> None:
        """Show what this is and what each field is for, or the form again."""
        if self.help_page is not None:
            self._end_help()
            return
        self._held = QApplication.focusWidget()
        page = self.help_page = self.section.help_page()
        page.installEventFilter(self)
        self._pages.addWidget(page)
        self._pages.setCurrentWidget(page)
        self._help.setText(_BACK)
        page.setFocus()
        QTimer.singleShot(0, page, lambda: page.reveal(self._field))

    def show_setting(self, where: str) -> None:
        """Bring the field of a setting, given by its place in the file, into sight."""
        self._end_help()
        field = self.section.open_at(where)
        if field is None:
            self._area.verticalScrollBar().setValue(0)
        else:
            # What was unfolded for it is not laid out before.
            QTimer.singleShot(0, field, lambda: self._area.ensureWidgetVisible(field, 0, MARGIN))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            watched is self.help_page
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Escape
        ):
            self._end_help()
            return True
        return super().eventFilter(watched, event)

    def _end_help(self) -> None:
        page, self.help_page = self.help_page, None
        if page is None:
            return
        self._pages.setCurrentWidget(self._area)
        if page.hasFocus() and self._held is not None and isValid(self._held):
            self._held.setFocus()
        self._pages.removeWidget(page)
        page.deleteLater()
        self._help.setText(_HINT)

    def _follow(self, before: Sheet, after: Sheet) -> None:
        is_as_before = before.flow is after.flow and before.sketch is after.sketch
        if not is_as_before or before is after:
            self._refresh()

    def _refresh(self, *_: object) -> None:
        if not self._is_still_right() and not self._is_taken_over():
            self._rebuild()

    def _is_taken_over(self) -> bool:
        """Whether a form that is there can show what is selected, too."""
        keys = self._keys
        if len(keys) > 1 or not self._sections.take_over("".join(keys)):
            return False
        self._end_help()
        self._area.verticalScrollBar().setValue(0)
        self._begin()
        return True

    def _is_still_right(self) -> bool:
        if not self.section.shows(self._keys):
            return False
        return self.section.refresh(self._bench.document.sheet)

    def _rebuild(self) -> None:
        self._end_help()
        section = self._section_of(self._keys)
        section.focused.connect(self._show_help)
        section.help_wanted.connect(self.explain)
        self._sections.add(section)
        self._begin()

    def _begin_anew(self) -> None:
        """Another file is open: nothing that was typed or unfolded is of it."""
        self._rebuild()
        self._sections.forget()

    def _begin(self) -> None:
        self.findings.look_again()
        self._field = ""
        self._help.setText(_HINT)

    @property
    def _keys(self) -> tuple[str, ...]:
        """What is inspected: the selected steps or, where there are none, the notes."""
        return self._bench.selection.paths or self._bench.selection.keys

    def _section_of(self, keys: tuple[str, ...]) -> Section:
        home, bench = self._sections, self._bench
        are_notes = any(map(is_note, keys))
        if len(keys) > 1:
            return (NotesSection if are_notes else SeveralSection)(home, bench, keys)
        key = "".join(keys)
        return NoteSection(home, bench, key) if are_notes else self._section_of_step(key)

    def _section_of_step(self, path: str) -> Section:
        home, bench = self._sections, self._bench
        flow = bench.document.sheet.flow
        step = flow.at(path) if path else None
        if isinstance(step, Orchestrator):
            return OrchestratorSection(home, bench, path, step)
        if isinstance(step, AgentUse):
            spec = flow.agents.get(step.agent)
            if spec is not None:
                return AgentSection(home, bench, path, spec)
            return UndefinedSection(home, bench, path, step.agent)
        return FlowSection(home, bench)

    def _show_help(self, field: Field) -> None:
        self._field = field.name
        self._help.setText(f"{field.title}: {field_told(field)}")

    def _paint(self, theme: Theme) -> None:
        self._sections.paint(theme)


PANE = Pane(id="inspector", title="Inspector", icon="tune-variant", area="right", build=Inspector)
