"""AgentCaller: calls an agent once, within its limits."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any, Protocol

from aiolimiter import AsyncLimiter

from agentflow.agents.base import AgentCall, AgentHandler, StateFunction
from agentflow.concurrency.drive import Drive, Ended
from agentflow.concurrency.guard import begun, settled
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
        "_unsaid",
    )

    def __init__(self, agent: ReadyAgent, failures: Failures) -> None:
        self._name, self._handler, self._failures = agent.spec.name, agent.handler, failures
        self._function = (
            agent.handler.function if isinstance(agent.handler, StateFunction) else None
        )
        self._may_be_repeated, self._unsaid = agent.may_be_repeated, agent.unsaid
        timeout = agent.spec.timeout
        self._seconds = None if timeout is None else timeout.total_seconds()

    async def called(  # noqa: C901 - a function more would cost every call
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
            await run.keeping.before_call(may_be_repeated=self._may_be_repeated)
            began = monotonic()
        strand, permits, error, voice = run.strand, run.permits, None, None
        if not permits.take():
            await permits.taken()
            began = monotonic()
        try:
            try:
                if self._function is not None:
                    coro = self._function(state.own_copy())
                else:
                    voice = _Voice(run, path, self._unsaid)
                    coro = self._handler(
                        state.own_copy(), self._call(run, path, attempt, voice, seq)
                    )
                value = begun(coro, strand)
            except BaseException as raised:  # noqa: BLE001 - all of it is the agent's failure
                value, error = None, raised
            if isinstance(value, Drive):
                drive = value
                value, error = await self._driven(run, path, drive, began)
                began = drive.resumed
            elif error is not None or strand.offspring or strand.task.cancelling():
                ended, own_doing = Ended(value, error), strand.foreign_cancels() > 0
                ended = await settled(ended, strand, run.left_behind, own_doing=own_doing)
                value, error = ended.value, ended.error
        finally:
            permits.give_back()
            if voice is not None:
                voice.silent = True
        if error is not None:
            raise self._failures.of(path, error) from error
        if self._seconds is not None and monotonic() - began > self._seconds:
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
        seconds = self._seconds or 0.0
        return OrchestrationTimeoutError(path=path, owner=path, seconds=seconds, note=note)

    async def _driven(
        self, run: Run, path: str, drive: Drive, began: float
    ) -> tuple[Any, BaseException | None]:
        """What it returned and raised in the end. It waits, so its timeout may be over now."""
        strand, deadline = run.strand, None
        if self._seconds is not None:
            deadline = run.deadlines.start(strand, self._seconds, path, began)
        try:
            ended = await drive
            if ended.error is not None or strand.offspring or strand.task.cancelling():
                own_doing = drive.cancelled_itself
                ended = await settled(ended, strand, run.left_behind, own_doing=own_doing)
        except asyncio.CancelledError as stopped:
            if deadline is None or not deadline.was_the_reason():
                raise
            raise OrchestrationTimeoutError(
                path=path, owner=path, seconds=self._seconds or 0.0, note=str(stopped)
            ) from None
        finally:
            if deadline is not None:
                deadline.end()
        return ended.value, ended.error

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
