"""AgentCaller: calls an agent once, within its limits."""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import Context, copy_context
from dataclasses import dataclass
from math import inf
from time import monotonic
from typing import Any, Protocol

from aiolimiter import AsyncLimiter

from agentflow.agents.base import AgentCall, AgentHandler, StateFunction
from agentflow.concurrency.drive import Ended, driven
from agentflow.concurrency.guard import GRACE, settled
from agentflow.concurrency.stage import Stage
from agentflow.errors import OrchestrationTimeoutError
from agentflow.flow.flow import AgentSpec
from agentflow.json_value import json_text, texts_changed
from agentflow.returned import BadReturnError, Left, left_by
from agentflow.run import Run
from agentflow.running.failures import Failures
from agentflow.state import State
from agentflow.trace import StepOutput, TraceEntry

__all__ = ["AgentCaller", "Caller", "ReadyAgent"]


class Caller(Protocol):
    """Calls an agent once; see `AgentCaller.called`."""

    async def called(
        self, run: Run, state: State, path: str, attempt: int, seq: int, began: float, /
    ) -> Left: ...


@dataclass(frozen=True, slots=True)
class ReadyAgent:
    """An agent that has been built; all its uses share it."""

    spec: AgentSpec
    handler: AgentHandler
    limiter: AsyncLimiter | None
    """Its rate limit."""
    unsaid: Callable[[str], str]
    """Takes out of a text what no record may show: what the environment told the flow."""
    may_be_repeated: bool = False
    """Whether nobody would notice a second call; see `AgentType`."""
    around: tuple[Callable[[Caller], Caller], ...] = ()
    """What its calls go through besides, from the inside out."""


class AgentCaller:
    """Calls an agent. Whatever that does, it has left something, or has failed with an error."""

    __slots__ = (
        "_failures",
        "_function",
        "_handler",
        "_may_be_repeated",
        "_name",
        "_seconds",
        "_timeout",
        "_unsaid",
    )

    def __init__(self, agent: ReadyAgent, failures: Failures) -> None:
        self._name, self._handler, self._failures = agent.spec.name, agent.handler, failures
        self._function = (
            agent.handler.function if isinstance(agent.handler, StateFunction) else None
        )
        self._may_be_repeated, self._unsaid = agent.may_be_repeated, agent.unsaid
        timeout = agent.spec.timeout
        self._timeout = None if timeout is None else timeout.total_seconds()
        self._seconds = inf if self._timeout is None else self._timeout

    async def called(
        self, run: Run, state: State, path: str, attempt: int, seq: int, began: float
    ) -> Left:
        """Call it, once that may be done; see `begin`.

        Raises:
            AgentFailedError: it raised something, or returned what leaves no state.
            OrchestrationTimeoutError: its own timeout was over.
        """
        if run.keeping is not None:
            await run.keeping.before_call(may_be_repeated=self._may_be_repeated)
            began = monotonic()
        if not run.permits.take():
            await run.permits.taken()
            began = monotonic()
        left = self.begin(run, state, path, attempt, seq, began)
        return left if isinstance(left, tuple) else await left

    def begin(
        self, run: Run, state: State, path: str, attempt: int, seq: int, began: float
    ) -> Left | Awaitable[Left]:
        """Call it: what it left; where it waits, what is to be awaited for that.

        Args:
            run: the branch of the run that it is called in. A permit has been taken for the call.
            state: what it gets a copy of.
            path: its step's.
            attempt: 1, or more for retries.
            seq: that of the step's StepStarted.
            began: now, in seconds by `time.monotonic`.

        Raises:
            AgentFailedError: it returned what leaves no state.
            OrchestrationTimeoutError: its own timeout was over.
        """
        # The way of every call, of which there may be millions: what is here is here for speed.
        strand, stages, voice = run.strand, run.terms.stages, None
        stage, context = stages.pop() if stages else Stage(), copy_context()
        strand.is_calling = True
        try:
            if self._function is not None:
                coro = self._function(state.own_copy())
            else:
                voice = _Voice(run, path, self._unsaid)
                call = self._call(run, path, attempt, voice, seq)
                coro = self._handler(state.own_copy(), call)
            waiting = context.run(stage.send, coro)
        except BaseException as error:  # noqa: BLE001 - all of it is the agent's failure
            strand.is_calling = False
            ended = Ended(None, error, strand.foreign_cancels() > 0)
            return self._settled(run, state, path, ended, began, voice)
        if waiting is not stage.ended:
            return self._waited(run, state, path, (stage, waiting, context), began, voice)
        strand.is_calling = False
        stages.append(stage)
        if strand.offspring or strand.task.cancelling():
            ended = Ended(waiting[0], None, strand.foreign_cancels() > 0)
            return self._settled(run, state, path, ended, began, voice)
        run.permits.give_back()
        if voice is not None:
            voice.silent = True
        return self._left(run, state, path, waiting[0], began)

    def _left(self, run: Run, state: State, path: str, value: Any, began: float) -> Left:
        """What it left, which ended just now; since it began, or went on, it has not waited."""
        run.now = now = monotonic()
        if now - began > self._seconds:
            # It never let go of the loop, so nobody could stop it; what it says now is too late.
            raise self._late(path)
        try:
            return left_by(state, value)
        except BadReturnError as bad:
            raise self._failures.of(path, bad) from None
        except BaseException as bad:
            raise self._failures.of_returned(path, value, bad) from bad

    def _late(self, path: str) -> OrchestrationTimeoutError:
        note = "it held the event loop all that time; await what takes long, or use a sync function"
        return OrchestrationTimeoutError(path=path, owner=path, seconds=self._seconds, note=note)

    async def _settled(
        self, run: Run, state: State, path: str, ended: Ended, began: float, voice: "_Voice | None"
    ) -> Left:
        """What is left by a call that failed, or of which something goes on."""
        try:
            ended = await settled(ended, run.strand, run.terms.left_behind)
        finally:
            run.permits.give_back()
            if voice is not None:
                voice.silent = True
        if ended.error is not None:
            raise self._failures.of(path, ended.error) from ended.error
        return self._left(run, state, path, ended.value, began)

    async def _waited(
        self,
        run: Run,
        state: State,
        path: str,
        drive: tuple[Stage, Any, Context],
        began: float,
        voice: "_Voice | None",
    ) -> Left:
        """What it leaves, which waits now; so from now on its timeout may be over."""
        strand, deadline = run.strand, None
        stage, waiting, context = drive
        if self._timeout is not None:
            deadline = run.terms.deadlines.start(strand, self._timeout, path, began)
        try:
            ended = await driven(stage, waiting, strand, context, GRACE)
            if ended is not None or strand.offspring or strand.task.cancelling():
                ended = ended or Ended(stage.ended[0])
                ended = await settled(ended, strand, run.terms.left_behind)
        except asyncio.CancelledError as stopped:
            if deadline is None or not deadline.was_the_reason():
                raise
            raise OrchestrationTimeoutError(
                path=path, owner=path, seconds=self._seconds, note=str(stopped)
            ) from None
        finally:
            run.permits.give_back()
            if deadline is not None:
                deadline.end()
            if voice is not None:
                voice.silent = True
        if ended is None:
            run.terms.stages.append(stage)
            return self._left(run, state, path, stage.ended[0], strand.resumed)
        if ended.error is not None:
            raise self._failures.of(path, ended.error) from ended.error
        return self._left(run, state, path, ended.value, strand.resumed)

    def _call(self, run: Run, path: str, attempt: int, voice: "_Voice", seq: int) -> AgentCall:
        return AgentCall(
            event=run.event,
            agent=self._name,
            path=path,
            run_id=run.id,
            attempt=attempt,
            number=run.counted(self._name),
            step=seq,
            say=voice,
            note=voice.note,
        )


class _Voice:
    """What an agent tells its answer with, piece by piece; nobody listens once its call is over."""

    __slots__ = ("_path", "_run", "_unsaid", "silent")

    def __init__(self, run: Run, path: str, unsaid: Callable[[str], str]) -> None:
        self._run, self._path, self._unsaid = run, path, unsaid
        self.silent = False

    def __call__(self, delta: str) -> None:
        if not self.silent:
            self._run.record(StepOutput, self._path, self._unsaid(json_text(delta)))

    def note(self, kind: type[TraceEntry], *facts: Any) -> None:
        """Record something that happens in the call."""
        if not self.silent:
            told = (texts_changed(it, self._unsaid) for it in facts)
            self._run.record(kind, self._path, *told)
