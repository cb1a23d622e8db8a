"""Offspring: the tasks that an agent's call has started, so that none outlives it."""

import asyncio
from collections.abc import Coroutine
from contextvars import Context
from typing import Any

from agentflow.concurrency.strand import STRAND, Strand
from agentflow.error_text import error_text, kind_name

__all__ = ["ExitedError", "TaskWatch", "stop_offspring"]


class ExitedError(Exception):
    """A task that an agent started raised what would have ended the whole program."""


def stop_offspring(strand: Strand) -> "set[asyncio.Task[Any]]":
    """Cancel what the agent that was called last has left; what is told to end, to be waited for.

    Its tasks are known only while a TaskWatch is on the loop. A task that is meant to outlive the
    call (a connection pool's, say) is started in a context of its own:
    `asyncio.create_task(..., context=contextvars.Context())`.
    """
    left = {task for task in strand.offspring or () if not task.done()}
    strand.offspring = None
    for task in left:
        task.add_done_callback(_no_complaint)
        task.cancel()
    return left


def _no_complaint(task: "asyncio.Task[Any]") -> None:
    # Nobody will ask how a stopped task ended; asyncio would complain that nobody did.
    if not task.cancelled():
        task.exception()


class TaskWatch:
    """A loop's task factory that tells the strand of each agent's call of the call's tasks.

    Several runners on one loop share one: it leaves the loop with the last of them.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._before: Any = loop.get_task_factory()
        self._users = 0

    @classmethod
    def on(cls, loop: asyncio.AbstractEventLoop) -> "TaskWatch":
        """The loop's watch; there is one afterwards if there was none."""
        found: Any = loop.get_task_factory()
        watch = found if isinstance(found, cls) else cls(loop)
        if watch is not found:
            factory: Any = watch  # the type of a factory knows no keyword arguments yet
            loop.set_task_factory(factory)
        watch._users += 1
        return watch

    def off(self) -> None:
        """One user less. A factory that somebody set on top of it since then is left alone."""
        self._users -= 1
        factory: Any = self._loop.get_task_factory()
        if self._users == 0 and factory is self:
            self._loop.set_task_factory(self._before)

    def __call__(
        self, loop: asyncio.AbstractEventLoop, coro: Coroutine[Any, Any, Any], **options: Any
    ) -> "asyncio.Task[Any]":
        """Make a task, as the factory before would have."""
        context: Context | None = options.get("context")
        strand = STRAND.get() if context is None else context.get(STRAND)
        if strand is None or not strand.is_calling:
            return self._made(coro, options)
        task = self._made(_contained(coro), options)
        # A task that is cancelled before it begins never gets to what it contains.
        task.add_done_callback(lambda _: coro.close())
        offspring = strand.offspring = strand.offspring or set()
        offspring.add(task)
        task.add_done_callback(offspring.discard)
        return task

    def _made(self, coro: Coroutine[Any, Any, Any], options: dict[str, Any]) -> "asyncio.Task[Any]":
        if self._before is None:
            return asyncio.Task(coro, loop=self._loop, **options)
        return self._before(self._loop, coro, **options)


async def _contained(coro: Coroutine[Any, Any, Any]) -> Any:
    """Await it; asyncio would let these two exceptions of a task out of the loop itself."""
    try:
        return await coro
    except (SystemExit, KeyboardInterrupt) as error:
        raise ExitedError(
            f"a task of its own raised {kind_name(error)}: {error_text(error)}"
        ) from error
