"""Loop mode: a body runs again and again until its condition holds.

An agent of the body ends its loop by setting `loop_completed` to true. That ends no other loop: the
loop takes it off again, so that neither the loop around it nor one that comes later hears of it.
"""

import math
from collections.abc import Sequence
from typing import Any, Literal

from pydantic import Field

from agentflow.duration import Duration
from agentflow.errors import LoopExhaustedError
from agentflow.flow.flow import Orchestrator, OrchestratorSettings
from agentflow.orchestrators._conditions import asked, compiled
from agentflow.orchestrators.base import ChainRunner, Dispatch, OrchestrationMode
from agentflow.run import Run
from agentflow.state import State
from agentflow.trace import LoopChecked

_FLAG = "loop_completed"
_LIMITS = ("max_iterations", "max_duration")
_UNSET = object()


class LoopSettings(OrchestratorSettings):
    """When a loop ends. Whatever its condition says, it ends at its limits."""

    condition: str = ""
    """Ends the loop when it holds: "quality_score >= 0.9"; "" leaves that to `loop_completed`."""
    check: Literal["before", "after"] = "before"
    """Whether the condition is asked before each pass, or only after each."""
    max_iterations: int = Field(default=5, ge=1, le=1_000_000)
    """How often the body may run."""
    max_duration: Duration | None = None
    """How long all passes together may take; a pass that runs is not cut off."""
    on_exhausted: Literal["continue", "fail"] = "continue"
    """What a limit means that is reached before the condition holds."""


def build(orchestrator: Orchestrator, chains: Sequence[ChainRunner]) -> Dispatch:
    """Make it ready to run.

    Raises:
        ConditionError: its condition is no expression.
    """
    settings = orchestrator.settings
    if not isinstance(settings, LoopSettings):
        raise TypeError(f"a loop needs LoopSettings, not {type(settings).__name__}")
    (body,) = chains
    return _Loop(settings, body).dispatch


class _Loop:
    def __init__(self, settings: LoopSettings, body: ChainRunner) -> None:
        self._settings, self._body = settings, body
        self._condition = compiled(settings.condition)
        duration = settings.max_duration
        self._seconds = math.inf if duration is None else duration.total_seconds()

    async def dispatch(self, run: Run, state: State, path: str) -> State:
        """Run the body until a check ends it; the last pass's state, or the input after none."""
        flag = state.get(_FLAG, _UNSET)
        began, passes = run.deadlines.now(), 0
        why = self._checked(run, state, path, 0, 0.0) if self._settings.check == "before" else ""
        while not why:
            passes += 1
            state = await self._body(run, state, f"{path}#{passes}/")
            why = self._checked(run, state, path, passes, run.deadlines.now() - began)
        if why in _LIMITS and self._settings.on_exhausted == "fail":
            raise LoopExhaustedError(path, self._settings.condition, passes, why)
        return _with_flag(state, flag) if passes else state

    def _checked(self, run: Run, state: State, path: str, passes: int, seconds: float) -> str:
        """Why the loop ends here; "" when it goes on."""
        holds, values = self._asked(run, state, path)
        limit = self._settings.max_iterations
        if holds:
            why = "condition"
        elif state.get(_FLAG) is True:
            why = _FLAG
        elif passes >= limit:
            why = "max_iterations"
        else:
            why = "max_duration" if self._is_late(run, path, passes, seconds) else ""
        condition = self._settings.condition
        run.record(LoopChecked, path, passes, limit, condition, values, bool(why), why)
        return why

    def _is_late(self, run: Run, path: str, passes: int, seconds: float) -> bool:
        recorded = None if run.keeping is None else run.keeping.was_late(path, passes)
        return seconds >= self._seconds if recorded is None else recorded

    def _asked(self, run: Run, state: State, path: str) -> tuple[bool, dict[str, Any]]:
        if self._condition is None:
            return False, {}
        verdict = asked(self._condition, run, state, path)
        return verdict.holds, dict(verdict.values)


def _with_flag(state: State, before: Any) -> State:
    """What the body left, but for the flag: that is of the loop around, as it was."""
    if state.get(_FLAG, _UNSET) == before:
        return state
    if before is _UNSET:
        return state.with_changes({}, removed=(_FLAG,))
    return state.with_changes({_FLAG: before})


MODE = OrchestrationMode(
    name="loop",
    title="Loop",
    summary="Runs its body again and again until a condition holds or a limit is reached.",
    icon="repeat-variant",
    settings=LoopSettings,
    chains="one",
    port="body",
    build=build,
)
