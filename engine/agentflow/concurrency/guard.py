"""Guard: the one gate through which every agent's call goes.

Whatever the agent does, it ends as a value: it may raise anything at all, cancel the task that it
runs in, swallow its own cancellation, or leave tasks behind.
"""

import asyncio
from contextlib import suppress
from time import monotonic

from agentflow.concurrency.drive import Ended, LeftBehindError
from agentflow.concurrency.offspring import stop_offspring
from agentflow.concurrency.strand import Strand

__all__ = ["GRACE", "SelfCancelledError", "settled"]

GRACE = 0.5
"""How many seconds an agent has left to clean up once it is interrupted."""


class SelfCancelledError(Exception):
    """An agent cancelled the task that it ran in, or raised CancelledError, of its own accord."""


async def settled(
    ended: Ended,
    strand: Strand,
    left_behind: "set[asyncio.Task[None]]",
    grace: float = GRACE,
) -> Ended:
    """How a call ended, once nothing of it goes on, in the strand's task.

    There is nothing to be done where the agent has left no offspring on the strand, where the
    strand's task is not being cancelled, and where it did not raise CancelledError.

    Args:
        ended: how its coroutine ended.
        strand: the one of the current task.
        left_behind: gets the task of a coroutine that could not be stopped, until that ends.
        grace: the seconds that what it started has left.

    Raises:
        asyncio.CancelledError: the strand was interrupted, or its task cancelled by somebody else
            than the agent. What the agent returned, or raised, too late does not count.
        LeftBehindError: the same, and the agent did not end.
    """
    if strand.offspring:
        await _without_offspring(strand, grace)
    if strand.interrupts:
        await _interrupted(ended, left_behind)
    if strand.foreign_cancels() > 0 or isinstance(ended.error, asyncio.CancelledError):
        return await _cancelled(ended, strand)
    return ended


async def _without_offspring(strand: Strand, grace: float) -> None:
    """Wait until the tasks that it has started have ended, and what these start on their way."""
    end = monotonic() + grace
    strand.is_calling = True
    try:
        while (left := stop_offspring(strand)) and (rest := end - monotonic()) > 0:
            await asyncio.wait(left, timeout=rest)
    finally:
        strand.is_calling = False


async def _interrupted(ended: Ended, left_behind: "set[asyncio.Task[None]]") -> None:
    if ended.left_behind is not None:
        left_behind.add(ended.left_behind)
        ended.left_behind.add_done_callback(left_behind.discard)
        raise LeftBehindError("it ignored its cancellation and goes on unheard")
    if isinstance(ended.error, asyncio.CancelledError):
        raise ended.error
    await _let_a_pending_cancel_arrive()
    raise asyncio.CancelledError


async def _cancelled(ended: Ended, strand: Strand) -> Ended:
    own_doing = ended.own_doing
    from_outside = strand.foreign_cancels() > 0 and not own_doing
    if from_outside and isinstance(ended.error, asyncio.CancelledError):
        raise ended.error
    while strand.foreign_cancels() > 0:
        strand.task.uncancel()
    if own_doing:
        await _let_a_pending_cancel_arrive()
        if strand.interrupts:  # meanwhile; and a task hears of both as of one
            raise asyncio.CancelledError
    if isinstance(ended.error, asyncio.CancelledError):
        return Ended(error=SelfCancelledError("raised CancelledError by itself"))
    if own_doing and ended.error is None:
        return Ended(error=SelfCancelledError("cancelled the task that it ran in"))
    return ended


async def _let_a_pending_cancel_arrive() -> None:
    # A task that cancels itself hears of it only when it next waits; that shall be here.
    with suppress(asyncio.CancelledError):
        await asyncio.sleep(0)
