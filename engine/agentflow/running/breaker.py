"""Breaker: leaves an agent alone that has failed too often in a row, until a while has passed."""

from collections.abc import Callable, Mapping, Sequence
from time import monotonic, time
from typing import Any

from agentflow.errors import CircuitOpenError, RunError
from agentflow.flow.flow import CircuitBreaker
from agentflow.returned import Left
from agentflow.run import Run
from agentflow.running.agent_call import Caller
from agentflow.state import State
from agentflow.trace import (
    StepFailed,
    StepNoted,
    StepRetried,
    StepStarted,
    StepSucceeded,
    TraceEntry,
)

__all__ = ["Breaker", "BreakingCaller", "retold"]


class Breaker:
    """Counts an agent's failures. Closed it lets every call through; open none, or one that tries.

    All uses of an agent share it, in all runs of a runner.
    """

    def __init__(self, settings: CircuitBreaker, clock: Callable[[], float] = monotonic) -> None:
        self.limit, self.seconds = settings.failures, settings.reset.total_seconds()
        self._clock = clock
        self._failures = 0
        self._opened: float | None = None
        self._is_tried = False

    def wait(self) -> float | None:
        """Seconds until a call is let through; None for the one that now is."""
        if self._opened is None:
            return None
        left = self._opened + self.seconds - self._clock()
        if left > 0 or self._is_tried:
            return max(left, 0.0)
        self._is_tried = True
        return None

    def works(self) -> None:
        """A call has succeeded."""
        self._failures, self._opened, self._is_tried = 0, None, False

    def failed(self) -> bool:
        """A call has failed; whether that opens it."""
        self._failures += 1
        opens = self._is_tried or (self._failures >= self.limit and self._opened is None)
        if opens:
            self._opened = self._clock()
        self._is_tried = False
        return opens

    def heard(self, when: float, *, worked: bool) -> None:
        """A call had ended so at a time by the clock, before anybody kept count."""
        clock, self._clock = self._clock, lambda: when
        try:
            if self.wait() is None:
                self.works() if worked else self.failed()
        finally:
            self._clock = clock

    @property
    def is_closed(self) -> bool:
        """Whether no call has failed since one worked."""
        return not self._failures and self._opened is None

    def not_said(self) -> None:
        """A call was stopped before anybody knew."""
        self._is_tried = False


def retold(breakers: Mapping[str, Breaker], entries: Sequence[TraceEntry]) -> None:
    """Tell the breakers of agents, by name, what came of their calls in a run that goes on.

    Those that count already go on from what they know.
    """
    untold = {name: it for name, it in breakers.items() if it.is_closed}
    ago = monotonic() - time()
    agents: dict[str, str] = {}
    for entry in entries if untold else ():
        if isinstance(entry, StepStarted):
            agents[entry.path] = entry.name if entry.kind == "agent" else ""
        elif isinstance(entry, (StepRetried, StepFailed, StepSucceeded)):
            breaker = untold.get(agents.get(entry.path, ""))
            if breaker is not None:
                breaker.heard(entry.time + ago, worked=isinstance(entry, StepSucceeded))


class BreakingCaller:
    """Calls an agent while its breaker lets calls through."""

    def __init__(self, name: str, breaker: Breaker, caller: Caller) -> None:
        self._name, self._breaker, self._caller = name, breaker, caller

    async def called(self, run: Run, state: State, path: str, /, *call: Any) -> Left:
        """Call it.

        Raises:
            CircuitOpenError: it is left alone.
            RunError: it failed.
        """
        breaker = self._breaker
        wait = breaker.wait()
        if wait is not None:
            raise CircuitOpenError(path, self._name, breaker.limit, wait)
        try:
            left = await self._caller.called(run, state, path, *call)
        except RunError:
            if breaker.failed():
                self._note(run, path)
            raise
        except BaseException:
            breaker.not_said()
            raise
        breaker.works()
        return left

    def _note(self, run: Run, path: str) -> None:
        seconds = self._breaker.seconds
        text = f"{self._name} is left alone for {seconds:g}s, because it keeps failing"
        facts = {"failures": self._breaker.limit, "reset": seconds}
        run.record(StepNoted, path, "circuit_breaker", text, facts)
