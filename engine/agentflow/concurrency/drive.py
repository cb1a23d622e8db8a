"""Drive: runs an agent's coroutine inside the task of its step, and can leave it behind.

A task for each call would cost more than the rest of a step together. Awaiting the coroutine
would cost nothing, but a coroutine that swallows its cancellation could hold the step, the run and
whoever stops it for ever. So its steps are driven by hand, as a task would drive them; the one
thing that is different is that the drive ends when its time is up, and the coroutine ends, if ever,
in a task of its own.
"""

import asyncio
import logging
from collections.abc import Coroutine, Generator
from contextvars import Context
from time import monotonic
from typing import Any, NamedTuple

from agentflow.concurrency.strand import STRAND, Strand

__all__ = ["Drive", "Ended", "LeftBehindError"]

_LOG = logging.getLogger(__name__)


class LeftBehindError(asyncio.CancelledError):
    """The cancellation of something that did not end for it; the text says why."""


class Ended(NamedTuple):
    """How a coroutine ended."""

    value: Any = None
    """What it returned."""
    error: BaseException | None = None
    """What it raised, whatever that was."""
    left_behind: "asyncio.Task[None] | None" = None
    """It did not end: it ignored its cancellation and goes on in this task."""


class Drive:
    """Awaited, it runs a coroutine to its end and says how it ended; it raises nothing of it.

    Once the strand is interrupted, the coroutine has `grace` seconds left.
    """

    __slots__ = (
        "_context",
        "_coro",
        "_given_up",
        "_grace",
        "_strand",
        "_timer",
        "_waiting",
        "_wake",
        "cancelled_itself",
        "resumed",
    )

    def __init__(
        self,
        coro: Coroutine[Any, Any, Any],
        waiting: Any,
        strand: Strand,
        context: Context,
        grace: float,
    ) -> None:
        """`waiting` is what the coroutine, which has begun, waits for."""
        self._coro, self._waiting, self._strand = coro, waiting, strand
        self._context, self._grace = context, grace
        self._given_up = False
        self._timer: asyncio.TimerHandle | None = None
        self._wake: asyncio.Future[None] | None = None
        self.cancelled_itself = strand.foreign_cancels() > 0
        """Whether the coroutine has cancelled the task that it ran in."""
        self.resumed = 0.0
        """When, by `time.monotonic`, it last went on."""

    def __await__(self) -> Generator[Any, Any, Ended]:
        """Run it in the current task, which has to be the strand's."""
        run, strand, coro = self._context.run, self._strand, self._coro
        while True:
            if self._ends_when_cancelled(self._waiting):
                error = None
                try:
                    yield self._waiting
                except GeneratorExit:
                    raise
                except BaseException as raised:  # noqa: BLE001 - a future's error is the agent's
                    self._note_interrupt()
                    error = raised
            else:
                error = yield from self._awaited(self._waiting)
            if self._given_up:
                return self._end(self._left_behind(error))
            foreign, self.resumed = strand.foreign_cancels(), monotonic()
            try:
                if error is None:
                    self._waiting = run(coro.send, None)
                else:
                    self._waiting = run(coro.throw, error)
            except StopIteration as stop:
                return self._end(Ended(stop.value))
            except BaseException as raised:  # noqa: BLE001 - all of it is the guard's to judge
                return self._end(Ended(error=raised))
            finally:
                self.cancelled_itself |= strand.foreign_cancels() > foreign

    def _awaited(self, waiting: Any) -> Generator[Any, Any, BaseException | None]:
        """Wait for what the coroutine waits for; what it returns is to be thrown into it."""
        waiting.add_done_callback(self._woken)
        while not waiting.done() and not self._given_up:
            self._wake = asyncio.get_running_loop().create_future()
            try:
                yield from self._wake
            except asyncio.CancelledError as error:
                self._note_interrupt()
                # As a task: what it waits for is cancelled with the same words (some libraries know
                # their own cancellations by them), and says how that ended.
                if not waiting.cancel(*error.args[:1]):
                    return error
        return None

    def _ends_when_cancelled(self, waiting: Any) -> bool:
        """Whether the task itself may wait for it.

        A bare yield and a plain future end when the task is cancelled; a task, say, may ignore it.
        Of what is no future the task complains.
        """
        if waiting.__class__ is asyncio.Future:
            return self._timer is None
        return waiting is None or not asyncio.isfuture(waiting)

    def _woken(self, _: object = None) -> None:
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)

    def _note_interrupt(self) -> None:
        if self._strand.interrupts and self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(self._grace, self._give_up)

    def _give_up(self) -> None:
        self._given_up = True
        self._woken()

    def _end(self, ended: Ended) -> Ended:
        self._strand.is_calling = False
        if self._timer is not None:
            self._timer.cancel()
        return ended

    def _left_behind(self, error: BaseException | None) -> Ended:
        self._strand.is_calling = False
        self._context.run(STRAND.set, None)
        rest = _unheard(_Rest(self._coro, self._context, self._waiting, error))
        loop = asyncio.get_running_loop()
        return Ended(left_behind=loop.create_task(rest, name="agentflow: left behind"))


class _Rest:
    """The rest of a coroutine that waits for something, awaited by another task."""

    def __init__(
        self,
        coro: Coroutine[Any, Any, Any],
        context: Context,
        waiting: Any,
        error: BaseException | None,
    ) -> None:
        self._coro, self._context, self._waiting, self._error = coro, context, waiting, error

    def __await__(self) -> Generator[Any, Any, Any]:
        error, waiting, run = self._error, self._waiting, self._context.run
        while True:
            if error is None:
                error = yield from _interruptible(waiting)
            try:
                if error is None:
                    waiting = run(self._coro.send, None)
                else:
                    waiting = run(self._coro.throw, error)
            except StopIteration as stop:
                return stop.value
            error = None


def _interruptible(waiting: Any) -> Generator[Any, Any, BaseException | None]:
    try:
        yield waiting
    except (asyncio.CancelledError, RuntimeError) as error:
        return error
    return None


async def _unheard(rest: _Rest) -> None:
    try:
        await rest
    except BaseException as error:  # noqa: BLE001 - its step has long ended with an error
        _LOG.info("what an agent left running ended with %s: %s", type(error).__name__, error)
