"""Permits: how many may be at something at once."""

import asyncio
from collections import deque
from typing import Optional

__all__ = ["Permits"]


class Permits:
    """A number of permits, given in the order in which they were asked for.

    Like asyncio.Semaphore, but taking a free one is a plain call and awaits nothing; and whoever
    takes one of it takes one of those around it, too.
    """

    __slots__ = ("_waiting", "around", "free")

    def __init__(self, count: int, around: Optional["Permits"] = None) -> None:
        self.free = count
        """How many are free; less than none when some were taken anyway. Nobody waits while it is
        more than none."""
        self.around = around
        self._waiting: deque[asyncio.Future[None]] | None = None

    def are_free(self) -> bool:
        """Whether one could be taken. What is over before anybody else runs need not take one."""
        return self.free > 0 and (self.around is None or self.around.are_free())

    def take(self) -> bool:
        """Take a permit if one is free."""
        if self.free > 0 and (self.around is None or self.around.take()):
            self.free -= 1
            return True
        return False

    def take_anyway(self) -> None:
        """Take a permit even if none is free; whoever comes later waits until it is made up for."""
        self.free -= 1
        if self.around is not None:
            self.around.take_anyway()

    async def taken(self) -> None:
        """Wait for a permit and take it."""
        await self._own_taken()
        if self.around is None:
            return
        try:
            if not self.around.take():
                await self.around.taken()
        except asyncio.CancelledError:
            self._own_given_back()
            raise

    def give_back(self) -> None:
        """Return a permit; the first who waits gets it."""
        if self._waiting:
            self._own_given_back()
        else:
            self.free += 1
        if self.around is not None:
            self.around.give_back()

    async def _own_taken(self) -> None:
        if self.free > 0:
            self.free -= 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        waiting = self._waiting = self._waiting or deque()
        waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():
                self._own_given_back()  # it came when nobody wanted it any more
            elif turn in waiting:
                waiting.remove(turn)
            raise

    def _own_given_back(self) -> None:
        self.free += 1
        while self.free > 0 and self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                self.free -= 1
                turn.set_result(None)
