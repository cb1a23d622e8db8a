"""Strand: a task of a run, and whether its interruption is the run's own doing."""

import asyncio
from contextlib import suppress
from contextvars import ContextVar
from time import monotonic
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from agentflow.concurrency.deadlines import Deadline

__all__ = ["BREATH", "STRAND", "Strand"]

BREATH = 0.01
"""For how many seconds the loop may be kept from its turn."""

STRAND: ContextVar["Strand | None"] = ContextVar("agentflow_strand", default=None)
"""Which strand the code is part of that runs here, and the code that it has started."""


class Strand:
    """A task that steps run in: a run's own, or a branch's.

    Agents run inside the very same task, so a cancellation that arrives in it may be the run's
    doing (a timeout, a stop) or the agent's (its own timeout, or a mistake). The run interrupts
    its tasks only through here; what was not counted here was not the run's doing.
    """

    __slots__ = (
        "_foreign",
        "breath_due",
        "deadline",
        "interrupts",
        "is_calling",
        "may_wait",
        "offspring",
        "owner",
        "resumed",
        "task",
        "why",
    )

    resumed: float
    """When, by `monotonic`, an agent that had waited last went on."""

    task: "asyncio.Task[Any]"
    """The task; set by whoever makes it, before it first runs."""

    def __init__(
        self, task: "asyncio.Task[Any] | None" = None, owner: object | None = None
    ) -> None:
        """A strand.

        Args:
            task: one that is under way already and is somebody else's, too.
            owner: what dispatches the run that it is a part of.
        """
        self._foreign, self.owner = 0, owner
        if task is not None:
            self.task, self._foreign = task, task.cancelling()
        self.interrupts = 0
        """How many interruptions are under way."""
        self.why = ""
        """What the last one was for, as a step's record tells it."""
        self.breath_due = 0.0
        """When, by `monotonic`, the loop is to get its turn even if no agent ever waits."""
        self.is_calling = False
        """Whether an agent is being called: it is the parent of the tasks that are started here."""
        self.may_wait = True
        """Whether an agent that can wait may be called now; else that is for a coroutine, which is
        begun later, and perhaps in another strand."""
        self.offspring: set[asyncio.Task[Any]] | None = None
        """The tasks that the agent has started and that have not ended; None before the first."""
        self.deadline: Deadline | None = None
        """That of the agent that is waited for, kept for the next one. When the strand's work is
        done none is kept: a circle of the two would be work for the collector."""

    def beside(self) -> "Strand":
        """For code of the same run that is no agent's: the tasks that it starts are its own."""
        return Strand(owner=self.owner)

    def go_on_from(self, before: "Strand") -> None:
        """An agent that was called in another strand has ended there, and is judged in this one."""
        self.is_calling, before.is_calling = before.is_calling, False
        self.offspring, before.offspring = before.offspring, None

    def forget_deadline(self) -> None:
        """Keep no deadline any more."""
        if self.deadline is not None:
            self.deadline.end()
            self.deadline = None

    def interrupt(self, why: str) -> None:
        """Cancel the task, and remember that it was us."""
        self.interrupts += 1
        self.why = why
        self.task.cancel()

    def forgive(self) -> bool:
        """Take an interruption back where it is dealt with; False when another one is under way."""
        self.interrupts -= 1
        self.task.uncancel()
        return self.interrupts == 0

    async def breathe(self) -> None:
        """Let the loop have its turn: timeouts, stops and whatever else runs there."""
        await asyncio.sleep(0)
        self.breath_due = monotonic() + BREATH

    async def release(self) -> None:
        """Leave the task to whom it belongs: no interruption of ours arrives any more.

        Raises:
            asyncio.CancelledError: somebody else's does.
        """
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(0)  # it may be on its way still
        while self.interrupts:
            self.forgive()
        if self.foreign_cancels() > 0:
            raise asyncio.CancelledError

    def foreign_cancels(self) -> int:
        """How many of the task's cancellations under way are not the run's doing."""
        return self.task.cancelling() - self.interrupts - self._foreign
