"""LinesEditor: a field of several lines, which grows with what is in it."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy

from agentflow_editor.forms._completion import Completion, Find
from agentflow_editor.forms._field import UNSET, FieldEditor, Unset
from agentflow_editor.forms._live import Live, Tell
from agentflow_editor.forms._surroundings import Surroundings
from agentflow_editor.looks.fonts import mono
from agentflow_editor.widgets.column import column_in

__all__ = ["LinesEditor"]

FEWEST, MOST = 3, 14
"""Lines that are seen at once."""
LONGEST_WRAPPED = 10_000
"""Characters of a line that is still wrapped."""


class LinesEditor(FieldEditor):
    """Lines. `read` makes the value of their text, `write` the text of a value."""

    def __init__(
        self,
        *,
        placeholder: str = "",
        read: Callable[[str], Any] = str,
        write: Callable[[Any], str] = str,
        is_code: bool = False,
        fewest: int = FEWEST,
    ) -> None:
        super().__init__()
        self._read, self._write, self._fewest = read, write, fewest
        self.lines = QPlainTextEdit()
        self.lines.setPlaceholderText(placeholder)
        self.lines.setTabChangesFocus(True)
        self.lines.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        if is_code:
            self.lines.setFont(mono(12))
        self.lines.textChanged.connect(self._tell)
        self.lines.document().documentLayout().documentSizeChanged.connect(self._fit)
        self.lines.installEventFilter(self)
        self.completion: Completion | None = None
        self.live: Live | None = None
        self.column = column_in(self, gap=2)
        self.column.addWidget(self.lines)
        self.setFocusProxy(self.lines)
        self._is_told = True
        self._fit()

    def offer(self, find: Find) -> None:
        """Offer completions of what is typed."""
        self.completion = Completion(self.lines, find)

    def tell_live(self, tell: Tell, around: Surroundings) -> None:
        """Tell what the text came to in the last run."""
        text = self.lines.toPlainText
        self.live = Live.under(self.column, self.lines.viewport(), text, tell, around)

    def value(self) -> Any:
        """What its text stands for."""
        text = self.lines.toPlainText()
        return self._read(text) if text.strip() else UNSET

    def show_value(self, value: Any) -> None:
        text = "" if isinstance(value, Unset) or value is None else self._write(value)
        if self.live is not None:
            self.live.ask()
        if text == self.lines.toPlainText():
            return
        # Qt wraps a line of a million characters in minutes, and lays it out unwrapped at once.
        is_long = max(map(len, text.split("\n"))) > LONGEST_WRAPPED
        modes = QPlainTextEdit.LineWrapMode
        self.lines.setLineWrapMode(modes.NoWrap)
        self._is_told = False
        self.lines.setPlainText(text)
        self.lines.setLineWrapMode(modes.NoWrap if is_long else modes.WidgetWidth)
        self._is_told = True

    def show_fault(self, fault: str) -> None:
        if bool(self.lines.property("fault")) != bool(fault):
            self.lines.setProperty("fault", bool(fault))
            self.lines.style().unpolish(self.lines)
            self.lines.style().polish(self.lines)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.finished.emit()
        return super().eventFilter(watched, event)

    def _tell(self) -> None:
        if not self._is_told:
            return
        self.edited.emit(self.value())
        if self.completion is not None:
            self.completion.typed()
        if self.live is not None:
            self.live.ask()

    def _fit(self, *_: QSize) -> None:
        # A plain text's document is as high as its lines are many, wrapped ones counted.
        count = int(self.lines.document().documentLayout().documentSize().height())
        shown = min(max(count, self._fewest), MOST)
        self.lines.setFixedHeight(shown * self.lines.fontMetrics().lineSpacing() + 22)
