"""QuickStep: the way of most steps, of which a run may have millions.

An agent that is a function of the state, in a run that nobody holds, keeps or hooks into: its step
is one plain call. Whatever is not as usual goes the way of `AgentStep`, which says the same at its
leisure. What stands here in one function, and not in five, does so for speed.
"""

from asyncio import Future
from collections.abc import Generator
from contextvars import Context, copy_context
from copy import copy
from math import inf
from time import monotonic
from types import GeneratorType, coroutine
from typing import Any, cast

from agentflow.agents.base import StateFunction
from agentflow.concurrency.drive import Ended, driven
from agentflow.concurrency.guard import GRACE
from agentflow.concurrency.stage import Stage
from agentflow.concurrency.strand import BREATH
from agentflow.concurrency.waiting import can_wait
from agentflow.orchestrators.base import ChainRunner, Coming
from agentflow.run import Run
from agentflow.running.agent_call import AgentCaller, ReadyAgent
from agentflow.running.agent_step import AgentStep
from agentflow.running.chain import ChainStep, RestOfChain
from agentflow.state import State
from agentflow.trace import StepStarted, StepSucceeded

__all__ = ["quickest"]

_STARTED, _SUCCEEDED = StepStarted.__name__, StepSucceeded.__name__


def quickest(step: AgentStep, agent: ReadyAgent, segment: str) -> ChainStep:
    """The step of a chain that is run the quickest way that there is for its agent.

    Args:
        step: runs it in any case.
        agent: that of the step.
        segment: what the step's path ends with.
    """
    caller, handler, name = step.only_caller, agent.handler, agent.spec.name
    if caller is None or not isinstance(handler, StateFunction):
        return ChainStep(name, step.run)

    quick = _QuickStep(step, caller, handler, name, segment)
    return ChainStep(name, quick.run, alone=quick.alone)


class _QuickStep:
    """A use of an agent that is called once for a step, with nothing around the call."""

    __slots__ = (
        "_caller",
        "_can_wait",
        "_function",
        "_name",
        "_rest_of_chain",
        "_seconds",
        "_segment",
        "_step",
    )

    def __init__(
        self, step: AgentStep, caller: AgentCaller, handler: StateFunction, name: str, segment: str
    ) -> None:
        self._step, self._caller, self._function = step, caller, handler.function
        self._rest_of_chain: RestOfChain | None = None
        """That of the chain whose only step it is."""
        self._name, self._segment = name, segment
        self._can_wait = can_wait(handler.function)
        self._seconds = inf if caller.seconds is None else caller.seconds

    def alone(self, rest_of_chain: RestOfChain) -> ChainRunner:
        """What runs the chain whose only step it is."""
        only = copy(self)
        only._rest_of_chain = rest_of_chain
        return only.run_alone

    def run(self, run: Run, state: State, prefix: str) -> Coming:
        """Run it, at once where its agent does not wait; see `AgentStep.run`."""
        began, strand, terms, permits = run.now, run.strand, run.terms, run.permits
        if self._can_wait and not strand.may_wait:
            return self._run_later(run, state, prefix)
        if (
            run.is_watched
            or began > strand.breath_due
            or not terms.hooks.is_empty
            or permits.free <= 0
            or (permits.around is not None and not permits.are_free())
        ):
            return self._step.run(run, state, prefix)
        path, recorder = prefix + self._segment, run.recorder
        # Where nobody hears of the begin when it happens, it is told with the end.
        seq = recorder.is_heard and self._begun(run, path, began)
        stages, context = terms.stages, copy_context()
        stage = stages.pop() if stages else Stage()
        strand.is_calling = True
        try:
            waiting = context.run(stage.send, self._function(state.own_copy()))
        except BaseException as error:  # noqa: BLE001 - all of it is the agent's failure
            return self._rest(run, state, path, Ended(None, error), began, seq)
        if waiting is not stage.ended:
            if permits.around is None:
                permits.free -= 1
            else:
                permits.take_anyway()
            seq = seq or recorder.add((_STARTED, began, path, "agent", self._name, run.left))
            return self._waited(run, state, path, stage, waiting, context, began, seq)
        stages.append(stage)
        usual, now = None, monotonic()
        if not (strand.offspring or strand.task.cancelling() or now - began > self._seconds):
            try:
                usual = state.with_plain(waiting[0])
            except BaseException:  # noqa: BLE001 - what raises when it is read is not usual
                usual = None
        if usual is None:
            return self._rest(run, state, path, Ended(waiting[0]), began, seq)
        strand.is_calling = False
        after, changes = usual
        run.now = now
        if not seq:
            run.left = recorder.add_ran(began, path, self._name, run.left, now, changes)
            return after
        run.left = recorder.add((_SUCCEEDED, now, path, changes, (), now - began, seq, None))
        return after

    def run_alone(self, run: Run, state: State, prefix: str) -> Coming:
        """Run the chain whose only step it is."""
        coming = self.run(run, state, prefix)
        if type(coming) is State:
            if "route" not in coming.metadata:
                run.whole = coming
                return coming
        elif type(coming) is GeneratorType:  # pyright: ignore[reportUnnecessaryComparison]
            return coming  # what is no `async def` here goes on with the chain itself
        assert self._rest_of_chain is not None
        return self._rest_of_chain(run, coming, prefix, 1)

    @coroutine
    def _run_later(self, run: Run, state: State, prefix: str) -> Generator[Any, Any, State]:
        """Run it in the strand that this is awaited in, where it may wait."""
        run.now = monotonic()
        begin = self.run if self._rest_of_chain is None else self.run_alone
        coming: Any = begin(run, state, prefix)
        return coming if type(coming) is State else cast("State", (yield from coming))

    def _begun(self, run: Run, path: str, began: float) -> int:
        return run.recorder.add((_STARTED, began, path, "agent", self._name, run.left))

    def _rest(
        self, run: Run, state: State, path: str, ended: Ended, began: float, seq: int
    ) -> Coming:
        """The rest of a step whose agent has ended, but not as usual."""
        run.permits.take_anyway()
        left = self._caller.settled(run, state, path, ended, began)
        seq = seq or self._begun(run, path, began)
        return self._step.rest(run, state, path, left, began, seq)

    @coroutine
    def _waited(  # noqa: C901 - what stands in it costs each agent that waits less than a call
        self,
        run: Run,
        state: State,
        path: str,
        stage: Stage,
        waiting: Any,
        context: Context,
        began: float,
        seq: int,
    ) -> Generator[Any, Any, State]:
        """The rest of a step whose agent waits; so from now on its timeout may be over."""
        strand, seconds, usual = run.strand, self._seconds, None
        coming: Any
        deadline = None if seconds == inf else strand.deadline
        if deadline is not None and deadline.row.seconds == seconds:
            deadline.owner, deadline.at = path, began + seconds
        elif seconds < inf:
            if deadline is not None:
                deadline.end()
            deadline = run.terms.deadlines.start(strand, seconds, path, began)
            strand.deadline = deadline
        task = strand.task
        error: BaseException | None = None
        ended: Ended | None = None
        if not task.cancelling() and (waiting is None or waiting.__class__ is Future):
            # It is driven until it waits again: a generator more would cost as much as that.
            try:
                yield waiting
            except GeneratorExit:
                raise
            except BaseException as raised:  # noqa: BLE001 - a future's error is the agent's
                error = raised
            else:
                strand.resumed = monotonic()
                try:
                    waiting = context.run(stage.send, None)
                except BaseException as raised:  # noqa: BLE001 - as above
                    own_doing = task.cancelling() > strand.interrupts
                    ended = Ended(None, raised, own_doing)
        if ended is None and (error is not None or waiting is not stage.ended):
            drive = driven(stage, waiting, strand, context, GRACE, error)
            ended = yield from cast("Generator[Any, Any, Ended | None]", drive)
        else:
            strand.is_calling, strand.breath_due = False, strand.resumed + BREATH
            if ended is None and task.cancelling():
                ended = Ended(stage.ended[0], None, task.cancelling() > strand.interrupts)
        now = monotonic()
        if ended is None and now - strand.resumed <= seconds and not strand.offspring:
            try:
                usual = state.with_plain(stage.ended[0])
            except BaseException:  # noqa: BLE001 - what raises when it is read is not usual
                usual = None
        if usual is None:
            if deadline is not None:
                strand.deadline = None
            left = self._caller.over(run, state, path, stage, ended, deadline)
            coming = self._step.rest(run, state, path, left, began, seq)
        else:
            if deadline is not None:
                deadline.at = inf
            run.permits.give_back()
            run.terms.stages.append(stage)
            coming, changes = usual
            done = (_SUCCEEDED, now, path, changes, (), now - began, seq, None)
            run.now, run.left, run.whole = now, run.recorder.add(done), coming
            if self._rest_of_chain is None or "route" not in coming.metadata:
                return coming
        if self._rest_of_chain is not None:
            coming = self._rest_of_chain(run, coming, path.removesuffix(self._segment), 1)
        return cast("State", (yield from coming.__await__()))
