"""StatusLine: what is told below the canvas of the flow, of its run and of what was done."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QStatusBar, QToolButton

from agentflow.problem import Problem
from agentflow.runner import RunOutcome
from agentflow.wording import sentence
from agentflow_editor.looks.icons import icon
from agentflow_editor.looks.plain_text import PlainLabel, on_one_line, plain_tooltip
from agentflow_editor.workbench import Workbench

__all__ = ["StatusLine"]


MARGIN = 48
"""Pixels between what is told and what stands at the right, its borders and the window's grip."""
_WORDS = {"error": "error", "warning": "warning", "info": "hint"}
"""What each is called, the worst first."""
_ICONS = {
    "error": "alert-circle",
    "warning": "alert",
    "info": "information",
    "done": "check-circle",
}


class StatusLine(QObject):
    """Fills the status bar of one window."""

    problems_wanted = Signal()
    """A person wants to see what was found in the flow."""

    def __init__(self, bar: QStatusBar, workbench: Workbench) -> None:
        super().__init__(bar)
        self._bar, self._bench = bar, workbench
        self.problems = QToolButton()
        self.problems.setAutoRaise(True)
        self.problems.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.problems.clicked.connect(lambda: self.problems_wanted.emit())
        self.run_state = PlainLabel("")
        # What has no room in the bar is told where the mouse rests.
        bar.messageChanged.connect(self._on_message)
        self._standing = (self.run_state, self.problems)
        for widget in self._standing:
            bar.addPermanentWidget(widget)
        workbench.document.problems_changed.connect(self.show_problems)
        for another in (workbench.run.started, workbench.document.begun):
            another.connect(bar.clearMessage)
        workbench.run.ended.connect(self._tell_outcome)

    def tell(self, text: str) -> None:
        """Tell for some seconds what was done."""
        self._show(text, 6000)

    def _show(self, text: str, milliseconds: int) -> None:
        """Say in the room that there is how it begins, and all of it where the mouse rests."""
        taken = sum(it.sizeHint().width() for it in self._standing if it.isVisible())
        room = self._bar.width() - taken - MARGIN
        elided = self._bar.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
        self._bar.showMessage(elided, milliseconds)
        self._bar.setToolTip(plain_tooltip(text))

    def _on_message(self, text: str) -> None:
        self._bar.setToolTip(plain_tooltip(text))

    def show_run(self) -> None:
        """Show whether a run is going on."""
        run = self._bench.run
        self.run_state.setText("Paused" if run.is_paused else "Running…" if run.is_running else "")

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show how many problems there are, in the theme's colours."""
        counts = {kind: sum(it.severity == kind for it in problems) for kind in _WORDS}
        worst = next((kind for kind, count in counts.items() if count), "done")
        self.problems.setIcon(icon(_ICONS[worst], self._bench.theme.theme.color(worst)))
        self.problems.setText(_counted(counts))
        self.problems.setToolTip("Show what was found in this flow")

    def _tell_outcome(self, outcome: RunOutcome) -> None:
        self._show(on_one_line(sentence(outcome.entries[-1]), 300), 10_000)


def _counted(counts: Mapping[str, int]) -> str:
    parts = [
        f"{count} {_WORDS[kind]}{'' if count == 1 else 's'}"
        for kind, count in counts.items()
        if count
    ]
    return ", ".join(parts) or "No problems"
