"""Loop mode: a body runs again and again until its condition holds.

An agent of the body ends its loop by setting `loop_completed` to true. That ends no other loop: the
loop takes it off again, so that neither the loop around it nor one that comes later hears of it.
"""

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import Field

from agentflow.conditions import asked, compiled
from agentflow.duration import Duration
from agentflow.errors import ConditionError, LoopExhaustedError
from agentflow.flow.flow import Orchestrator, OrchestratorSettings
from agentflow.orchestrators.base import (
    ChainRunner,
    Coming,
    Dispatch,
    OrchestrationMode,
)
from agentflow.run import Run
from agentflow.state import State
from agentflow.trace import LoopChecked

_CHECKED = LoopChecked.__name__

_FLAG = "loop_completed"
_LIMITS = ("max_iterations", "max_duration")
_UNSET = object()
_NOT: tuple[bool, dict[str, Any]] = (False, {})


class LoopSettings(OrchestratorSettings):
    """When a loop ends. Whatever its condition says, it ends at its limits."""

    condition: str = ""
    """Ends the loop when it holds: "quality_score >= 0.9"; "" leaves that to `loop_completed`.
    `iteration` is the number of passes that have ended."""
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
        self._body, self._limit, self._text = body, settings.max_iterations, settings.condition
        self._asks_before = settings.check == "before"
        self._may_exhaust = settings.on_exhausted == "continue"
        self._condition = compiled(settings.condition)
        comparison = None if self._condition is None else self._condition.comparison
        self._told = None if comparison is None else comparison.verdict
        self._counts = self._condition is not None and "iteration" in self._condition.names
        duration = settings.max_duration
        self._seconds = None if duration is None else duration.total_seconds()

    def dispatch(self, run: Run, state: State, path: str) -> Coming:
        """Run the body until a check ends it; the last pass's state, or the input after none."""
        flag, body, checked = state.get(_FLAG, _UNSET), self._body, self._checked
        began, passes = run.terms.deadlines.now(), 0
        why = checked(run, state, path, 0, began) if self._asks_before else ""
        while not why:
            passes += 1
            coming = body(run, state, f"{path}#{passes}/")
            if type(coming) is not State:
                return self._rest(run, coming, path, passes, began, flag)
            state = coming
            why = checked(run, state, path, passes, began)
        return self._ended(state, path, passes, why, flag)

    async def _rest(
        self, run: Run, coming: Any, path: str, passes: int, began: float, flag: Any
    ) -> State:
        """Wait for a pass, and go on from there."""
        body, checked = self._body, self._checked
        while True:
            state = coming if type(coming) is State else await coming
            if why := checked(run, state, path, passes, began):
                return self._ended(state, path, passes, why, flag)
            passes += 1
            coming = body(run, state, f"{path}#{passes}/")

    def _ended(self, state: State, path: str, passes: int, why: str, flag: Any) -> State:
        if why in _LIMITS and not self._may_exhaust:
            raise LoopExhaustedError(path, self._text, passes, why)
        return _with_flag(state, flag) if passes else state

    def _checked(self, run: Run, state: State, path: str, passes: int, began: float) -> str:
        """Why the loop ends here; "" when it goes on."""
        values = state.held()
        told = None if self._told is None else self._told(values)
        holds, said = told or self._asked(run, state, path, passes)
        if holds:
            why = "condition"
        elif values.get(_FLAG) is True:
            why = _FLAG
        elif passes >= self._limit:
            why = "max_iterations"
        elif self._seconds is not None and self._is_late(run, path, passes, began):
            why = "max_duration"
        else:
            why = ""
        run.recorder.add(
            (_CHECKED, run.now, path, passes, self._limit, self._text, said, why != "", why)
        )
        return why

    def _asked(self, run: Run, state: State, path: str, passes: int) -> tuple[bool, dict[str, Any]]:
        if self._condition is None:
            return _NOT
        also = {"iteration": passes} if self._counts else None
        try:
            return asked(self._condition, run, state, path, also)
        except ConditionError as error:
            if passes or not error.missing:
                raise
            what, fix = error.what, f'{error.fix}, or ask after each pass: check = "after"'
            raise ConditionError(
                self._text, what, column=error.column, path=path, fix=fix, missing=error.missing
            ) from None

    def _is_late(self, run: Run, path: str, passes: int, began: float) -> bool:
        recorded = None if run.keeping is None else run.keeping.was_late(path, passes)
        return (
            run.terms.deadlines.now() - began >= (self._seconds or 0)
            if recorded is None
            else recorded
        )


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
