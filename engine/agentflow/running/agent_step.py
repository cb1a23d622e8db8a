"""AgentStep: what is the same for every agent that is called, whatever its type and mode."""

import asyncio
import math
from collections.abc import Callable, Container
from dataclasses import dataclass
from time import perf_counter
from typing import Any, NoReturn, cast

from aiolimiter import AsyncLimiter

from agentflow.agents.base import AgentCall, AgentHandler
from agentflow.callbacks import HookPoint
from agentflow.concurrency.drive import Ended, LeftBehindError
from agentflow.concurrency.guard import SelfCancelledError, guarded
from agentflow.errors import (
    AgentFailedError,
    AgentFlowError,
    HookFailedError,
    ModelError,
    OrchestrationTimeoutError,
    RunError,
    SetupError,
)
from agentflow.flow.flow import AgentSpec
from agentflow.json_value import json_text
from agentflow.result import AgentResult
from agentflow.returned import BadReturnError, state_after
from agentflow.run import Run
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

__all__ = ["AgentStep", "ReadyAgent"]

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


class AgentStep:
    """A use of an agent, ready to run."""

    __slots__ = ("_agent", "_name", "_segment", "_targets", "_timeout")

    def __init__(self, agent: ReadyAgent, segment: str, targets: Container[str]) -> None:
        """`targets` are the names that a result may be routed to."""
        self._agent, self._segment, self._targets = agent, segment, targets
        self._name = agent.spec.name
        timeout = agent.spec.timeout
        self._timeout = None if timeout is None else timeout.total_seconds()

    async def run(self, run: Run, state: State, prefix: str) -> State:
        """Call the agent, and record what comes of it; the state that it leaves.

        Raises:
            RunError: it failed, and the flow does not go on after that.
        """
        path = prefix + self._segment
        if perf_counter() > run.strand.breath_due:
            await run.strand.breathe()
        if not self._agent.spec.enabled:
            run.record(StepSkipped, path, self._name, "it is not enabled")
            return state
        if run.gate is not None:
            await run.gate.before(run, path, state)
        began = perf_counter()
        run.record(StepStarted, path, "agent", self._name, state)
        try:
            after, overlooked = await self._answered(run, state, path)
        except asyncio.CancelledError as stopped:
            run.record(StepCancelled, path, _why(run, stopped), perf_counter() - began)
            raise
        except RunError as error:
            run.record(StepFailed, path, str(error), perf_counter() - began)
            raise
        self._record_end(run, path, state, after, overlooked, perf_counter() - began)
        return after

    @staticmethod
    def _record_end(
        run: Run, path: str, state: State, after: State, overlooked: str, duration: float
    ) -> None:
        changes, removed = after.changes_from(state)
        if overlooked:
            run.record(StepFailed, path, overlooked, duration, changes, removed)
        else:
            run.record(StepSucceeded, path, changes, removed, duration)

    async def _answered(self, run: Run, state: State, path: str) -> tuple[State, str]:
        """The state that is handed on, and the error that the flow goes on after ("" for none)."""
        name = self._name
        try:
            if run.hooks.has(HookPoint.BEFORE_AGENT_RUN):
                state = await run.hook(HookPoint.BEFORE_AGENT_RUN, state, path=path, agent=name)
            after = await self._called_until_it_works(run, state, path)
            if run.hooks.has(HookPoint.AFTER_AGENT_RUN):
                result = AgentResult(output_state=after)
                after = await run.hook(
                    HookPoint.AFTER_AGENT_RUN, after, path=path, agent=name, result=result
                )
            return self._routable(after, path), ""
        except HookFailedError:
            raise
        except RunError as error:
            mended = await run.hook(
                HookPoint.AGENT_ERROR, state, path=path, agent=name, error=error
            )
            if mended is not state:
                return self._routable(mended, path), str(error)
            if self._agent.spec.on_error == "fail":
                raise
            return _with_error(state, name, str(error)), str(error)

    def _routable(self, state: State, path: str) -> State:
        route = state.metadata.get("route")
        if route and route not in self._targets:
            what = f"routed to {route!r}, which is no agent, case or orchestrator of the flow"
            raise AgentFailedError(path, self._name, what, fix="route to a name that there is")
        return state

    async def _called_until_it_works(self, run: Run, state: State, path: str) -> State:
        attempt = 1
        while True:
            try:
                return await self._called_within_limits(run, state, path, attempt)
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

    async def _called_within_limits(self, run: Run, state: State, path: str, attempt: int) -> State:
        if self._agent.limiter is not None:
            await self._agent.limiter.acquire()
        taken = 0
        try:
            for permit in run.permits:
                if not permit.take():
                    await permit.taken()
                taken += 1
            return await self._called_in_time(run, state, path, attempt)
        finally:
            for permit in run.permits[:taken]:
                permit.give_back()

    async def _called_in_time(self, run: Run, state: State, path: str, attempt: int) -> State:
        deadline = run.deadline(self._timeout, path)
        try:
            return await self._called(run, state, path, attempt)
        except asyncio.CancelledError as stopped:
            if deadline is None or not deadline.was_the_reason():
                raise
            raise OrchestrationTimeoutError(
                path=path, owner=path, seconds=self._timeout or 0.0, note=str(stopped)
            ) from None
        finally:
            if deadline is not None:
                deadline.end()

    async def _called(self, run: Run, state: State, path: str, attempt: int) -> State:
        voice = _Voice(run, path)
        call = AgentCall(
            event=run.event,
            agent=self._name,
            path=path,
            run_id=run.id,
            attempt=attempt,
            number=run.counted(self._name),
            key=f"{run.id}:{path}",
            say=voice,
        )
        try:
            coro = _awaited(self._agent.handler, state.own_copy(), call)
            ended = await guarded(coro, run.strand, run.left_behind)
        finally:
            voice.silent = True
        return self._judged(state, ended, path)

    def _judged(self, state: State, ended: Ended, path: str) -> State:
        if ended.error is not None:
            self._fail(path, ended.error)
        try:
            return state_after(state, ended.value)
        except BadReturnError as error:
            raise self._failed(path, str(error), fix=error.fix) from None
        except BaseException as error:
            told = _told(error, self._agent.unsaid)
            what = f"returned a {type(ended.value).__name__} that raises {told}"
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


async def _awaited(handler: AgentHandler, state: State, call: AgentCall) -> object:
    return await handler(state, call)


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
