"""Checker: what is found in the flow that is open, told once nothing is edited for a moment."""

import math

from PySide6.QtCore import QObject, QTimer, Signal

from agentflow.catalogue import Catalogue
from agentflow.flow.flow import Flow
from agentflow.flow.rereading import Rereading
from agentflow.flow.rules.answers import Answers
from agentflow.problem import Problem
from agentflow_editor.document.findings import Findings

__all__ = ["Checker"]

PATIENCE = 150
"""Milliseconds without an edit before the flow is checked."""
SLICE = 0.004
"""Seconds of checking before the window has its turn."""


class Checker(QObject):
    """Looks for what is wrong with one flow after another, slice by slice."""

    problems_changed = Signal(tuple)
    """(problems) whenever there are other ones than were told last."""

    def __init__(self, flow: Flow, catalogue: Catalogue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._catalogue = catalogue
        self._answers = Answers()
        self._findings = Findings(flow, None, catalogue, self._answers)
        self._told: tuple[Problem, ...] | None = None
        self._soon = QTimer(self, singleShot=True)
        self._soon.timeout.connect(self._look)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is found in the flow as it is now, errors first. Asking takes as long as looking."""
        return self._findings.problems

    @property
    def known_problems(self) -> tuple[Problem, ...]:
        """The problems that were told last; asking takes no time."""
        return self._told or ()

    def take(self, flow: Flow, rereading: Rereading | None) -> None:
        """Look at this flow from now on; what is found in it stays.

        Args:
            flow: what is drawn.
            rereading: reads again what it was read from; None for a flow that is in no file.
        """
        if not self._findings.are_of(flow, rereading):
            self._findings = Findings(flow, rereading, self._catalogue, self._answers)

    def check_soon(self, patience: int = PATIENCE) -> None:
        """Look for problems after so many milliseconds, counted from now on."""
        self._soon.start(patience)

    def check_now(self) -> None:
        """Look for all of them at once, and tell them."""
        self._soon.stop()
        self._findings.look(math.inf)
        self._tell()

    def rest(self) -> None:
        """Look for nothing any more."""
        self._soon.stop()

    def _look(self) -> None:
        if self._findings.look(SLICE):
            self._tell()
        else:
            self._soon.start(0)

    def _tell(self) -> None:
        if self.problems != self._told:
            self._told = self.problems
            self.problems_changed.emit(self.problems)
