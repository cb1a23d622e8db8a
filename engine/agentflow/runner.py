"""Runner: takes events, dispatches them through a flow, and yields the trace."""

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from agentflow.agents.base import AgentCall, AgentHandler, AgentSetup, FlowOutcome
from agentflow.callbacks import Callback, CallbackRegistry, HookPoint
from agentflow.catalogue import Catalogue
from agentflow.concurrency.deadlines import Deadlines
from agentflow.concurrency.offspring import TaskWatch
from agentflow.concurrency.strand import Strand
from agentflow.errors import DuplicateAgentError, FlowCheckError, SetupError
from agentflow.event import Event
from agentflow.flow.check import check
from agentflow.flow.flow import Flow
from agentflow.flow.load import load
from agentflow.gate import Gate
from agentflow.inner_flow import kept_inside, listeners_inside
from agentflow.keeping import Keeper, RunToResume
from agentflow.models.lent import LentModels
from agentflow.pools import Resource
from agentflow.recorder import Recorder
from agentflow.run import Run, Terms
from agentflow.running.adapt import adapt
from agentflow.running.breaker import Breaker, retold
from agentflow.running.chain import Targets
from agentflow.running.closing import close_all
from agentflow.running.compile import compile_flow
from agentflow.running.dispatch import EventDispatch
from agentflow.running.handle import RunHandle
from agentflow.running.outcome import RunOutcome
from agentflow.running.queue import EVENTS_AT_ONCE, RunQueue
from agentflow.running.remembering import memory_for
from agentflow.running.stub import with_stubs
from agentflow.trace import Listener

if TYPE_CHECKING:
    from agentflow.memory.session import Memory

__all__ = ["EVENTS_AT_ONCE", "RunHandle", "RunOutcome", "Runner"]


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
        self._queue = RunQueue(self._new_run, queue_size)
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
        pools: Mapping[str, Resource | Sequence[Any]] | None = None,
        memory: "Memory | None" = None,
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
            pools: what the flow's pools lend, by name: the things themselves, or a Resource.
            memory: what its agents remember with, instead of what the flow's `[memory]` says.

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
        setup = setup or _setup_of_this_process()
        if pools is not None:
            setup = replace(setup, pools=dict(pools))
        if memory is not None:
            setup = replace(setup, memory=memory)
        runner = cls(flow, catalogue, setup, gate=gate, queue_size=queue_size)
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
        if self._queue.is_open:
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
        """Tell it every entry of every run that begins from now on; what is returned ends that.

        One that has a method `inside(run_id, path, flow)` gives another one by it for a flow that
        is run by the step of that run at that path.
        """
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
        return self._queue.is_open

    async def start(self) -> None:
        """Build the agents and take events from now on. Nothing happens when it is started already.

        Raises:
            MissingSecretError: the environment lacks something that the flow asks for.
            SetupError: an agent cannot be built.
        """
        if self._queue.is_open:
            return
        try:
            self._memory = memory_for(self._flow, self._setup, self._setup.environ)
            setup = replace(self._setup, run_flow=self._run_flow, memory=self._memory)
            targets, self._breakers = Targets(), dict[str, Breaker]()
            root = compile_flow(
                self._flow, self._catalogue, setup, self._handlers, targets, self._breakers
            )
        except BaseException:
            await close_all(self._setup)
            raise
        self._terms, self._steps = self._new_terms(), targets
        self._open.push_async_callback(close_all, self._setup)
        self._open.callback(TaskWatch.on(asyncio.get_running_loop()).off)
        self._open.callback(self._terms.deadlines.close)
        timeout = self._flow.settings.timeout
        seconds = None if timeout is None else timeout.total_seconds()
        self._queue.open(EventDispatch(self._flow.name, root, seconds, targets.alone))

    async def stop(self) -> None:
        """Cancel all runs, wait for them, and close what the agents have opened.

        Nothing happens when it is not started. It may be started again.
        """
        async with self._stopping:
            if not self._queue.is_open:
                return
            await self._queue.close()
            await self._open.aclose()

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

    async def run(self, event: Event, *, at: str = "") -> RunOutcome:
        """Dispatch one event and wait for what comes of it; to cancel this is to cancel the run.

        A runner that is not started is started for it, and stopped afterwards.

        Args:
            event: what the run is for.
            at: the orchestrator or agent that alone is to run; "" for the whole flow.

        Raises:
            SetupError: the flow has no such step, or the event's data is not JSON.
        """
        if at and self.is_started:
            event = self._steps.sent_to(at, event)
        queue = self._queue
        place = queue.entered()
        if place is None:
            return await self._run_in_turn(event, at)
        try:
            coming = queue.outcome(event, place)
            outcome = coming if isinstance(coming, RunOutcome) else await coming
        finally:
            queue.leave(place)
        strand = place[0]
        if strand.task.cancelling():
            await strand.release()
        return outcome

    async def _run_in_turn(self, event: Event, at: str) -> RunOutcome:
        """Wait for a place, or for the runner to be started."""
        if self.is_started:
            return await (await self.emit(event)).outcome_or_cancel()
        async with self:
            return await self.run(event, at=at)

    def _new_terms(self) -> Terms:
        settings = self._flow.settings
        return Terms(
            hooks=self._callbacks,
            gate=self._gate,
            deadlines=Deadlines(self._gate.held_seconds if self._gate else None),
            left_behind=self._queue.left_behind,
            max_concurrency=settings.max_concurrency,
            failure_threshold=settings.failure_threshold,
            max_hops=settings.max_hops,
        )

    def _new_run(
        self, event: Event, strand: Strand, resumed: RunToResume | None, run_id: str
    ) -> Run:
        if resumed is not None:
            recorder, keeping = resumed.recorder(self._listeners), resumed.keeping
            return Run(event, recorder, strand, self._terms, keeping)
        recorder = Recorder(run_id, self._listeners)
        if self._keeper is not None:
            recorder.keep(self._keeper.sink)
        return Run(event, recorder, strand, self._terms, self._keeper)

    async def _run_flow(
        self, file: Path, event: Event, call: AgentCall, listener: Listener
    ) -> FlowOutcome:
        """Run another flow for an agent of this one, with what this one was given."""
        setup = replace(
            self._setup,
            models=LentModels(self._setup.models),
            memory=self._memory,
            folder=file.parent,
            depth=self._setup.depth + 1,
            shared={},
            on_close=[],
        )
        opened = load(file, self._catalogue)
        kept = None if self._keeper is None else kept_inside(self._keeper, opened, event, call)
        if kept is not None and kept.ended is not None:
            return kept.ended
        inner = type(self).from_flow(opened.flow, catalogue=self._catalogue, setup=setup)
        if kept is not None:
            inner.keep(kept.keeper)
        resumed = None if kept is None else kept.resumed
        for it in (listener, *listeners_inside(self._listeners, opened.flow, call, resumed)):
            inner.subscribe(it)
        async with inner:
            # In a task of its own, which can be stopped.
            begun = inner.emit(event) if resumed is None else inner.resume(resumed)
            return await (await begun).outcome_or_cancel()

    async def emit(self, event: Event, *, at: str = "") -> RunHandle:
        """Queue an event; waits while the queue is full, except for agents and callbacks of a run.

        What they emit would otherwise wait for a place that only their own end can make free.

        Args:
            event: what a run is wanted for.
            at: the orchestrator or agent that alone is to run; "" for the whole flow.

        Raises:
            SetupError: the runner is not started, the flow has no such step, or the event's data
                is not JSON.
        """
        if at and self.is_started:
            event = self._steps.sent_to(at, event)
        return await self._queue.take(event)

    async def resume(self, run: RunToResume) -> RunHandle:
        """Go on with a run that was broken off: no agent is called again that had ended.

        Raises:
            SetupError: the runner is not started.
        """
        if self.is_started:
            retold(self._breakers, run.entries)
        return await self._queue.take(run.event, run)


def _setup_of_this_process() -> AgentSetup:
    # Clients of models are heavy to import, and whoever hands in a setup may have others.
    from agentflow.models.open import open_models  # noqa: PLC0415

    return AgentSetup(models=open_models(os.environ), environ=os.environ)
