"""Problems as the command prints them: one line each, clickable in most terminals."""

from collections.abc import Iterable
from pathlib import Path

from agentflow.cli.console.safe import one_line
from agentflow.problem import Problem

__all__ = ["problem_lines"]


def problem_lines(file: Path, problems: Iterable[Problem]) -> list[str]:
    """Each problem as `file:line:column: severity: where: what; fix`."""
    return [
        f"{_place(file, problem)}: {problem.severity}: {_said(problem)}" for problem in problems
    ]


def _place(file: Path, problem: Problem) -> str:
    spot = [problem.line, problem.column] if problem.line else []
    return one_line(":".join([str(file), *(str(it) for it in spot if it)]), 1000)


def _said(problem: Problem) -> str:
    return one_line(str(problem), 2000)
