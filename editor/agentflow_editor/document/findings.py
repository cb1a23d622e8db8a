"""Findings: what is wrong with a flow that is drawn, found out when asked or bit by bit."""

import time
from pathlib import Path

from agentflow.catalogue import Catalogue
from agentflow.errors import SaveError
from agentflow.flow.check import Checking, check_by_rule, check_file_by_rule
from agentflow.flow.flow import Flow
from agentflow.flow.load import FlowFile, parse
from agentflow.flow.rules.answers import Answers
from agentflow.flow.save import render
from agentflow.problem import Problem

__all__ = ["Findings"]


class Findings:
    """The problems of one flow; they are found once, and moving nodes about changes none."""

    def __init__(
        self, flow: Flow, file: FlowFile | None, catalogue: Catalogue, answers: Answers
    ) -> None:
        """Begin to look.

        Args:
            flow: what is drawn.
            file: what it was read from.
            catalogue: the modes and agent types that exist.
            answers: what was found out about the flow before it was edited.
        """
        self._flow, self._file = flow, file
        self._catalogue, self._answers = catalogue, answers
        self._checking = self._checked()
        self._found: tuple[Problem, ...] | None = None

    def are_of(self, flow: Flow, file: FlowFile | None) -> bool:
        """Whether they are the findings of this flow, which was read from this file."""
        return self._flow is flow and self._file is file

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
        file = self._file
        if file is None:
            return self._drawn(None)
        if self._flow == file.flow:
            return self._written(file)
        if not file.problems:
            # Edits make nothing that cannot be read, so there is nothing to write and read for.
            return self._drawn(file.source)
        return self._found_by_reading(file)

    def _drawn(self, source: Path | None) -> Checking:
        answers = self._answers
        return check_by_rule(self._flow, self._catalogue, source=source, answers=answers)

    def _written(self, file: FlowFile) -> Checking:
        return check_file_by_rule(file, self._catalogue, answers=self._answers)

    def _found_by_reading(self, file: FlowFile) -> Checking:
        """What was wrong while reading the file is wrong as long as saving would write it again."""
        try:
            text = render(file, self._flow, file.layout, self._catalogue).text
        except SaveError:
            return (yield from self._drawn(file.source))
        yield
        return (yield from self._written(parse(text, self._catalogue)))
