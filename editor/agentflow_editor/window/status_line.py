"""StatusLine: what is told below the canvas of the flow, of its run and of what was done."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QStatusBar, QToolButton

from agentflow.problem import Problem
from agentflow.runner import RunOutcome
from agentflow.wording import sentence
from agentflow_editor.looks.icons import icon
from agentflow_editor.looks.plain_text import PlainLabel, on_one_line
from agentflow_editor.workbench import Workbench

__all__ = ["StatusLine"]


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
        bar.addPermanentWidget(self.run_state)
        bar.addPermanentWidget(self.problems)
        workbench.document.problems_changed.connect(self.show_problems)
        workbench.run.started.connect(bar.clearMessage)
        workbench.run.ended.connect(self._tell_outcome)

    def tell(self, text: str) -> None:
        """Tell for some seconds what was done."""
        self._bar.showMessage(text, 6000)

    def show_run(self) -> None:
        """Show whether a run is going on."""
        run = self._bench.run
        self.run_state.setText("Paused" if run.is_paused else "Running…" if run.is_running else "")

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show how many problems there are, in the theme's colours."""
        errors_, warnings = (
            sum(problem.severity == kind for problem in problems) for kind in ("error", "warning")
        )
        shown = "error" if errors_ else "warning" if warnings else "done"
        names = {"error": "alert-circle", "warning": "alert", "done": "check-circle"}
        theme = self._bench.theme.theme
        self.problems.setIcon(icon(names[shown], theme.color(shown)))
        self.problems.setText(_counted(errors_, warnings))
        self.problems.setToolTip("Show what was found in this flow")

    def _tell_outcome(self, outcome: RunOutcome) -> None:
        self._bar.showMessage(on_one_line(sentence(outcome.entries[-1]), 300), 10_000)


def _counted(errors_: int, warnings: int) -> str:
    parts = [
        f"{count} {kind}{'s' if count > 1 else ''}"
        for count, kind in ((errors_, "error"), (warnings, "warning"))
        if count
    ]
    return ", ".join(parts) or "No problems"
