"""Runner: takes events, dispatches them through a flow, and yields the trace."""

import asyncio
import os
from collections import deque
from collections.abc import AsyncGenerator, Callable, Collection, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from contextvars import ContextVar, copy_context
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from agentflow.agents.base import AgentHandler, AgentSetup
from agentflow.callbacks import Callback, CallbackRegistry, HookPoint
from agentflow.catalogue import Catalogue
from agentflow.concurrency.deadlines import Deadlines
from agentflow.concurrency.offspring import TaskWatch
from agentflow.concurrency.permits import Permits
from agentflow.concurrency.strand import STRAND, Strand
from agentflow.errors import DuplicateAgentError, FlowCheckError, SetupError
from agentflow.event import Event
from agentflow.flow.check import check
from agentflow.flow.flow import Flow
from agentflow.flow.load import load
from agentflow.gate import Gate
from agentflow.keeping import Keeper, Keeping, RunToResume
from agentflow.models.lent import LentModels
from agentflow.recorder import Recorder
from agentflow.run import Run
from agentflow.running.adapt import adapt
from agentflow.running.closing import close_all
from agentflow.running.compile import compile_flow
from agentflow.running.dispatch import EventDispatch
from agentflow.running.handle import RunHandle, first_state, new_run_id
from agentflow.running.outcome import RunOutcome
from agentflow.running.stub import with_stubs
from agentflow.trace import Listener

__all__ = ["EVENTS_AT_ONCE", "RunHandle", "RunOutcome", "Runner"]

EVENTS_AT_ONCE = 16
"""How many events of a runner are dispatched at the same time; the others wait in its queue."""

_INSIDE: ContextVar["Runner | None"] = ContextVar("agentflow_runner", default=None)


class Runner:
    """Runs a flow, event by event. Made by `from_flow`; `async with` starts and stops it."""

    def __init__(
        self,
        flow: Flow,
        catalogue: Catalogue,
        setup: AgentSetup,
        *,
        gate: Gate | None = None,
        queue_size: int = 100,
    ) -> None:
        self._flow, self._catalogue, self._setup, self._gate = flow, catalogue, setup, gate
        self._handlers: dict[str, AgentHandler] = {}
        self._callbacks = CallbackRegistry()
        self._listeners: tuple[Listener, ...] = ()
        self._keeper: Keeper | None = None
        self._queue: deque[RunHandle] = deque()
        self._space = Permits(queue_size)
        self._slots = Permits(EVENTS_AT_ONCE)
        self._running: dict[asyncio.Task[None], RunHandle] = {}
        self._here: dict[Strand, asyncio.Future[None] | None] = {}
        self._left_behind: set[asyncio.Task[None]] = set()
        self._dispatch: EventDispatch | None = None
        self._open = AsyncExitStack()
        self._stopping = asyncio.Lock()

    @classmethod
    def from_flow(
        cls,
        flow: Flow,
        *,
        catalogue: Catalogue | None = None,
        agents: Mapping[str, Any] | None = None,
        setup: AgentSetup | None = None,
        gate: Gate | None = None,
        queue_size: int = 100,
        stub_missing: bool = False,
    ) -> Self:
        """A runner for a flow, not started yet.

        Args:
            flow: what to run.
            catalogue: the modes and agent types that there are; None for what is installed.
            agents: agents by name: f(state) or f(state, event), sync or async, or an object with a
                method run(event, state). They go before what the flow defines.
            setup: what agents are built with; None for this process's environment.
            gate: holds the steps of all runs; None for runs that nobody controls.
            queue_size: how many events may wait before `emit` waits, too.
            stub_missing: let agents that nobody defined answer with their own name.

        Raises:
            FlowCheckError: the flow has problems of severity error.
            SetupError: something in `agents` is no agent.
        """
        catalogue = catalogue or Catalogue.installed()
        given = {name: adapt(name, agent) for name, agent in (agents or {}).items()}
        if stub_missing:
            flow = with_stubs(flow, catalogue, given)
        errors = [it for it in check(flow, catalogue, registered=given) if it.severity == "error"]
        if errors:
            raise FlowCheckError(errors)
        runner = cls(
            flow, catalogue, setup or _setup_of_this_process(), gate=gate, queue_size=queue_size
        )
        runner._handlers.update(given)
        return runner

    def register_agent(self, name: str, agent: Any) -> None:
        """Add an agent, in one of the forms that `from_flow` takes, before the runner is started.

        Raises:
            DuplicateAgentError: an agent of this name was registered already.
            SetupError: it is no agent, or the runner has been started.
        """
        if name in self._handlers:
            raise DuplicateAgentError(name)
        if self._dispatch is not None:
            raise SetupError(f"{name}: the runner has been started; register agents before that")
        self._handlers[name] = adapt(name, agent)

    def register_callback(self, hook: HookPoint, name: str, callback: Callback) -> None:
        """Call a function at a hook point, after those that are registered there.

        Raises:
            SetupError: a callback of this name is registered there already.
        """
        self._callbacks.register(hook, name, callback)

    def unregister_callback(self, hook: HookPoint, name: str) -> None:
        """Do not call it any more."""
        self._callbacks.unregister(hook, name)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Tell it every entry of every run that begins from now on; what is returned ends that."""
        self._listeners = (*self._listeners, listener)

        def unsubscribe() -> None:
            self._listeners = tuple(it for it in self._listeners if it is not listener)

        return unsubscribe

    def keep(self, keeper: Keeper) -> None:
        """Let a journal keep every run that begins from now on, so that it can be resumed."""
        self._keeper = keeper

    @property
    def is_started(self) -> bool:
        """Whether it takes events."""
        return self._dispatch is not None

    async def start(self) -> None:
        """Build the agents and take events from now on. Nothing happens when it is started already.

        Raises:
            MissingSecretError: the environment lacks something that the flow asks for.
            SetupError: an agent cannot be built.
        """
        if self._dispatch is not None:
            return
        try:
            setup = replace(self._setup, run_flow=self._run_flow)
            root = compile_flow(self._flow, self._catalogue, setup, self._handlers)
        except BaseException:
            await close_all(self._setup)
            raise
        self._deadlines = Deadlines(self._gate.held_seconds if self._gate else None)
        self._open.push_async_callback(close_all, self._setup)
        self._open.callback(TaskWatch.on(asyncio.get_running_loop()).off)
        self._open.callback(self._deadlines.close)
        timeout = self._flow.settings.timeout
        seconds = None if timeout is None else timeout.total_seconds()
        self._dispatch = EventDispatch(self._flow.name, root, seconds)

    async def stop(self) -> None:
        """Cancel all runs, wait for them, and close what the agents have opened.

        Nothing happens when it is not started. It may be started again.
        """
        async with self._stopping:
            if self._dispatch is None:
                return
            dispatch, self._dispatch = self._dispatch, None
            for handle in (*self._queue, *self._running.values()):
                handle.cancel()
            for strand in self._here:
                self._here[strand] = asyncio.get_running_loop().create_future()
                strand.interrupt("the run was stopped")
            while self._queue:
                self._slots.take_anyway()
                self._begin(self._queue.popleft(), dispatch)
            await self._all_ended()
            await _told_again(self._left_behind)
            await self._open.aclose()

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

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        await self.stop()

    async def run(self, event: Event) -> RunOutcome:
        """Dispatch one event and wait for what comes of it; to cancel this is to cancel the run.

        A runner that is not started is started for it, and stopped afterwards.
        """
        if not self.is_started:
            async with self:
                return await self.run(event)
        if self._has_place_here():
            return await self._run_here(event)
        handle = await self.emit(event)
        try:
            return await handle.outcome()
        except asyncio.CancelledError:
            handle.cancel()
            await handle.outcome()
            raise

    def _has_place_here(self) -> bool:
        """Take a place for a run in the caller's task, if one is free.

        A task of its own would cost more than a small run. A run that waits for another one does
        not get one: it would keep two places.
        """
        return not self._queue and _INSIDE.get() is not self and self._slots.take()

    async def _run_here(self, event: Event) -> RunOutcome:
        task, dispatch = asyncio.current_task(), self._dispatch
        assert task is not None
        assert dispatch is not None
        strand = Strand(task)
        inside, around = _INSIDE.set(self), STRAND.set(strand)
        self._here[strand] = None
        try:
            run = self._new_run(event, strand, self._recorder(new_run_id()), self._keeper)
            outcome = await dispatch.outcome(run, first_state(event))
        finally:
            ended = self._here.pop(strand)
            STRAND.reset(around)
            _INSIDE.reset(inside)
            self._slots.give_back()
            self._begin_what_may()
            if ended is not None:
                ended.set_result(None)
        if task.cancelling():
            await strand.release()
        return outcome

    def _recorder(self, run_id: str) -> Recorder:
        recorder = Recorder(run_id, self._listeners)
        if self._keeper is not None:
            recorder.keep(self._keeper.sink)
        return recorder

    def _new_run(
        self, event: Event, strand: Strand, recorder: Recorder, keeping: Keeping | None
    ) -> Run:
        settings = self._flow.settings
        return Run(
            event=event,
            recorder=recorder,
            hooks=self._callbacks,
            gate=self._gate,
            deadlines=self._deadlines,
            strand=strand,
            left_behind=self._left_behind,
            permits=Permits(settings.max_concurrency),
            failure_threshold=settings.failure_threshold,
            max_hops=settings.max_hops,
            keeping=keeping,
        )

    async def _run_flow(self, file: Path, event: Event, listener: Listener) -> RunOutcome:
        """Run another flow for an agent of this one, with what this one was given."""
        setup = replace(
            self._setup,
            models=LentModels(self._setup.models),
            folder=file.parent,
            depth=self._setup.depth + 1,
            shared={},
            on_close=[],
        )
        flow = load(file, self._catalogue).flow
        inner = type(self).from_flow(flow, catalogue=self._catalogue, setup=setup)
        inner.subscribe(listener)
        async with inner:
            handle = await inner.emit(event)  # in a task of its own, which can be stopped
            try:
                return await handle.outcome()
            except asyncio.CancelledError:
                handle.cancel()
                await handle.outcome()
                raise

    async def emit(self, event: Event) -> RunHandle:
        """Queue an event; waits while the queue is full, except for agents and callbacks of a run.

        What they emit would otherwise wait for a place that only their own end can make free.

        Raises:
            SetupError: the runner is not started, or the event's data is not JSON.
        """
        return await self._taken(RunHandle(event, self._waited_for))

    async def resume(self, run: RunToResume) -> RunHandle:
        """Go on with a run that was broken off: no agent is called again that had ended.

        Raises:
            SetupError: the runner is not started.
        """
        return await self._taken(RunHandle(run.event, self._waited_for, run))

    async def _taken(self, handle: RunHandle) -> RunHandle:
        if _INSIDE.get() is self:
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
        strand, resumed = Strand(), handle.resumed
        if resumed is None:
            recorder, keeping = self._recorder(handle.run_id), self._keeper
        else:
            recorder, keeping = resumed.recorder(self._listeners), resumed.keeping
        run = self._new_run(handle.event, strand, recorder, keeping)
        context = copy_context()
        context.run(_INSIDE.set, self)
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
            handle.end(await dispatch.outcome(run, handle.state))
        except BaseException as bug:
            handle.end(None, bug)
            raise
        finally:
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
        if _INSIDE.get() is not self:
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


def _setup_of_this_process() -> AgentSetup:
    # Clients of models are heavy to import, and whoever hands in a setup may have others.
    from agentflow.models.open import open_models  # noqa: PLC0415

    return AgentSetup(models=open_models(os.environ), environ=os.environ)


async def _told_again(left_behind: Collection["asyncio.Task[None]"]) -> None:
    """Cancel agents that ignored it once more; some hear it the second time."""
    for task in left_behind:
        task.cancel()
    if left_behind:
        await asyncio.wait(tuple(left_behind), timeout=0.1)
