"""Errors of files that cannot be read or written as flows, and of flows that must not run."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from agentflow.errors.base import AgentFlowError

if TYPE_CHECKING:
    from agentflow.problem import Problem

__all__ = ["FieldError", "FlowCheckError", "FlowFileError", "FlowSyntaxError", "SaveError"]


class FlowFileError(AgentFlowError):
    """The file cannot be read, or not be written, as a flow."""

    def __init__(
        self,
        what: str,
        *,
        file: Path | str | None = None,
        line: int | None = None,
        column: int | None = None,
        fix: str = "",
    ) -> None:
        self.what, self.file, self.line, self.column, self.fix = what, file, line, column, fix
        place = "agentflow.toml" if file is None else str(file)
        if line is not None:
            place += f":{line}" + ("" if column is None else f":{column}")
        super().__init__(f"{place}: {what}" + (f"; {fix}" if fix else ""))


class FlowSyntaxError(FlowFileError):
    """Not TOML, or made to hurt the reader (too large, too deep, not text)."""


class FieldError(FlowFileError):
    """A value of the wrong kind."""


class SaveError(FlowFileError):
    """The flow could not be written; the file on disk is as it was."""


class FlowCheckError(AgentFlowError):
    """A well-formed flow that must not run: it has problems of severity error."""

    def __init__(self, problems: "Sequence[Problem]") -> None:
        self.problems = tuple(problems)
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        count = "1 error" if len(self.problems) == 1 else f"{len(self.problems)} errors"
        super().__init__(f"the flow has {count} and was not run; mend them first:\n{lines}")
