"""AgentCaller: calls an agent once, within its limits."""

import asyncio
from collections.abc import Callable
from contextvars import copy_context
from dataclasses import dataclass
from time import monotonic
from typing import Any, Protocol

from aiolimiter import AsyncLimiter

from agentflow.agents.base import AgentCall, AgentHandler
from agentflow.concurrency.deadlines import Deadline
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


_HELD_THE_LOOP = (
    "it held the event loop all that time; await what takes long, or use a sync function"
)


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
        "_handler",
        "_may_be_repeated",
        "_name",
        "_unsaid",
        "seconds",
    )

    def __init__(self, agent: ReadyAgent, failures: Failures) -> None:
        self._name, self._handler, self._failures = agent.spec.name, agent.handler, failures
        self._may_be_repeated, self._unsaid = agent.may_be_repeated, agent.unsaid
        timeout = agent.spec.timeout
        self.seconds = None if timeout is None else timeout.total_seconds()
        """Its timeout."""

    async def called(
        self, run: Run, state: State, path: str, attempt: int, seq: int, began: float
    ) -> Left:
        """Call it.

        Args:
            run: the branch of the run that it is called in.
            state: what it gets a copy of.
            path: its step's.
            attempt: 1, or more for retries.
            seq: that of the step's StepStarted.
            began: now, in seconds by `time.monotonic`.

        Raises:
            AgentFailedError: it raised something, or returned what leaves no state.
            OrchestrationTimeoutError: its own timeout was over.
        """
        if run.keeping is not None:
            kept = run.keeping.before_call(may_be_repeated=self._may_be_repeated)
            if kept is not None:
                await kept
                began = monotonic()
        if not run.permits.take():
            await run.permits.taken()
            began = monotonic()
        strand, stages, voice = run.strand, run.terms.stages, _Voice(run, path, self._unsaid)
        stage, context = stages.pop() if stages else Stage(), copy_context()
        strand.is_calling = True
        try:
            call = self._call(run, path, attempt, voice, seq)
            waiting = context.run(stage.send, self._handler(state.own_copy(), call))
        except BaseException as error:  # noqa: BLE001 - all of it is the agent's failure
            return await self.settled(run, state, path, Ended(None, error), began, voice)
        if waiting is not stage.ended:
            deadline = self.deadline(run, path, began)
            ended = await driven(stage, waiting, strand, context, GRACE)
            return await self.over(run, state, path, stage, ended, deadline, voice)
        stages.append(stage)
        return await self.settled(run, state, path, Ended(waiting[0]), began, voice)

    async def settled(
        self,
        run: Run,
        state: State,
        path: str,
        ended: Ended,
        began: float,
        voice: "_Voice | None" = None,
    ) -> Left:
        """What is left by a call that did not wait."""
        strand = run.strand
        strand.is_calling = False
        try:
            if ended.error is not None or strand.offspring or strand.task.cancelling():
                ended = ended._replace(own_doing=strand.foreign_cancels() > 0)
                ended = await settled(ended, strand, run.terms.left_behind)
        finally:
            run.permits.give_back()
            if voice is not None:
                voice.silent = True
        return self._left_by(run, state, path, ended, began)

    async def over(
        self,
        run: Run,
        state: State,
        path: str,
        stage: Stage,
        ended: Ended | None,
        deadline: Deadline | None,
        voice: "_Voice | None" = None,
    ) -> Left:
        """What is left by a call that has waited.

        Args:
            run: the branch of the run that it was called in.
            state: what it got a copy of.
            path: its step's.
            stage: where it ran.
            ended: how it ended; see `driven`.
            deadline: that of its own timeout.
            voice: what it says things with.
        """
        strand = run.strand
        try:
            if ended is None:
                run.terms.stages.append(stage)
            if ended is not None or strand.offspring:
                ended = ended or Ended(stage.ended[0])
                ended = await settled(ended, strand, run.terms.left_behind)
        except asyncio.CancelledError as stopped:
            if deadline is None or not deadline.was_the_reason():
                raise
            raise OrchestrationTimeoutError(
                path=path, owner=path, seconds=self.seconds or 0.0, note=str(stopped)
            ) from None
        finally:
            run.permits.give_back()
            if deadline is not None:
                deadline.end()
            if voice is not None:
                voice.silent = True
        ended = ended or Ended(stage.ended[0])
        return self._left_by(run, state, path, ended, strand.resumed)

    def deadline(self, run: Run, path: str, began: float) -> Deadline | None:
        """Of a call that waits now, so that from now on its timeout may be over."""
        if self.seconds is None:
            return None
        return run.terms.deadlines.start(run.strand, self.seconds, path, began)

    def _left_by(self, run: Run, state: State, path: str, ended: Ended, began: float) -> Left:
        if ended.error is not None:
            raise self._failures.of(path, ended.error) from ended.error
        return self.left(state, path, ended.value, monotonic() - began)

    def left(self, state: State, path: str, value: Any, seconds: float) -> Left:
        """What is left by a call that returned this, so many seconds after it last went on.

        Raises:
            AgentFailedError: it leaves no state.
            OrchestrationTimeoutError: the call held the loop for longer than its timeout.
        """
        if self.seconds is not None and seconds > self.seconds:
            # Nobody could stop it; what it says now is too late.
            raise OrchestrationTimeoutError(
                path=path, owner=path, seconds=self.seconds, note=_HELD_THE_LOOP
            )
        try:
            return left_by(state, value)
        except BadReturnError as bad:
            raise self._failures.of(path, bad) from None
        except BaseException as bad:
            raise self._failures.of_returned(path, value, bad) from bad

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
