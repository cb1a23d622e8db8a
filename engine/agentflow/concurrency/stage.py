"""Stage: where agents' coroutines run, and how the end of one is told without an exception.

A coroutine that is run by hand tells its end by StopIteration, and to raise and catch that takes as
long as most of a step. A generator that awaits one coroutine after another tells it by yielding.
"""

from collections.abc import Callable, Generator
from types import CoroutineType, coroutine
from typing import Any, cast

__all__ = ["Stage"]


class Stage:
    """Runs one coroutine after another. It is gone with one that raises."""

    __slots__ = ("_host", "ended", "send")

    def __init__(self) -> None:
        self.ended: list[Any] = [None]
        """What the coroutine returned; `send` and `throw` answer with this list once it has."""
        host = cast("Generator[Any, Any, None]", _hosting(self.ended))
        host.send(None)
        self._host = host
        self.send: Callable[[Any], Any] = host.send
        """Begins a coroutine, or goes on with it (None); it answers with what that waits for."""

    def throw(self, error: BaseException) -> Any:
        """Let it go on with an error."""
        return self._host.throw(error)


@coroutine
def _hosting(ended: list[Any]) -> Generator[Any, Any, None]:
    while True:
        coro: Any = yield ended
        # What is no coroutine may only be awaited; `yield from` would go through a list as well.
        ended[0] = yield from coro if coro.__class__ is CoroutineType else coro.__await__()
