"""Errors of runs, and of their steps."""

from collections.abc import Sequence

from agentflow.errors.base import AgentFlowError, one_of

__all__ = [
    "AgentFailedError",
    "CircuitOpenError",
    "ConditionError",
    "FailedBeforeError",
    "HookFailedError",
    "HopLimitError",
    "LoopExhaustedError",
    "MergeError",
    "NoRouteError",
    "OrchestrationTimeoutError",
    "RunError",
    "StrategyError",
    "TemplateError",
    "TooManyFailuresError",
]


class RunError(AgentFlowError):
    """A run, or a step of it, failed; `path` says where."""

    path: str = ""


class AgentFailedError(RunError):
    """An agent raised, was too slow, or returned what cannot be a state; see `__cause__`."""

    def __init__(self, path: str, agent: str, what: str, *, fix: str = "") -> None:
        self.path, self.agent, self.what, self.fix = path, agent, what, fix
        super().__init__(f"{path}: agent {agent!r} {what}" + (f"; {fix}" if fix else ""))


class CircuitOpenError(RunError):
    """An agent was not called, because its circuit breaker leaves it alone."""

    def __init__(self, path: str, agent: str, failures: int, seconds: float) -> None:
        self.path, self.agent, self.failures, self.seconds = path, agent, failures, seconds
        rest = f"{seconds:.0f}" if seconds >= 100 else f"{seconds:.3g}"  # never 3.6e+03
        when = f"for {rest}s more" if seconds else "until the call that tries it has ended"
        super().__init__(
            f"{path}: agent {agent!r} is left alone {when}, because it failed {failures} times in "
            "a row; mend it, give it a fallback, or change its circuit_breaker"
        )


class TooManyFailuresError(RunError):
    """More of a collaborative step's branches failed than its threshold allows.

    Its `cause` is why the first of them failed, in declared order; where that was for a failure of
    branches inside it, it is the cause of that.
    """

    def __init__(
        self,
        *,
        path: str,
        failed: Sequence[str],
        total: int,
        threshold: float,
        cause: RunError | None = None,
    ) -> None:
        self.path, self.failed, self.total, self.threshold = path, tuple(failed), total, threshold
        while isinstance(cause, TooManyFailuresError) and cause.cause is not None:
            cause = cause.cause
        self.cause = cause
        first = "" if cause is None else f" (the first: {cause})"
        super().__init__(
            f"{path}: {len(failed)} of {total} branches failed ({one_of(failed)}) and "
            f"failure_threshold allows {threshold:g}{first}; mend them, or raise failure_threshold"
        )


class OrchestrationTimeoutError(RunError):
    """A timeout ended a step; `owner` is the path of the step (or "" for the run) whose it was."""

    def __init__(
        self,
        *,
        path: str,
        owner: str,
        seconds: float,
        still_running: Sequence[str] = (),
        note: str = "",
    ) -> None:
        self.path, self.owner, self.seconds = path, owner, seconds
        self.still_running, self.note = tuple(still_running), note
        whose = "the run's own" if owner == "" else "its own" if owner == path else f"{owner!r}'s"
        running = f" while {one_of(still_running)} ran" if still_running else ""
        super().__init__(
            f"{path or 'run'}: stopped by {whose} timeout of {seconds:g}s{running}"
            f"{f' ({note})' if note else ''}; raise that timeout, or make the step faster"
        )


class NoRouteError(RunError):
    """No case of a router holds and it has no default."""

    def __init__(self, path: str, comparisons: Sequence[str]) -> None:
        self.path, self.comparisons = path, tuple(comparisons)
        tried = "; ".join(comparisons) if comparisons else "it has no cases"
        super().__init__(f"{path}: no case holds ({tried}); add a default case")


class LoopExhaustedError(RunError):
    """A loop with on_exhausted = "fail" ended without its condition."""

    def __init__(self, path: str, condition: str, passes: int, why: str) -> None:
        self.path, self.condition, self.passes, self.why = path, condition, passes, why
        super().__init__(
            f"{path}: {why} after {passes} passes and {condition!r} does not hold; raise the "
            'limit, loosen the condition, or set on_exhausted = "continue"'
        )


class HopLimitError(RunError):
    """Results were routed on more often than max_hops allows the whole run, in all its branches.

    No failure_threshold puts up with it: which branch comes to it first is chance.
    """

    def __init__(self, path: str, hops: Sequence[str], limit: int) -> None:
        self.path, self.hops, self.limit = path, tuple(hops), limit
        trail = " -> ".join(self.hops[-6:])
        super().__init__(
            f"{path}: routed on ({trail}) although all branches of the run together had been "
            f"{limit} times, as often as max_hops allows; end the circle, or raise max_hops"
        )


class ConditionError(RunError):
    """An expression that is not CEL, reads what is not there, or gives no truth value."""

    def __init__(
        self,
        expression: str,
        what: str,
        *,
        column: int | None = None,
        path: str = "",
        fix: str = "",
        missing: str = "",
    ) -> None:
        self.expression, self.what, self.column, self.path = expression, what, column, path
        self.fix, self.missing = fix, missing  # the name that it reads and nobody has written
        place = f"{path}: " if path else ""
        where = "" if column is None else f" (column {column})"
        super().__init__(f"{place}{expression!r}: {what}{where}" + (f"; {fix}" if fix else ""))


class TemplateError(RunError):
    """A prompt or scripted text that is no template, or that reads what is not there."""

    def __init__(self, where: str, what: str, *, path: str = "") -> None:
        self.where, self.what, self.path = where, what, path
        super().__init__(f"{path}: {where}: {what}" if path else f"{where}: {what}")


class HookFailedError(RunError):
    """A callback raised; its step fails with this."""

    def __init__(self, path: str, hook: str, callback: str, what: str) -> None:
        self.path, self.hook, self.callback, self.what = path, hook, callback, what
        super().__init__(f"{path}: callback {callback!r} at {hook} {what}; mend or unregister it")


class MergeError(RunError):
    """What the branches of a collaborative step found cannot be reduced as `merge` says."""

    def __init__(self, path: str, key: str, reducer: str, what: str) -> None:
        self.path, self.key, self.reducer, self.what = path, key, reducer, what
        super().__init__(
            f"{path}: merge.{key} = {reducer!r}: {what}; choose another reducer, or mend the agents"
        )


class StrategyError(RunError):
    """What the branches of a collaborative step found does not decide what its strategy asks."""

    def __init__(self, path: str, strategy: str, what: str, fix: str) -> None:
        self.path, self.strategy, self.what, self.fix = path, strategy, what, fix
        super().__init__(f"{path}: strategy = {strategy!r}: {what}; {fix}, or mend the agents")


class FailedBeforeError(RunError):
    """A step of a resumed run had failed before that run was broken off; it says what it said."""

    def __init__(self, path: str, told: str) -> None:
        self.path = path
        super().__init__(told)
