"""Live: what a field's text came to in the last run, told under the field while it is seen."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from agentflow_editor.forms._surroundings import Surroundings
from agentflow_editor.looks.plain_text import PlainLabel
from agentflow_editor.widgets.when_seen import WhenSeen

__all__ = ["Live", "Tell"]

Tell = Callable[[str, Mapping[str, Any]], str]
"""(text, what the state held in the last run) → what the text comes to, or ""."""

PATIENCE = 120
"""Milliseconds without typing before it is worked out."""


class Live(PlainLabel):
    """A line under a field. It is gone where there was no run, or nothing to be told."""

    def __init__(
        self, field: QWidget, text: Callable[[], str], tell: Tell, around: Surroundings
    ) -> None:
        super().__init__("")
        self._text, self._tell, self._around = text, tell, around
        self._soon = WhenSeen(field, self._look, patience=PATIENCE)
        self.setObjectName("hint")
        self.setWordWrap(True)
        self.setAccessibleName("In the last run")
        self.hide()
        around.on_run(self.ask)
        self.ask()

    def ask(self) -> None:
        """Have it told anew, soon."""
        self._soon.ask()

    def _look(self) -> None:
        values = self._around.last_run()
        told = self._tell(self._text(), values) if values is not None else ""
        self.setText(f"Last run: {told}" if told else "")
        self.setVisible(bool(told))

    @staticmethod
    def under(
        column: QVBoxLayout,
        field: QWidget,
        text: Callable[[], str],
        tell: Tell,
        around: Surroundings,
    ) -> "Live":
        """Put one at the end of a column."""
        live = Live(field, text, tell, around)
        column.addWidget(live)
        return live
