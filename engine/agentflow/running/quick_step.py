"""QuickStep: the way of most steps, of which a run may have millions.

An agent that is a function of the state, in a run that nobody holds, keeps or hooks into: its step
is one plain call, made once when the flow is compiled, with all that it needs at hand. Whatever is
not as usual goes the way of `AgentStep`, which says the same at its leisure.
"""

from collections.abc import Awaitable, Callable, Coroutine
from contextvars import copy_context
from math import inf
from time import monotonic
from typing import Any

from agentflow.agents.base import StateFunction
from agentflow.concurrency.drive import Ended, driven
from agentflow.concurrency.guard import GRACE
from agentflow.concurrency.stage import Stage
from agentflow.orchestrators.base import ChainRunner, Coming
from agentflow.run import Run
from agentflow.running.agent_call import AgentCaller, ReadyAgent
from agentflow.running.agent_step import AgentStep
from agentflow.state import State
from agentflow.trace import StepStarted, StepSucceeded

__all__ = ["quickest"]

_STARTED = StepStarted.__name__
_SUCCEEDED = StepSucceeded.__name__


_Wait = Callable[
    [Run, State, str, Stage, Awaitable[Ended | None], float, int], Coroutine[Any, Any, State]
]
"""(run, state, path, where it runs, its drive, when it began, its StepStarted's `seq`) → state."""


def quickest(step: AgentStep, agent: ReadyAgent, segment: str) -> ChainRunner:
    """What runs a step the quickest way that there is for its agent.

    Args:
        step: runs it in any case.
        agent: that of the step.
        segment: what the step's path ends with.
    """
    caller, handler = step.only_caller, agent.handler
    if caller is None or not isinstance(handler, StateFunction):
        return step.run
    return _quick(step, caller, handler, agent.spec.name, segment)


def _quick(
    step: AgentStep, caller: AgentCaller, handler: StateFunction, name: str, segment: str
) -> ChainRunner:
    function, seconds = handler.function, inf if caller.seconds is None else caller.seconds
    wait = _waiting(step, caller, seconds)

    def run_at_once(run: Run, state: State, prefix: str) -> Coming:
        began, strand, terms, permits = run.now, run.strand, run.terms, run.permits
        is_usual = not run.is_watched and terms.hooks.is_empty and began <= strand.breath_due
        if not (is_usual and permits.take()):
            return step.run(run, state, prefix)
        path, recorder = prefix + segment, run.recorder
        seq = recorder.add((_STARTED, began, path, "agent", name, run.left))
        stages, context = terms.stages, copy_context()
        stage = stages.pop() if stages else Stage()
        strand.is_calling = True
        try:
            waiting = context.run(stage.send, function(state.own_copy()))
        except BaseException as error:  # noqa: BLE001 - all of it is the agent's failure
            left = caller.settled(run, state, path, Ended(None, error), began)
            return step.rest(run, state, path, left, began, seq)
        if waiting is not stage.ended:
            drive = driven(stage, waiting, strand, context, GRACE)
            return wait(run, state, path, stage, drive, began, seq)
        stages.append(stage)
        usual, now = None, monotonic()
        if not (strand.offspring or strand.task.cancelling() or now - began > seconds):
            try:
                usual = state.with_plain(waiting[0])
            except BaseException:  # noqa: BLE001 - what raises when it is read is not usual
                usual = None
        if usual is None:
            left = caller.settled(run, state, path, Ended(waiting[0]), began)
            return step.rest(run, state, path, left, began, seq)
        strand.is_calling = False
        permits.give_back()
        after, changes = usual
        run.now = now
        run.left = recorder.add((_SUCCEEDED, now, path, changes, (), now - began, seq, None))
        return after

    return run_at_once


def _waiting(step: AgentStep, caller: AgentCaller, seconds: float) -> _Wait:
    async def wait(
        run: Run,
        state: State,
        path: str,
        stage: Stage,
        drive: Awaitable[Ended | None],
        began: float,
        seq: int,
    ) -> State:
        """The rest of a step whose agent waits; so from now on its timeout may be over."""
        deadline = caller.deadline(run, path, began)
        ended, strand, usual = await drive, run.strand, None
        now = monotonic()
        is_usual = ended is None and now - strand.resumed <= seconds
        if is_usual and not (strand.offspring or strand.task.cancelling()):
            try:
                usual = state.with_plain(stage.ended[0])
            except BaseException:  # noqa: BLE001 - what raises when it is read is not usual
                usual = None
        if usual is None:
            left = caller.over(run, state, path, stage, ended, deadline)
            return await step.rest(run, state, path, left, began, seq)
        if deadline is not None:
            deadline.end()
        run.permits.give_back()
        run.terms.stages.append(stage)
        after, changes = usual
        run.now = now
        run.left = run.recorder.add((_SUCCEEDED, now, path, changes, (), now - began, seq, None))
        return after

    return wait
