"""Deadlines: timeouts of steps for the price of a dict entry each.

asyncio.timeout sets and cancels a timer of the loop for each step. Here the deadlines of one
duration stand in one dict in the order in which they began, so that its first one is always the
next; one timer a duration is set for that, and set anew only when it fires.
"""

import asyncio
import time
from collections.abc import Callable

from agentflow.concurrency.strand import Strand

__all__ = ["Deadline", "Deadlines"]


def _never_held() -> float:
    return 0.0


class Deadline:
    """When a step has to have ended."""

    __slots__ = ("_held", "_row", "at", "fired", "strand", "why")

    def __init__(self, row: "_Row", strand: Strand, why: str, at: float, held: float) -> None:
        self._row, self._held = row, held
        self.strand, self.why, self.at = strand, why, at
        self.fired = False

    def end(self) -> None:
        """The step has ended; the deadline is gone."""
        self._row.live.pop(self, None)

    def was_the_reason(self) -> bool:
        """Whether the interruption that has just arrived is this deadline's, and no other's.

        To be asked once, by the step whose deadline it is: the interruption counts as dealt with.
        """
        return self.fired and self.strand.forgive()

    def postponed(self, held: float) -> bool:
        """Move it by the time that a controller has held the run since it was last looked at."""
        more, self._held = held - self._held, held
        self.at += more
        return more > 0


class _Row:
    """All deadlines of one duration."""

    __slots__ = ("held", "live", "loop", "seconds", "timer")

    def __init__(self, seconds: float, held: Callable[[], float]) -> None:
        self.seconds, self.held = seconds, held
        self.loop = asyncio.get_running_loop()
        self.live: dict[Deadline, None] = {}
        self.timer: asyncio.TimerHandle | None = None

    def start(self, strand: Strand, why: str) -> Deadline:
        deadline = Deadline(self, strand, why, self.loop.time() + self.seconds, self.held())
        self.live[deadline] = None
        if self.timer is None:
            self.timer = self.loop.call_at(deadline.at, self._fire)
        return deadline

    def _fire(self) -> None:
        self.timer = None
        now, held = self.loop.time(), self.held()
        for deadline in tuple(self.live):
            if deadline.at > now or deadline.postponed(held):
                # A loop's timers may be early, too: whoever is not due yet is simply waited for.
                self.timer = self.loop.call_at(max(deadline.at, now + 0.001), self._fire)
                return
            del self.live[deadline]
            deadline.fired = True
            deadline.strand.interrupt(deadline.why)


class Deadlines:
    """The deadlines of a runner's runs. Time in which a controller holds them does not count."""

    def __init__(self, held: Callable[[], float] = _never_held) -> None:
        """`held` tells for how many seconds a controller has held the run so far."""
        self._held = held
        self._rows: dict[float, _Row] = {}

    def start(self, strand: Strand, seconds: float, owner: str) -> Deadline:
        """Interrupt the strand in so many seconds, unless the deadline has ended by then."""
        row = self._rows.get(seconds)
        if row is None:
            row = self._rows[seconds] = _Row(seconds, self._held)
        return row.start(strand, f"{owner or 'run'}: its timeout of {seconds:g}s was over")

    def now(self) -> float:
        """Seconds, by a clock that stands still while a controller holds the run."""
        return time.monotonic() - self._held()

    def close(self) -> None:
        """Leave no timer behind."""
        for row in self._rows.values():
            if row.timer is not None:
                row.timer.cancel()
        self._rows.clear()
