"""Deadlines: timeouts of steps for the price of a dict entry each.

asyncio.timeout sets and cancels a timer of the loop for each step. Here the deadlines of one
duration stand in one dict, mostly in the order in which they will be over; one timer a duration is
set for the next one, and set anew only when it fires. What ends without waiting needs none at all:
nobody could have stopped it. In a run that nobody holds, a strand keeps that of the agent that it
waits for: once that has ended in time it is nobody's, and the next agent that has as long sets it.
"""

import asyncio
from collections.abc import Callable
from math import inf
from time import monotonic

from agentflow.concurrency.strand import Strand

__all__ = ["Deadline", "Deadlines"]


class Deadline:
    """When a step has to have ended."""

    __slots__ = ("at", "held", "owner", "row", "strand")

    row: "_Row"
    strand: Strand
    owner: str
    at: float
    """When it is over, by `monotonic`; inf while a strand keeps it for its next agent."""
    held: float

    @property
    def fired(self) -> bool:
        """Whether it was over before the step had ended."""
        return self not in self.row.live

    def end(self) -> None:
        """The step has ended; the deadline is gone."""
        self.row.live.pop(self, None)

    def was_the_reason(self) -> bool:
        """Whether the interruption that has just arrived is this deadline's, and no other's.

        To be asked once, by the step whose deadline it is: the interruption counts as dealt with.
        """
        return self.fired and self.strand.forgive()

    def postponed(self, held: float) -> bool:
        """Move it by the time that a controller has held the run since it was last looked at."""
        more, self.held = held - self.held, held
        self.at += more
        return more > 0


class _Row:
    """All deadlines of one duration."""

    __slots__ = ("held", "live", "loop", "seconds", "timer", "wakes_at")

    def __init__(self, seconds: float, held: Callable[[], float] | None) -> None:
        self.seconds, self.held = seconds, held
        self.loop = asyncio.get_running_loop()
        self.live: dict[Deadline, None] = {}
        self.timer: asyncio.TimerHandle | None = None
        self.wakes_at = inf

    def wake(self, at: float, now: float) -> None:
        if self.timer is not None:
            self.timer.cancel()
        self.wakes_at = at
        self.timer = self.loop.call_later(max(at - now, 0.001), self._fire)

    def _fire(self) -> None:
        self.timer, self.wakes_at = None, inf
        now, held = monotonic(), self.held() if self.held else 0.0
        for deadline in tuple(self.live):
            # A loop's timers may be early, too: whoever is not due yet is simply waited for.
            if deadline.at == inf:
                deadline.strand.forget_deadline()
            elif deadline.at <= now and not deadline.postponed(held):
                del self.live[deadline]
                owner = deadline.owner or "run"
                deadline.strand.interrupt(f"{owner}: its timeout of {self.seconds:g}s was over")
        if self.live:
            self.wake(min(it.at for it in self.live), now)


class Deadlines:
    """The deadlines of a runner's runs. Time in which a controller holds them does not count."""

    def __init__(self, held: Callable[[], float] | None = None) -> None:
        """`held` tells for how many seconds a controller has held the run so far."""
        self._held = held
        self._rows: dict[float, _Row] = {}

    def start(self, strand: Strand, seconds: float, owner: str, now: float) -> Deadline:
        """Interrupt the strand in so many seconds, unless the deadline has ended by then.

        Args:
            strand: the one of the current task.
            seconds: how long it may take.
            owner: the path of the step whose deadline it is; "" for the run.
            now: when it began to take time, in seconds by `time.monotonic`.
        """
        row = self._rows.get(seconds)
        if row is None:
            row = self._rows[seconds] = _Row(seconds, self._held)
        deadline = Deadline()  # its own constructor would take half as long again as all of this
        deadline.row, deadline.strand, deadline.owner = row, strand, owner
        deadline.at = at = now + seconds
        deadline.held = 0.0 if row.held is None else row.held()
        row.live[deadline] = None
        if at < row.wakes_at:
            row.wake(at, monotonic())
        return deadline

    def now(self) -> float:
        """Seconds, by a clock that stands still while a controller holds the run."""
        return monotonic() - (self._held() if self._held else 0.0)

    def close(self) -> None:
        """Leave no timer behind."""
        for row in self._rows.values():
            if row.timer is not None:
                row.timer.cancel()
        self._rows.clear()
