"""RecordedRun: a run as a journal has it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from agentflow.errors import JournalError
from agentflow.journal.codec import decoded, put_back
from agentflow.journal.page import Page, outermost
from agentflow.trace import (
    RunFinished,
    StepCancelled,
    StepFailed,
    StepStarted,
    StepSucceeded,
    TraceEntry,
)

__all__ = ["RecordedRun"]

_ENDS = (StepSucceeded, StepFailed, StepCancelled)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedRun:
    """A run with all of its record that is whole."""

    page: Page
    """What is said of the run itself, and where its record ends."""
    rows: tuple[str, ...] = field(repr=False)
    """The texts of its entries, secrets hidden; see `codec`."""
    entries: tuple[TraceEntry, ...] = field(repr=False)
    """All of them, or the last few only; with "${NAME}" for what the environment told the flow."""
    text: str | None = field(default=None, repr=False)
    """The flow file as it was; None where it was not asked for, or is damaged."""
    damage: str = ""
    """What is wrong with the rest of the record; "" when all of it is whole."""

    @property
    def id(self) -> str:
        """The run's id."""
        return self.page.run_id

    @property
    def is_inside(self) -> bool:
        """Whether it is of a flow that a step of another run has run."""
        return outermost(self.id) != self.id

    def as_it_was(self, environ: Mapping[str, str]) -> tuple[TraceEntry, ...]:
        """Its entries with what the environment told the flow, as the agents had it.

        Raises:
            JournalError: the environment lacks what it told then.
        """
        entries: list[TraceEntry] = []
        try:
            for row in self.rows:
                entries += decoded(put_back(row, environ), self.id)
        except KeyError as error:
            what = f"the environment has no {error.args[0]} any more, which its record leaves out"
            raise JournalError(f"run {self.id}", what, "set it as it was") from None
        return tuple(entries)

    @property
    def end(self) -> RunFinished | None:
        """How it ended; None for a run that was broken off, or that is still on."""
        last = self.entries[-1] if self.entries else None
        return last if isinstance(last, RunFinished) else None

    @property
    def in_flight(self) -> tuple[str, ...]:
        """The paths of agents that were at work when the record ended: each may have done it."""
        begun: list[str] = []
        for entry in self.entries:
            if isinstance(entry, StepStarted) and entry.kind == "agent":
                begun.append(entry.path)
            elif isinstance(entry, _ENDS) and entry.path in begun:
                begun.remove(entry.path)
        return tuple(begun)
