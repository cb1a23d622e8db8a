"""The source pane: the flow as the file that it is, or would be saved as."""

from PySide6.QtGui import QTextCursor, QTextFormat
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QVBoxLayout, QWidget

from agentflow.errors import FlowFileError
from agentflow.flow.flow import AgentUse, Flow
from agentflow.flow.load import FlowFile, parse
from agentflow.flow.rules.wheres import wheres
from agentflow.flow.where import dotted
from agentflow_editor.fonts import mono
from agentflow_editor.panes.base import Pane
from agentflow_editor.theme import Theme
from agentflow_editor.widgets.toml_colors import TomlColors
from agentflow_editor.widgets.when_seen import WhenSeen
from agentflow_editor.workbench import Workbench

__all__ = ["PANE", "Source"]

PATIENCE = 150
"""Milliseconds without an edit before the source is written anew."""


class Source(QWidget):
    """TOML, to be read. The selected step's line is marked and in sight."""

    def __init__(self, workbench: Workbench) -> None:
        super().__init__()
        self._bench = workbench
        self._file: FlowFile | None = None
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setUndoRedoEnabled(False)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFont(mono(12))
        self.text.setObjectName("bare")
        self.text.setAccessibleName("The flow as TOML")
        self._colors = TomlColors(self.text.document())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.text)
        # Writing a large file takes a while, and nobody reads it between two keystrokes.
        self._writing = WhenSeen(self.text.viewport(), self._show, patience=PATIENCE)
        self._marking = WhenSeen(self.text.viewport(), self._mark)
        workbench.document.changed.connect(self._on_changed)
        workbench.document.file_changed.connect(self._on_changed)
        workbench.selection.changed.connect(self._marking.ask)
        workbench.theme.changed.connect(self._paint)
        self._paint(workbench.theme.theme)
        self._writing.ask()

    def _on_changed(self, *_: object) -> None:
        self._writing.ask()

    def _show(self) -> None:
        text = self._bench.document.text
        if text != self.text.toPlainText():
            bar = self.text.verticalScrollBar()
            stays_at = bar.value()
            self.text.setPlainText(text)
            bar.setValue(stays_at)
        self._file = self._read(text)
        self._mark()

    def _read(self, text: str) -> FlowFile | None:
        try:
            return parse(text, self._bench.catalogue)
        except FlowFileError:
            return None

    def _mark(self) -> None:
        path = self._bench.selection.current
        line = self._line_of(path) if path else None
        marks: list[QTextEdit.ExtraSelection] = []
        if line is not None:
            marks.append(self._marked(line))
        self.text.setExtraSelections(marks)

    def _marked(self, line: int) -> QTextEdit.ExtraSelection:
        mark = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self.text.document().findBlockByNumber(line - 1))
        self.text.setTextCursor(cursor)
        self.text.centerCursor()
        mark.cursor = cursor  # pyright: ignore[reportAttributeAccessIssue] - a plain struct in Qt
        mark.format.setBackground(self._bench.theme.theme.color("raised"))  # pyright: ignore[reportAttributeAccessIssue] - as above
        mark.format.setProperty(QTextFormat.Property.FullWidthSelection, True)  # pyright: ignore[reportAttributeAccessIssue] - as above
        return mark

    def _line_of(self, path: str) -> int | None:
        file = self._file
        where = _where(file.flow, file.data, path) if file else None
        return file.line_of(where) if file and where else None

    def _paint(self, theme: Theme) -> None:
        self._colors.paint(theme)
        self._marking.ask()


def _where(flow: Flow, data: dict[str, object], path: str) -> str | None:
    """Where a step stands in the file: an agent's own table, or the orchestrator's."""
    places = list(flow.places())
    step = next((place.step for place in places if place.path == path), None)
    if step is None:
        return None
    if isinstance(step, AgentUse) and step.agent in flow.agents:
        return dotted(("agents", step.agent))
    return dotted(wheres(flow, places, data)[path])


PANE = Pane(id="source", title="Source", icon="file-code-outline", area="right", build=Source)
