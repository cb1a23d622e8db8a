"""AgentStep: what is the same for every use of an agent, whatever its type and mode."""

import asyncio
import math
from collections.abc import Awaitable, Container
from random import Random
from time import monotonic
from typing import Any, cast

from agentflow.callbacks import HookPoint
from agentflow.concurrency.drive import LeftBehindError
from agentflow.errors import (
    AgentFailedError,
    FailedBeforeError,
    HookFailedError,
    ModelError,
    OrchestrationTimeoutError,
    RunError,
    SetupError,
)
from agentflow.keeping import Ended
from agentflow.result import AgentResult
from agentflow.returned import Left
from agentflow.run import Run
from agentflow.running.agent_call import AgentCaller, Caller, ReadyAgent
from agentflow.running.failures import Failures
from agentflow.running.recorded_step import as_recorded
from agentflow.state import State
from agentflow.trace import (
    StepCancelled,
    StepFailed,
    StepRetried,
    StepSkipped,
    StepStarted,
    StepSucceeded,
)

__all__ = ["AgentStep", "SkippedStep"]

_STARTED = StepStarted.__name__
_SUCCEEDED = StepSucceeded.__name__


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
        "_caller",
        "_failures",
        "_is_simple",
        "_name",
        "_segment",
        "_targets",
        "only_caller",
    )

    def __init__(self, agent: ReadyAgent, segment: str, targets: Container[str]) -> None:
        """`targets` are the names that a result may be routed to."""
        self._agent, self._segment, self._targets = agent, segment, targets
        self._name = agent.spec.name
        self._failures = Failures(self._name, agent.unsaid)
        self._caller: Caller = AgentCaller(agent, self._failures)
        self._is_simple = agent.limiter is None and agent.spec.retry_policy is None
        self.only_caller = self._caller if self._is_simple and not agent.around else None
        """What calls the agent, where that is done just once and with nothing around it."""
        for around in agent.around:
            self._caller = around(self._caller)

    async def run(self, run: Run, state: State, prefix: str) -> State:
        """Call the agent, and record what comes of it; the state that it leaves.

        Raises:
            RunError: it failed, and the flow does not go on after that.
        """
        path, began = prefix + self._segment, monotonic()
        if began > run.strand.breath_due:
            await run.strand.breathe()
        if run.terms.gate is not None:
            await run.terms.gate.before(run, path, state)
            began = monotonic()
        seq = run.recorder.add((_STARTED, began, path, "agent", self._name, run.left))
        if run.keeping is not None and (ended := run.keeping.ended(seq)) is not None:
            return await self._recorded(run, state, path, ended, began, seq)
        if self._is_simple and run.terms.hooks.is_empty:
            left = self._caller.called(run, state, path, 1, seq, began)
        else:
            left = self._answered(run, state, path, seq)
        return await self.rest(run, state, path, left, began, seq)

    async def rest(
        self, run: Run, state: State, path: str, left: Awaitable[Left], began: float, seq: int
    ) -> State:
        """Record what comes of its agent's call, once that has ended; the state that it leaves.

        Args:
            run: the branch that it runs in.
            state: what it got.
            path: its own.
            left: what its agent leaves, or the agent's failure.
            began: when, by `monotonic`.
            seq: that of its StepStarted.

        Raises:
            RunError: it failed, and the flow does not go on after that.
        """
        try:
            after, changes, removed = await left
            if after.metadata is not state.metadata:
                self._check_route(after, path)
        except HookFailedError as failure:
            _record_failure(run, path, failure, began, seq)
            raise
        except RunError as failure:
            return await self._handed_on(run, state, path, failure, began, seq)
        except asyncio.CancelledError as stopped:
            _record_cancel(run, path, stopped, began, seq)
            raise
        now, told = monotonic(), after.told_anew(state)
        run.left = run.recorder.add(
            (_SUCCEEDED, now, path, changes, removed, now - began, seq, told)
        )
        return after

    async def _recorded(
        self, run: Run, state: State, path: str, ended: Ended, began: float, seq: int
    ) -> State:
        """The state that it left before its run was broken off; it does not run again."""
        try:
            return await as_recorded(run, state, path, self._name, ended)
        except FailedBeforeError as failure:
            _record_failure(run, path, failure, began, seq)
            raise
        except asyncio.CancelledError as stopped:
            _record_cancel(run, path, stopped, began, seq)
            raise

    async def _answered(self, run: Run, state: State, path: str, seq: int) -> Left:
        """What it left, after its callbacks and however many calls."""
        name, given = self._name, state
        state = await run.hook(HookPoint.BEFORE_AGENT_RUN, state, path=path, agent=name)
        after, _, _ = await self._called_until_it_works(run, state, path, seq)
        result = AgentResult(output_state=after)
        hook = HookPoint.AFTER_AGENT_RUN
        after = await run.hook(hook, after, path=path, agent=name, result=result)
        self._check_route(after, path)
        return after, *after.changes_from(given)

    async def _handed_on(
        self, run: Run, state: State, path: str, failure: RunError, began: float, seq: int
    ) -> State:
        """Record a failure; the state that the flow goes on with all the same.

        Raises:
            RunError: it does not.
        """
        try:
            after = await self._mended(run, state, path, failure)
        except RunError as error:
            _record_failure(run, path, error, began, seq)
            raise
        except asyncio.CancelledError as stopped:
            _record_cancel(run, path, stopped, began, seq)
            raise
        changes, removed = after.changes_from(state)
        facts = (str(failure), monotonic() - began, changes, removed, seq, after.told_anew(state))
        run.left = run.record(StepFailed, path, *facts)
        return after

    async def _mended(self, run: Run, state: State, path: str, failure: RunError) -> State:
        hook = HookPoint.AGENT_ERROR
        after = await run.hook(hook, state, path=path, agent=self._name, error=failure)
        if after is not state:
            self._check_route(after, path)
            return after
        if self._agent.spec.on_error == "fail":
            raise failure
        return _with_error(state, self._name, str(failure))

    def _check_route(self, state: State, path: str) -> None:
        route = state.metadata.get("route")
        if route and route not in self._targets:
            raise self._failures.of_route(path, route)

    async def _called_until_it_works(self, run: Run, state: State, path: str, seq: int) -> Left:
        attempt = 1 if run.keeping is None else 1 + run.keeping.failed_calls(seq)
        for _ in range(1, attempt):
            run.counted(self._name)
        while True:
            try:
                if self._agent.limiter is not None:
                    await self._agent.limiter.acquire()
                return await self._caller.called(run, state, path, attempt, seq, monotonic())
            except (AgentFailedError, OrchestrationTimeoutError) as error:
                delay = self._delay_after(run, path, attempt, error.__cause__)
                if delay is None:
                    raise
                run.record(StepRetried, path, attempt, str(error), delay)
            await asyncio.sleep(delay)
            attempt += 1

    def _delay_after(
        self, run: Run, path: str, attempt: int, cause: BaseException | None
    ) -> float | None:
        """Seconds until the next call; None when there is none."""
        policy = self._agent.spec.retry_policy
        if policy is None or attempt > policy.max_retries or isinstance(cause, SetupError):
            return None
        wait = _grown(policy.base_delay_ms, policy.backoff_factor, attempt - 1)
        asked = getattr(cause, "retry_after", None) if isinstance(cause, ModelError) else None
        wait = min(policy.max_delay_ms, wait) / 1000
        if policy.jitter:
            # A scripted agent's chance is the same in every run, as are its failures.
            seed = getattr(self._agent.spec.settings, "seed", run.id)
            wait *= 1 - policy.jitter * Random(f"{seed}:{path}:{attempt}").random()  # noqa: S311 - no secret
        return max(wait, asked or 0.0)


def _grown(wait: float, factor: float, times: int) -> float:
    try:
        return wait * factor**times
    except OverflowError:
        return math.inf if wait else 0.0


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
