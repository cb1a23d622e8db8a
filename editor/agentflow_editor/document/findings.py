"""Findings: what is wrong with a flow that is drawn, found out when asked or bit by bit."""

import time
from pathlib import Path

from agentflow.catalogue import Catalogue
from agentflow.flow.check import (
    Checking,
    check_by_rule,
    check_edited_by_rule,
    check_file_by_rule,
)
from agentflow.flow.flow import Flow
from agentflow.flow.flow_file import FlowFile
from agentflow.flow.rereading import Rereading
from agentflow.flow.rules.answers import Answers
from agentflow.problem import Problem

__all__ = ["Findings"]


class Findings:
    """The problems of one flow; they are found once, and moving nodes about changes none."""

    def __init__(
        self, flow: Flow, rereading: Rereading | None, catalogue: Catalogue, answers: Answers
    ) -> None:
        """Begin to look.

        Args:
            flow: what is drawn.
            rereading: reads again what it was read from; None for a flow that is in no file.
            catalogue: the modes and agent types that exist.
            answers: what was found out about the flow before it was edited.
        """
        self._flow, self._rereading = flow, rereading
        self._catalogue, self._answers = catalogue, answers
        self._checking = self._checked()
        self._found: tuple[Problem, ...] | None = None

    def are_of(self, flow: Flow, rereading: Rereading | None) -> bool:
        """Whether they are the findings of this flow, read so."""
        return self._flow is flow and self._rereading is rereading

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All of them, errors first. They have lines as long as the flow is as its file says."""
        while self._found is None:
            self._go_on()
        return self._found

    def look(self, seconds: float) -> bool:
        """Look on for about so long; whether all are found."""
        end = time.perf_counter() + seconds
        while self._found is None and time.perf_counter() < end:
            self._go_on()
        return self._found is not None

    def _go_on(self) -> None:
        try:
            next(self._checking)
        except StopIteration as end:
            self._found = end.value

    def _checked(self) -> Checking:
        if self._rereading is None:
            return self._drawn(None)
        file = self._rereading.file
        if self._flow == file.flow:
            return self._written(file)
        if not file.problems:
            # Edits make nothing that cannot be read, so there is nothing to write and read for.
            return self._drawn(file.source)
        return self._edited(file, self._rereading)

    def _drawn(self, source: Path | None) -> Checking:
        answers = self._answers
        return check_by_rule(self._flow, self._catalogue, source=source, answers=answers)

    def _written(self, file: FlowFile) -> Checking:
        return check_file_by_rule(file, self._catalogue, answers=self._answers)

    def _edited(self, file: FlowFile, rereading: Rereading) -> Checking:
        """What was wrong while reading the file is wrong as long as saving would write it again."""
        read = rereading.read(self._flow)
        if read is None:
            return (yield from self._drawn(file.source))
        yield
        catalogue, answers = self._catalogue, self._answers
        return (yield from check_edited_by_rule(file, self._flow, read, catalogue, answers=answers))
