"""AgentStep: what is the same for every agent that is called, whatever its type and mode."""

import asyncio
import math
from collections.abc import Callable, Container
from dataclasses import dataclass
from time import monotonic
from typing import Any, NoReturn, cast

from aiolimiter import AsyncLimiter

from agentflow.agents.base import AgentCall, AgentHandler, StateFunction
from agentflow.callbacks import HookPoint
from agentflow.concurrency.drive import Drive, LeftBehindError
from agentflow.concurrency.guard import SelfCancelledError, begun, settled
from agentflow.errors import (
    AgentFailedError,
    AgentFlowError,
    FailedBeforeError,
    HookFailedError,
    ModelError,
    OrchestrationTimeoutError,
    RunError,
    SetupError,
)
from agentflow.flow.flow import AgentSpec
from agentflow.json_value import json_text
from agentflow.result import AgentResult
from agentflow.returned import BadReturnError, Left, left_by
from agentflow.run import Run
from agentflow.running.recorded_step import as_recorded
from agentflow.state import State
from agentflow.trace import (
    StepCancelled,
    StepFailed,
    StepOutput,
    StepRetried,
    StepSkipped,
    StepStarted,
    StepSucceeded,
)

__all__ = ["AgentStep", "ReadyAgent", "SkippedStep"]

_SHOWN = 500
"""Characters of what an exception says."""
_MOST_SHOWN = 4000
"""Characters of what an agent did."""


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


class SkippedStep:
    """A use of an agent that is not enabled."""

    __slots__ = ("_name", "_segment")

    def __init__(self, name: str, segment: str) -> None:
        self._name, self._segment = name, segment

    async def run(self, run: Run, state: State, prefix: str) -> State:
        """Record that it is not called; its input."""
        run.record(StepSkipped, prefix + self._segment, self._name, "it is not enabled")
        return state


class AgentStep:
    """A use of an agent, ready to run."""

    __slots__ = (
        "_agent",
        "_function",
        "_is_called_once",
        "_name",
        "_seconds",
        "_segment",
        "_targets",
    )

    def __init__(self, agent: ReadyAgent, segment: str, targets: Container[str]) -> None:
        """`targets` are the names that a result may be routed to."""
        self._agent, self._segment, self._targets = agent, segment, targets
        self._name = agent.spec.name
        handler = agent.handler
        self._function = handler.function if isinstance(handler, StateFunction) else None
        self._is_called_once = agent.limiter is None and agent.spec.retry_policy is None
        timeout = agent.spec.timeout
        self._seconds = None if timeout is None else timeout.total_seconds()

    async def run(self, run: Run, state: State, prefix: str) -> State:
        """Call the agent, and record what comes of it; the state that it leaves.

        Raises:
            RunError: it failed, and the flow does not go on after that.
        """
        path = prefix + self._segment
        began = monotonic()
        if began > run.strand.breath_due:
            await run.strand.breathe()
        if run.gate is not None:
            await run.gate.before(run, path, state)
            began = monotonic()
        seq = run.recorder.add((StepStarted, began, path, "agent", self._name, run.left))
        try:
            if run.keeping is not None and (ended := run.keeping.ended(seq)) is not None:
                return await as_recorded(run, state, path, self._name, ended)
            # The way of most steps, which are called a million times, and costs them no detour.
            if self._is_called_once and run.hooks.is_empty:
                left, error = await self._called(run, state, path, 1, began), ""
                if left.state.metadata is not state.metadata:
                    self._check_route(left.state, path)
            else:
                left, error = await self._answered(run, state, path, seq)
        except (HookFailedError, FailedBeforeError) as failure:
            _record_failure(run, path, failure, began, seq)
            raise
        except RunError as failure:
            left, error = await self._mended(run, state, path, failure, began, seq)
        except asyncio.CancelledError as stopped:
            _record_cancel(run, path, stopped, began, seq)
            raise
        now = monotonic()
        metadata = left.state.metadata
        told = None if metadata is state.metadata or metadata == state.metadata else metadata
        if error:
            facts = (error, now - began, left.changes, left.removed, seq, told)
            run.left = run.recorder.add((StepFailed, now, path, *facts))
        else:
            facts = (left.changes, left.removed, now - began, seq, told)
            run.left = run.recorder.add((StepSucceeded, now, path, *facts))
        return left.state

    async def _answered(self, run: Run, state: State, path: str, seq: int) -> tuple[Left, str]:
        """What is handed on; and the error that the flow goes on after, which is none."""
        name, given = self._name, state
        state = await run.hook(HookPoint.BEFORE_AGENT_RUN, state, path=path, agent=name)
        left = await self._called_until_it_works(run, state, path, seq)
        result = AgentResult(output_state=left.state)
        after = await run.hook(
            HookPoint.AFTER_AGENT_RUN, left.state, path=path, agent=name, result=result
        )
        self._check_route(after, path)
        return Left(after, *after.changes_from(given)), ""

    async def _mended(
        self, run: Run, state: State, path: str, failure: RunError, began: float, seq: int
    ) -> tuple[Left, str]:
        """What is handed on after a failure, and the failure.

        Raises:
            RunError: nothing is; that is recorded.
        """
        hook = HookPoint.AGENT_ERROR
        try:
            after = await run.hook(hook, state, path=path, agent=self._name, error=failure)
            if after is not state:
                self._check_route(after, path)
            elif self._agent.spec.on_error == "fail":
                raise failure
            else:
                after = _with_error(state, self._name, str(failure))
        except RunError as error:
            _record_failure(run, path, error, began, seq)
            raise
        except asyncio.CancelledError as stopped:
            _record_cancel(run, path, stopped, began, seq)
            raise
        return Left(after, *after.changes_from(state)), str(failure)

    def _check_route(self, state: State, path: str) -> None:
        route = state.metadata.get("route")
        if route and route not in self._targets:
            what = f"routed to {route!r}, which is no agent, case or orchestrator of the flow"
            raise AgentFailedError(path, self._name, what, fix="route to a name that there is")

    async def _called_until_it_works(self, run: Run, state: State, path: str, seq: int) -> Left:
        attempt = 1 if run.keeping is None else 1 + run.keeping.failed_calls(seq)
        for _ in range(1, attempt):
            run.counted(self._name)
        while True:
            try:
                if self._agent.limiter is not None:
                    await self._agent.limiter.acquire()
                return await self._called(run, state, path, attempt, monotonic())
            except (AgentFailedError, OrchestrationTimeoutError) as error:
                delay = self._delay_after(attempt, error.__cause__)
                if delay is None:
                    raise
                run.record(StepRetried, path, attempt, str(error), delay)
            await asyncio.sleep(delay)
            attempt += 1

    def _delay_after(self, attempt: int, cause: BaseException | None) -> float | None:
        """Seconds until the next call; None when there is none."""
        policy = self._agent.spec.retry_policy
        if policy is None or attempt > policy.max_retries or isinstance(cause, SetupError):
            return None
        wait = _grown(policy.base_delay_ms, policy.backoff_factor, attempt - 1)
        asked = getattr(cause, "retry_after", None) if isinstance(cause, ModelError) else None
        return max(min(policy.max_delay_ms, wait) / 1000, asked or 0.0)

    async def _called(  # noqa: C901 - a function more would cost as much as it saves reading
        self, run: Run, state: State, path: str, attempt: int, now: float
    ) -> Left:
        """Call the agent once, within its limits.

        Args:
            run: the branch of the run that it is called in.
            state: what it gets a copy of.
            path: its own.
            attempt: 1, or more for retries.
            now: seconds, by `time.monotonic`.
        """
        if run.keeping is not None:
            await run.keeping.before_call(may_be_repeated=self._agent.may_be_repeated)
            now = monotonic()
        taken, deadline, seconds, strand = 0, None, self._seconds, run.strand
        value, error, voice = None, None, None
        try:
            for permit in run.permits:
                if not permit.take():
                    await permit.taken()
                    now = monotonic()
                taken += 1
            if seconds is not None:
                deadline = run.deadlines.start(strand, seconds, path, now)
            try:
                if self._function is not None:
                    coro = self._function(state.own_copy())
                else:
                    voice = _Voice(run, path)
                    call = self._call(run, path, attempt, voice)
                    coro = self._agent.handler(state.own_copy(), call)
                value = begun(coro, strand)
            except BaseException as raised:  # noqa: BLE001 - all of it is the agent's failure
                error = raised
            if (
                error is not None
                or value.__class__ is Drive
                or strand.offspring
                or strand.task.cancelling()
            ):
                value, error, _ = await settled(value, error, strand, run.left_behind)
            if error is not None:
                self._fail(path, error)
            return self._left(state, value, path)
        except asyncio.CancelledError as stopped:
            if deadline is None or not deadline.was_the_reason():
                raise
            raise OrchestrationTimeoutError(
                path=path, owner=path, seconds=seconds or 0.0, note=str(stopped)
            ) from None
        finally:
            if voice is not None:
                voice.silent = True
            if deadline is not None:
                deadline.end()
            for permit in run.permits[:taken]:
                permit.give_back()

    def _call(self, run: Run, path: str, attempt: int, voice: "_Voice") -> AgentCall:
        return AgentCall(
            event=run.event,
            agent=self._name,
            path=path,
            run_id=run.id,
            attempt=attempt,
            number=run.counted(self._name),
            say=voice,
        )

    def _left(self, state: State, value: Any, path: str) -> Left:
        """What a call left that returned this."""
        try:
            return left_by(state, value)
        except BadReturnError as error:
            raise self._failed(path, str(error), fix=error.fix) from None
        except BaseException as error:
            told = _told(error, self._agent.unsaid)
            what = f"returned a {type(value).__name__} that raises {told}"
            raise self._failed(path, what) from error

    def _fail(self, path: str, error: BaseException) -> NoReturn:
        if isinstance(error, BadReturnError):
            raise self._failed(path, _text(error), fix=error.fix) from None
        if isinstance(error, AgentFlowError):
            what = f"failed: {_text(error)}"
        elif isinstance(error, SelfCancelledError):
            what = _text(error)
        else:
            what = f"raised {_told(error, self._agent.unsaid)}"
        raise self._failed(path, what) from error

    def _failed(self, path: str, what: str, *, fix: str = "") -> AgentFailedError:
        told = f"{self._agent.unsaid(json_text(what)):.{_MOST_SHOWN}}"
        return AgentFailedError(path, self._name, told, fix=fix)


def _grown(wait: float, factor: float, times: int) -> float:
    try:
        return wait * factor**times
    except OverflowError:
        return math.inf if wait else 0.0


class _Voice:
    """What an agent tells its answer with, piece by piece; nobody listens once its call is over."""

    __slots__ = ("_path", "_run", "silent")

    def __init__(self, run: Run, path: str) -> None:
        self._run, self._path = run, path
        self.silent = False

    def __call__(self, delta: str) -> None:
        if not self.silent:
            self._run.record(StepOutput, self._path, json_text(delta))


def _record_failure(run: Run, path: str, error: RunError, began: float, seq: int) -> None:
    run.record(StepFailed, path, str(error), monotonic() - began, None, (), seq)


def _record_cancel(
    run: Run, path: str, stopped: asyncio.CancelledError, began: float, seq: int
) -> None:
    run.record(StepCancelled, path, _why(run, stopped), monotonic() - began, seq)


def _with_error(state: State, agent: str, error: str) -> State:
    before: Any = state.get("errors")
    errors = cast("dict[str, Any]", before) if isinstance(before, dict) else {}
    return state.with_changes({"errors": {**errors, agent: error}})


def _why(run: Run, stopped: asyncio.CancelledError) -> str:
    why = run.strand.why or "the task of the run was cancelled"
    return f"{why}; {stopped}" if isinstance(stopped, LeftBehindError) else why


def _told(error: BaseException, unsaid: Callable[[str], str]) -> str:
    text = f"{unsaid(_text(error)):.{_SHOWN}}"
    told = f"{type(error).__name__}: {text}" if text else type(error).__name__
    first = _first(error)
    return told if first is error else f"{told}; the first: {_told(first, unsaid)}"


def _first(error: BaseException) -> BaseException:
    """What the first exception of a group is, however deep groups stand in groups."""
    while isinstance(error, BaseExceptionGroup):
        error = cast("BaseExceptionGroup[BaseException]", error).exceptions[0]
    return error


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except BaseException:  # noqa: BLE001 - an exception of the agent's own may do anything
        return "(its text cannot be read)"
