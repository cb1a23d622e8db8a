"""RunQueue: takes events in a bounded queue, and has so many of them dispatched at once."""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from contextvars import Token, copy_context
from typing import Any

from agentflow.concurrency.permits import Permits
from agentflow.concurrency.strand import STRAND, Strand
from agentflow.errors import SetupError
from agentflow.event import Event
from agentflow.keeping import RunToResume
from agentflow.run import Run
from agentflow.running.dispatch import EventDispatch
from agentflow.running.handle import RunHandle, first_state
from agentflow.running.outcome import RunOutcome

__all__ = ["EVENTS_AT_ONCE", "RunQueue"]

_LOG = logging.getLogger(__name__)

EVENTS_AT_ONCE = 16
"""How many events of a runner are dispatched at the same time; the others wait in its queue."""

Place = tuple[Strand, "Token[Strand | None]", EventDispatch]
"""Where a run goes its way in its caller's own task."""

NewRun = Callable[[Event, Strand, RunToResume | None, str], Run]
"""(event, strand, what it goes on with, its id or "") → a run that has not begun."""


class RunQueue:
    """The events of one runner, on their way. Closed until `open` says how they are dispatched."""

    def __init__(self, new_run: NewRun, size: int) -> None:
        """`size` is how many events may wait before whoever brings one waits, too."""
        self._new_run = new_run
        self._queue: deque[RunHandle] = deque()
        self._space = Permits(size)
        self._slots = Permits(EVENTS_AT_ONCE)
        self._running: dict[asyncio.Task[None], RunHandle] = {}
        self._here: dict[Strand, asyncio.Future[None] | None] = {}
        self._dispatch: EventDispatch | None = None
        self.left_behind: set[asyncio.Task[None]] = set()
        """Agents that ignored their cancellation."""

    @property
    def is_open(self) -> bool:
        """Whether it takes events."""
        return self._dispatch is not None

    def open(self, dispatch: EventDispatch) -> None:
        """Take events from now on."""
        self._dispatch = dispatch

    async def close(self) -> None:
        """Take no more events; cancel all runs, and wait for them."""
        dispatch, self._dispatch = self._dispatch, None
        for handle in (*self._queue, *self._running.values()):
            handle.cancel()
        for strand in self._here:
            self._here[strand] = asyncio.get_running_loop().create_future()
            strand.interrupt("the run was stopped")
        while self._queue and dispatch is not None:
            self._slots.take_anyway()
            self._begin(self._queue.popleft(), dispatch)
        await self._all_ended()
        await _told_again(self.left_behind)

    def entered(self) -> "Place | None":
        """A place for a run in the caller's own task; None where that has to wait for its turn.

        A task of its own would cost more than a small run. A run that waits for another one does
        not get that: it would keep two places.
        """
        dispatch, around = self._dispatch, STRAND.get()
        if dispatch is None or self._queue or (around is not None and around.owner is self):
            return None
        if not self._slots.take():
            return None
        task: Any = asyncio.current_task()
        strand = Strand(task, self)
        self._here[strand] = None
        return strand, STRAND.set(strand), dispatch

    def outcome(self, event: Event, place: "Place") -> RunOutcome | Awaitable[RunOutcome]:
        """Dispatch an event at a place that was entered.

        Raises:
            SetupError: the event's data is not JSON.
        """
        strand, _, dispatch = place
        state = first_state(event)
        return dispatch.outcome(self._new_run(event, strand, None, ""), state)

    def leave(self, place: "Place") -> None:
        """The run at that place has ended."""
        strand, around, _ = place
        if strand.deadline is not None:
            strand.forget_deadline()
        ended = self._here.pop(strand)
        STRAND.reset(around)
        self._slots.give_back()
        if self._queue:
            self._begin_what_may()
        if ended is not None:
            ended.set_result(None)

    def _is_around_here(self) -> bool:
        """Whether the code that runs here is part of one of these runs."""
        strand = STRAND.get()
        return strand is not None and strand.owner is self

    async def take(self, event: Event, resumed: RunToResume | None = None) -> RunHandle:
        """Queue an event; waits while the queue is full, except for agents and callbacks of a run.

        What they bring would otherwise wait for a place that only their own end can make free.

        Raises:
            SetupError: it is closed, or the event's data is not JSON.
        """
        handle = RunHandle(event, self._waited_for, resumed)
        if self._is_around_here():
            self._space.take_anyway()
        else:
            await self._space.taken()
        if self._dispatch is None:
            self._space.give_back()
            raise SetupError("runner: it is not started; use `async with`, or call start()")
        self._queue.append(handle)
        self._begin_what_may()
        return handle

    def _begin_what_may(self) -> None:
        while self._dispatch is not None and self._queue and self._slots.take():
            self._begin(self._queue.popleft(), self._dispatch)

    def _begin(self, handle: RunHandle, dispatch: EventDispatch) -> None:
        self._space.give_back()
        strand = Strand(owner=self)
        run = self._new_run(handle.event, strand, handle.resumed, handle.run_id)
        context = copy_context()
        context.run(STRAND.set, strand)
        strand.task = asyncio.get_running_loop().create_task(
            self._dispatched(handle, run, dispatch), name="agentflow: run", context=context
        )
        self._running[strand.task] = handle
        strand.task.add_done_callback(self._ended)

    @staticmethod
    async def _dispatched(handle: RunHandle, run: Run, dispatch: EventDispatch) -> None:
        handle.begin(run.strand)
        try:
            coming = dispatch.outcome(run, handle.state.apart())
            handle.end(coming if isinstance(coming, RunOutcome) else await coming)
        except BaseException as bug:
            handle.end(None, bug)
            raise
        finally:
            run.strand.forget_deadline()
            STRAND.set(None)  # a circle of task, context and strand is work for the collector

    def _ended(self, task: "asyncio.Task[None]") -> None:
        handle = self._running.pop(task)
        if not task.cancelled():
            task.exception()  # whoever waits for the outcome gets it
        elif not handle.has_ended:
            handle.end(None, asyncio.CancelledError())
        self._slots.give_back()
        self._begin_what_may()

    @asynccontextmanager
    async def _waited_for(self) -> AsyncGenerator[None, None]:
        """A run that waits for another run lends it its place, lest they all wait for a place."""
        if not self._is_around_here():
            yield
            return
        self._slots.give_back()
        self._begin_what_may()
        try:
            yield
        finally:
            try:
                await self._slots.taken()
            except asyncio.CancelledError:
                self._slots.take_anyway()
                raise

    async def _all_ended(self) -> None:
        """Wait for the runs, however often the wait itself is interrupted."""
        interrupted: asyncio.CancelledError | None = None
        while waited := {*self._running, *filter(None, self._here.values())}:
            try:
                await asyncio.wait(waited)
                await asyncio.sleep(0)
            except asyncio.CancelledError as error:
                interrupted = error
        if interrupted is not None:
            raise interrupted


async def _told_again(left_behind: Collection["asyncio.Task[None]"]) -> None:
    """Cancel agents that ignored it once more; some hear it the second time."""
    for task in left_behind:
        task.cancel()
    if left_behind:
        _, deaf = await asyncio.wait(tuple(left_behind), timeout=0.1)
        if deaf:
            _LOG.warning("%d agents go on although they were told twice to stop", len(deaf))
