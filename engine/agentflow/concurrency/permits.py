"""Permits: how many may be at something at once."""

import asyncio
from collections import deque

__all__ = ["Permits"]


class Permits:
    """A number of permits, given in the order in which they were asked for.

    Like asyncio.Semaphore, but taking a free one is a plain call and awaits nothing.
    """

    __slots__ = ("_free", "_waiting")

    def __init__(self, count: int) -> None:
        self._free = count
        self._waiting: deque[asyncio.Future[None]] = deque()

    def take(self) -> bool:
        """Take a permit if one is free and nobody waits for it."""
        if self._free > 0 and not self._waiting:
            self._free -= 1
            return True
        return False

    def take_anyway(self) -> None:
        """Take a permit even if none is free; whoever comes later waits until it is made up for."""
        self._free -= 1

    async def taken(self) -> None:
        """Wait for a permit and take it."""
        if self.take():
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():
                self.give_back()  # it came at the very moment in which nobody wanted it any more
            elif turn in self._waiting:
                self._waiting.remove(turn)
            raise

    def give_back(self) -> None:
        """Return a permit; the first who waits gets it."""
        self._free += 1
        while self._free > 0 and self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                self._free -= 1
                turn.set_result(None)
