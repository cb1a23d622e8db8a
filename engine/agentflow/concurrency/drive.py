"""Drive: runs an agent's coroutine inside the task of its step, and can leave it behind.

A task for each call would cost more than the rest of a step together. Awaiting the coroutine
would cost nothing, but a coroutine that swallows its cancellation could hold the step, the run and
whoever stops it for ever. So its steps are driven by hand, as a task would drive them; the one
thing that is different is that the drive ends when its time is up, and the coroutine ends, if ever,
in a task of its own.
"""

import asyncio
import logging
from asyncio import Future, isfuture
from collections.abc import Awaitable, Generator
from contextvars import Context
from time import monotonic
from types import coroutine
from typing import Any, NamedTuple

from agentflow.concurrency.stage import Stage
from agentflow.concurrency.strand import BREATH, STRAND, Strand
from agentflow.error_text import error_text, kind_name

__all__ = ["Ended", "LeftBehindError", "driven"]

_LOG = logging.getLogger(__name__)


class LeftBehindError(asyncio.CancelledError):
    """The cancellation of something that did not end for it; the text says why."""


class Ended(NamedTuple):
    """How a coroutine ended."""

    value: Any = None
    """What it returned."""
    error: BaseException | None = None
    """What it raised, whatever that was."""
    own_doing: bool = False
    """Whether it has cancelled the task that it ran in."""
    left_behind: "asyncio.Task[None] | None" = None
    """It did not end: it ignored its cancellation and goes on in this task."""


@coroutine
def driven(  # noqa: C901 - a generator more would cost every turn of every agent
    stage: Stage,
    waiting: Any,
    strand: Strand,
    context: Context,
    grace: float,
    failed: BaseException | None = None,
) -> Generator[Any, Any, Ended | None]:
    """Run a coroutine that has begun to its end, in the strand's task; it raises nothing of it.

    Args:
        stage: where it runs.
        waiting: what it waits for.
        strand: that of the current task. Once it is interrupted, the coroutine has `grace` left.
        context: the coroutine's own.
        grace: seconds.
        failed: what `waiting` has raised already.

    Returns:
        How it ended; None where it returned, nothing is being cancelled, and so no more is to be
        said. What it returned is told by its stage, which may be used again then.
    """
    task = strand.task
    end: _End | None = None
    own_doing = failed is None and task.cancelling() > 0 and strand.foreign_cancels() > 0
    while True:
        error, failed = failed, None
        if error is not None:
            pass  # it has been waited for
        elif (
            waiting is None
            or (waiting.__class__ is Future and (end is None or not end.is_near))
            or not isfuture(waiting)
        ):
            # It ends when the task is cancelled, so the task itself may wait for it.
            try:
                yield waiting
            except GeneratorExit:
                raise
            except BaseException as raised:  # noqa: BLE001 - a future's error is the agent's
                error = raised
        else:
            end = end or _End(strand, grace)
            error = yield from end.awaited(waiting, task)
        if error is not None and strand.interrupts:
            end = end or _End(strand, grace)
            end.note_interrupt()
        if end is not None and end.has_come:
            strand.is_calling = False
            return Ended(left_behind=_left_behind(stage, context, waiting, error))
        strand.resumed, before = monotonic(), task.cancelling()
        before = before and before - strand.interrupts
        raised = None
        try:
            go_on = context.run
            waiting = go_on(stage.send, None) if error is None else go_on(stage.throw, error)
        except BaseException as broken:  # noqa: BLE001 - all of it is the guard's to judge
            raised = broken
        cancelling = task.cancelling()
        if cancelling and cancelling - strand.interrupts > before:
            own_doing = True
        if raised is not None or waiting is stage.ended:
            strand.is_calling = False
            strand.breath_due = strand.resumed + BREATH  # the loop had its turn
            if end is not None:
                end.put_off()
            if raised is None and not cancelling and not strand.interrupts:
                return None
            return Ended(None if raised else stage.ended[0], raised, own_doing)


class _End:
    """When a drive whose strand is interrupted ends: once the time to clean up is over."""

    __slots__ = ("_grace", "_strand", "_timer", "_wake", "has_come", "is_near")

    def __init__(self, strand: Strand, grace: float) -> None:
        self._strand, self._grace = strand, grace
        self._timer: asyncio.TimerHandle | None = None
        self._wake: asyncio.Future[None] | None = None
        self.is_near = self.has_come = False

    def awaited(
        self, waiting: Any, task: "asyncio.Task[Any]"
    ) -> Generator[Any, Any, BaseException | None]:
        """Wait, in a task, for what need not end when that is cancelled, such as another task.

        What is returned is to be thrown into the coroutine that waits for it.
        """
        if waiting is task:
            return RuntimeError("Task cannot await on itself")
        try:
            return (yield from self._ended(waiting))
        except GeneratorExit:
            raise
        except BaseException as error:  # noqa: BLE001 - it is no future, and does what it likes
            return error

    def _ended(self, waiting: Any) -> Generator[Any, Any, BaseException | None]:
        waiting.add_done_callback(self._woken)
        while not waiting.done() and not self.has_come:
            self._wake = asyncio.get_running_loop().create_future()
            try:
                yield from self._wake
            except asyncio.CancelledError as error:
                self.note_interrupt()
                # As a task: what it waits for is cancelled with the same words (some libraries know
                # their own cancellations by them), and says how that ended.
                if not waiting.cancel(*error.args[:1]):
                    return error
        return None

    def note_interrupt(self) -> None:
        """If the strand has just been interrupted, the time begins."""
        if self._strand.interrupts and not self.is_near:
            loop, self.is_near = asyncio.get_running_loop(), True
            self._timer = loop.call_later(self._grace, self._come)

    def put_off(self) -> None:
        """The coroutine has ended by itself."""
        if self._timer is not None:
            self._timer.cancel()

    def _come(self) -> None:
        self.has_come = True
        self._woken()

    def _woken(self, _: object = None) -> None:
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)


def _left_behind(
    stage: Stage, context: Context, waiting: Any, error: BaseException | None
) -> "asyncio.Task[None]":
    context.run(STRAND.set, None)
    rest = _unheard(_rest(stage, context, waiting, error))
    return asyncio.get_running_loop().create_task(rest, name="agentflow: left behind")


@coroutine
def _rest(
    stage: Stage, context: Context, waiting: Any, error: BaseException | None
) -> Generator[Any, Any, None]:
    """The rest of a coroutine that waits for something, awaited by another task."""
    while waiting is not stage.ended:
        if error is None:
            error = yield from _interruptible(waiting)
        if error is None:
            waiting = context.run(stage.send, None)
        else:
            waiting = context.run(stage.throw, error)
        error = None


def _interruptible(waiting: Any) -> Generator[Any, Any, BaseException | None]:
    try:
        yield waiting
    except (asyncio.CancelledError, RuntimeError) as error:
        return error
    return None


async def _unheard(rest: Awaitable[None]) -> None:
    try:
        await rest
    except BaseException as error:  # noqa: BLE001 - its step has long ended with an error
        _LOG.info(
            "what an agent left running ended with %s: %s", kind_name(error), error_text(error)
        )
