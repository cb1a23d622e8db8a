"""LineEditor: a field on one line, whose emptiness means that nothing is said."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from agentflow_editor.forms._completion import Completion, Find
from agentflow_editor.forms._field import UNSET, FieldEditor, Unset
from agentflow_editor.forms._live import Live, Tell
from agentflow_editor.forms._surroundings import Surroundings
from agentflow_editor.widgets.column import column_in

__all__ = ["CountingLine", "LineEditor"]

_ARROWS = {int(Qt.Key.Key_Up): 1, int(Qt.Key.Key_Down): -1}


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else str(value)


class LineEditor(FieldEditor):
    """A line.

    `read` makes the value of its text, `write` the text of a value, `check` says what is wrong.
    """

    def __init__(
        self,
        *,
        placeholder: str = "",
        read: Callable[[str], Any] = str,
        write: Callable[[Any], str] = _as_text,
        check: Callable[[Any], str] = lambda _: "",
    ) -> None:
        super().__init__()
        self._read, self._write, self._check = read, write, check
        self.line = QLineEdit()
        self.line.setPlaceholderText(placeholder)
        self.line.textEdited.connect(self._tell)
        self.line.editingFinished.connect(self.finished)
        self.completion: Completion | None = None
        self.live: Live | None = None
        self.column = column_in(self, gap=2)
        self.column.addWidget(self.line)
        self.setFocusProxy(self.line)

    def offer(self, find: Find) -> Completion:
        """Offer completions of what is typed."""
        self.completion = Completion(self.line, find)
        return self.completion

    def tell_live(self, tell: Tell, around: Surroundings) -> None:
        """Tell what the text came to in the last run."""
        self.live = Live.under(self.column, self.line, self.line.text, tell, around)

    def value(self) -> Any:
        """What its text stands for."""
        text = self.line.text()
        return self._read(text) if text else UNSET

    def show_value(self, value: Any) -> None:
        text = "" if isinstance(value, Unset) or value is None else self._write(value)
        if self.live is not None:
            self.live.ask()
        if text != self.line.text():
            self.line.setText(text)
            if not self.line.hasFocus():
                self.line.setCursorPosition(0)  # of what is too long, the beginning says most

    def own_fault(self, value: Any) -> str:
        return self._check(value)

    def show_fault(self, fault: str) -> None:
        if bool(self.line.property("fault")) != bool(fault):
            self.line.setProperty("fault", bool(fault))
            self.line.style().unpolish(self.line)
            self.line.style().polish(self.line)

    def _tell(self) -> None:
        self.edited.emit(self.value())
        if self.completion is not None:
            self.completion.typed()
        if self.live is not None:
            self.live.ask()


class CountingLine(LineEditor):
    """A line whose arrow keys count up and down."""

    def __init__(self, **lines: Any) -> None:
        super().__init__(**lines)
        self.line.installEventFilter(self)

    def count(self, step: int) -> None:
        """Count up, or down where the step is below 0."""
        raise NotImplementedError

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = _ARROWS.get(event.key())
            if step is not None:
                self.count(step)
                return True
        return super().eventFilter(watched, event)
