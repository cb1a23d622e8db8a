"""Problems: what was found to be wrong, doubtful or worth knowing in a flow, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

__all__ = ["Fix", "Problem", "Severity"]

Severity = Literal["error", "warning", "info"]

MOST_SHOWN = 600
"""Characters of a message, a place or a fix as a person is told it."""


@dataclass(frozen=True, slots=True)
class Fix:
    """One thing that would mend a problem. Told to everybody; done by whoever knows `edit`."""

    title: str
    """What to do, as an order: "Define 'colector' as a scripted stand-in"."""
    edit: str = ""
    """The name of the editor's edit that does it; "" where only a person can."""
    arguments: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What that edit is called with, by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A finding about a flow. It is never raised; a flow with one of severity error never runs."""

    severity: Severity
    code: str
    """A short name that stays the same when the text is reworded: "unknown-agent"."""
    message: str
    """What is wrong, in one sentence without its place and without how to mend it."""
    where: str = ""
    """The place in the file, as dotted keys: "orchestration.sequential.agents[0]"."""
    path: str = ""
    """The path of the step that it is about; "" when it is about none."""
    line: int | None = None
    """The line of that place in the file, from 1; None for a flow that is in no file."""
    column: int | None = None
    """The column in that line, from 1; None where only the line is known."""
    length: int = 0
    """How many characters from there on are meant; 0 for all up to the end of the line."""
    fixes: tuple[Fix, ...] = ()

    def __post_init__(self) -> None:
        """Keep the message to what a person reads, however much of the file it repeats."""
        object.__setattr__(self, "message", _short(self.message))

    def __str__(self) -> str:
        """Where: what; how to fix."""
        place = _short(self.where or self.path)
        text = f"{place}: {self.message}" if place else self.message
        return f"{text}; {self.advice}" if self.fixes else text

    @property
    def advice(self) -> str:
        """The first way to mend it as the end of a sentence; "" where none is known."""
        order = _short(self.fixes[0].title) if self.fixes else ""
        return order[:1].lower() + order[1:]

    def to_json(self) -> dict[str, Any]:
        """The form of `agentflow validate --json`."""
        return {
            "severity": self.severity,
            "code": self.code,
            "path": self.path or self.where,
            "where": self.where,
            "line": self.line,
            "column": self.column,
            "message": self.message,
            "fixes": [fix.title for fix in self.fixes],
        }


def _short(text: str) -> str:
    if len(text) <= MOST_SHOWN:
        return text
    return f"{text[: MOST_SHOWN // 2]} … {text[-MOST_SHOWN // 2 :]}"
