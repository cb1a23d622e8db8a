"""Strand: a task of a run, and whether its interruption is the run's own doing."""

import asyncio
from time import perf_counter

__all__ = ["Strand"]

_BREATH = 0.01


class Strand:
    """A task that steps run in: a run's own, or a branch's.

    Agents run inside the very same task, so a cancellation that arrives in it may be the run's
    doing (a timeout, a stop) or the agent's (its own timeout, or a mistake). The run interrupts
    its tasks only through here; what was not counted here was not the run's doing.
    """

    __slots__ = ("breath_due", "interrupts", "task", "why")

    task: "asyncio.Task[None]"
    """The task; set by whoever makes it, before it first runs."""

    def __init__(self) -> None:
        self.interrupts = 0
        """How many interruptions are under way."""
        self.why = ""
        """What the last one was for, as a step's record tells it."""
        self.breath_due = perf_counter() + _BREATH
        """When, by `perf_counter`, the loop is to get its turn even if no agent ever waits."""

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
        self.breath_due = perf_counter() + _BREATH

    def foreign_cancels(self) -> int:
        """How many of the task's cancellations under way are not the run's doing."""
        return self.task.cancelling() - self.interrupts
