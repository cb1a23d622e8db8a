"""Contender: an engine that can do the benchmark's work."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

__all__ = ["AGENTS_OF_NESTED", "CASES", "Contender", "Work"]

CASES = 10
"""How many cases the router has."""
AGENTS_OF_NESTED = 7
"""Agent calls of one nested run: one, three branches, two passes of a loop, one routed."""

Work = Callable[[], Awaitable[None]]
"""One whole run, which has checked its own result before it returns."""


class Contender(Protocol):
    """An engine; each method prepares a flow once and gives what runs it."""

    name: str
    is_peer: bool
    """Whether it is another engine: it may fail at work, or be too slow for some of it."""

    def sequence(self, steps: int) -> AbstractAsyncContextManager[Work]:
        """Steps one after another, each of which writes a key of its own."""
        ...

    def suspending(self, steps: int, seconds: float = 0.0) -> AbstractAsyncContextManager[Work]:
        """The same, but each waits before it answers: a turn of the loop, or for a timer."""
        ...

    def fan_out(
        self, branches: int, seconds: float | None = None
    ) -> AbstractAsyncContextManager[Work]:
        """Branches at once, each of which writes a key of its own.

        Each waits so many seconds first, or at 0 a turn of the loop; at None it does not wait.
        """
        ...

    def loop(self, passes: int) -> AbstractAsyncContextManager[Work]:
        """A loop over one agent that counts, until the count is reached."""
        ...

    def route(self) -> AbstractAsyncContextManager[Work]:
        """A router of ten cases that takes the one the event names."""
        ...

    def nested(self) -> AbstractAsyncContextManager[Work]:
        """An agent, three branches, a loop of two passes and a router, one after another."""
        ...

    def carry(self, steps: int) -> AbstractAsyncContextManager[Work]:
        """A megabyte of nested values that is handed through steps, which do not touch it."""
        ...
