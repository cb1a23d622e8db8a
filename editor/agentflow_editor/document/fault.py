"""Fault: why a typed text is not taken, and where it is wrong."""

from dataclasses import dataclass

from agentflow.errors import FlowFileError
from agentflow.flow.flow_file import FlowFile
from agentflow.flow.kinds import Kinds
from agentflow.flow.load import parse
from agentflow.problem import Problem

__all__ = ["Fault", "read_typed"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a text."""

    what: str
    """What is wrong, as a sentence."""
    fix: str = ""
    """What to do, as an order; "" where that is not known."""
    line: int | None = None
    """The line that it is in, from 1."""
    column: int | None = None
    """The column in that line, from 1; None for all of it."""
    length: int = 0
    """How many characters from there on are wrong; 0 for all up to the end of the line."""

    @property
    def place(self) -> str:
        """Where it is, for people: "Line 3, column 7"; "" where that is not known."""
        if self.line is None:
            return ""
        return f"Line {self.line}" + ("" if self.column is None else f", column {self.column}")

    def __str__(self) -> str:
        """Where: what; how to fix."""
        told = f"{self.place}: {self.what}" if self.place else self.what
        return f"{told}; {self.fix}" if self.fix else told


def read_typed(
    text: str, kinds: Kinds, known: FlowFile | None
) -> tuple[FlowFile | None, tuple[Fault, ...]]:
    """What a typed text says, or why it is not taken; what it says in spite of faults is not told.

    Args:
        text: as it was typed.
        kinds: which modes and agent types there are, such as the Catalogue.
        known: the text as it was read before. What was wrong there already keeps nobody from
            going on: it is among the problems of the flow.
    """
    try:
        file = parse(text, kinds)
    except FlowFileError as error:
        return None, (Fault(f"the text {error.what}", error.fix, error.line, error.column),)
    if file.dialect is not None:
        what = f"this is written in {file.dialect.title}"
        return None, (Fault(what, "save it as a file and open that, to import it", line=1),)
    before = {_sign(it) for it in known.problems} if known is not None else set[object]()
    new = [it for it in file.problems if it.severity == "error" and _sign(it) not in before]
    return (None, tuple(map(_fault, new))) if new else (file, ())


def _sign(problem: Problem) -> object:
    return problem.code, problem.where, problem.message


def _fault(problem: Problem) -> Fault:
    what = f"{problem.where}: {problem.message}" if problem.where else problem.message
    return Fault(what, problem.advice, problem.line, problem.column, problem.length)
