"""The source pane: the flow as its file, to be read and to be written."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from agentflow.flow.lines import LineIndex
from agentflow.flow.where import keys_of
from agentflow_editor.document.fault import Fault
from agentflow_editor.document.line_ends import rejoined, shown_lines
from agentflow_editor.document.text_map import TextMap
from agentflow_editor.looks.plain_text import plain_tooltip
from agentflow_editor.looks.theme import Theme
from agentflow_editor.panes.base import Pane
from agentflow_editor.widgets.code_edit import CodeEdit
from agentflow_editor.widgets.code_marks import Underline
from agentflow_editor.widgets.code_text import quoted_at
from agentflow_editor.widgets.column import column_in
from agentflow_editor.widgets.fault_bar import FaultBar
from agentflow_editor.widgets.find_bar import FindBar
from agentflow_editor.widgets.when_seen import WhenSeen
from agentflow_editor.workbench import Workbench

__all__ = ["PANE", "Source"]

PATIENCE = 150
"""Milliseconds without an edit before the source is written anew."""
AFTER_CARET = 120
"""Milliseconds that the caret rests before the step is selected that it is in."""
UNEDITABLE = ("\u2029", "\0", "\ufdd0", "\ufdd1")
"""Signs that a text widget does not give back as they were."""


class Source(QWidget):
    """TOML. What is typed becomes the flow; the selected step's line is marked and in sight."""

    escaped = Signal()
    """The keyboard is wanted elsewhere."""

    def __init__(self, workbench: Workbench) -> None:
        super().__init__()
        self._bench = workbench
        self._draft = workbench.source
        self._map: TextMap | None = None
        self._shown = ""
        self._is_sequel = False
        self._in_sight: str | None = None
        """The step whose line was last seen to."""
        theme = workbench.theme.theme
        self.text = CodeEdit(theme)
        self.text.setAccessibleName("The flow as TOML")
        self.faults = FaultBar(theme)
        self.finder = FindBar(self.text, theme)
        self.setFocusProxy(self.text)
        column = column_in(self)
        for widget in (self.finder, self.text, self.faults):
            column.addWidget(widget)
        # Writing a large file takes a while, and nobody reads it between two keystrokes.
        self._writing = WhenSeen(self.text.viewport(), self._show, patience=PATIENCE)
        self._marking = WhenSeen(self.text.viewport(), self._mark)
        self._resting = QTimer(self, singleShot=True, interval=AFTER_CARET)
        self._resting.timeout.connect(self._select_at_caret)
        self._listen_to_text()
        self._listen_to_bench()
        self._writing.ask()

    def _listen_to_text(self) -> None:
        text = self.text
        text.typed.connect(self._on_typed)
        text.taking_wanted.connect(lambda: self._draft.apply(anyway=True))
        text.left.connect(self._draft.leave)
        text.undo_wanted.connect(self._bench.document.undo_stack.undo)
        text.redo_wanted.connect(self._bench.document.undo_stack.redo)
        text.cursorPositionChanged.connect(self._on_caret)
        text.find_wanted.connect(self.finder.open_bar)
        text.find_next_wanted.connect(self.finder.go)
        text.escaped.connect(self._on_escape)
        self.finder.closed.connect(text.setFocus)
        self.faults.go_wanted.connect(self.show_fault)
        self.faults.discard_wanted.connect(self._draft.discard)

    def _listen_to_bench(self) -> None:
        bench = self._bench
        bench.document.changed.connect(self._on_changed)
        bench.document.file_changed.connect(self._on_changed)
        bench.document.problems_changed.connect(self._marking.ask)
        bench.document.read_only_changed.connect(self._writing.ask)
        bench.selection.changed.connect(self._marking.ask)
        bench.theme.changed.connect(self._paint)
        self._draft.changed.connect(self._on_draft)

    def _on_changed(self, *_: object) -> None:
        self._map = None
        self._is_sequel = self._draft.is_applying
        self._writing.ask()

    def _on_draft(self) -> None:
        self._map = None
        self._show_faults()
        self._writing.ask()

    def _on_typed(self) -> None:
        self._map = None
        # What was shown last tells how its lines end.
        seen, self._shown = self._shown, rejoined(self.text.lines, self._shown)
        self._draft.type(self._shown, self.text.textCursor().blockNumber(), seen=seen)

    def _show(self) -> None:
        self._shown = self._draft.text
        self.text.show_lines(shown_lines(self._shown), is_sequel=self._is_sequel)
        self._is_sequel = False
        is_lossy = any(sign in self._shown for sign in UNEDITABLE)
        self.text.setReadOnly(self._bench.document.is_read_only or is_lossy)
        self._show_faults()
        self._mark()

    def _show_faults(self) -> None:
        self.faults.show_faults(self._draft.faults)
        self.text.underline([*map(_fault, self._draft.faults), *self._problems()])

    def _problems(self) -> list[Underline]:
        """What was found in the flow, as long as the lines are those of this very text."""
        file = self._bench.document.manuscript.file
        if file is None or file.text != self._shown or self._draft.is_open:
            return []
        found = self._bench.document.known_problems
        return [
            Underline(it.line, it.column, it.severity, plain_tooltip(str(it)), it.length)
            for it in found
            if it.line is not None and it.severity in ("error", "warning")
        ]

    def _mark(self) -> None:
        path = self._bench.selection.current
        line = self._mapped.line_of(path) if path else None
        self.text.mark_line(line)
        was_in_sight, self._in_sight = self._in_sight, path
        if self._draft.is_open and path == was_in_sight and self.text.hasFocus():
            return  # who types elsewhere wants to see that
        if line is not None and not self._is_at(path):
            if not self._draft.is_open:
                self.text.go_to(line)
            self.text.reveal_line(line)

    def _is_at(self, path: str | None) -> bool:
        return self._path_at_caret(near=path) == path

    def _on_caret(self) -> None:
        if self.text.hasFocus():
            self._resting.start()

    def _select_at_caret(self) -> None:
        chosen = self._bench.selection.current
        path = self._path_at_caret(near=chosen)
        if path is not None and path != chosen and self.text.hasFocus():
            self._bench.selection.select((path,))

    def _path_at_caret(self, *, near: str | None) -> str | None:
        cursor = self.text.textCursor()
        word = quoted_at(cursor.block().text(), cursor.positionInBlock())
        return self._mapped.path_at(cursor.blockNumber() + 1, word, near)

    @property
    def _mapped(self) -> TextMap:
        if self._map is None:
            document = self._bench.document
            tables = self._draft.tables
            file = document.manuscript.file
            self._map = TextMap(document.sheet.flow, tables, file.spelled if file else {})
        return self._map

    def show_fault(self) -> None:
        """Put the caret where the text is wrong."""
        fault = next(iter(self._draft.faults), None)
        if fault is not None and fault.line is not None:
            self.text.go_to(fault.line, fault.column or 1)
            self.text.setFocus()

    def show_place(self, where: str, *, typing: bool = True) -> None:
        """Put the caret where the text says something, or says what that would stand in.

        Args:
            where: dotted keys.
            typing: whether the person is going to type there.
        """
        self._show()  # nobody may have seen it since it was another
        spot = LineIndex(self._shown).spot_of(keys_of(where))
        if spot is not None:
            self.text.go_to(spot.line, spot.column)
            if typing:
                self.text.setFocus()

    def _on_escape(self) -> None:
        if self.finder.isVisible():
            self.finder.close_bar()
        else:
            self.escaped.emit()

    def _paint(self, theme: Theme) -> None:
        for part in (self.text, self.faults, self.finder):
            part.paint(theme)
        self._marking.ask()


def _fault(fault: Fault) -> Underline:
    tip = plain_tooltip(str(fault))
    return Underline(fault.line or 1, fault.column, "error", tip, fault.length)


PANE = Pane(id="source", title="Source", icon="file-code-outline", area="right", build=Source)
