"""Every error that the engine raises on purpose.

AgentFlowError                         catch this to catch everything raised on purpose
 x FlowFileError                       the file cannot be read, or not be written, as a flow
   + FlowSyntaxError                   not TOML, or made to hurt the reader
   + FieldError                        a value of the wrong kind
   + SaveError                         the file on disk is left as it was
 x FlowCheckError                      well-formed, but must not run
 x SetupError                          the flow cannot be made ready to run
   + AgentNotFoundError
   + DuplicateAgentError
   + UnknownModeError
   + MissingSecretError
   + NotAllowedError
   + NoEditorError
 x RunError                            a run, or a step of it, failed
   + AgentFailedError
   + CircuitOpenError
   + TooManyFailuresError
   + OrchestrationTimeoutError
   + NoRouteError
   + LoopExhaustedError
   + HopLimitError
   + ConditionError
   + TemplateError
   + HookFailedError
   + MergeError
   + StrategyError
   + FailedBeforeError
 x ModelError                          a language model could not answer
 x ToolError                           a server, program or person did not do what an agent asked
 x JournalError                        the record of a run cannot be kept or believed
 x MemoryFileError                     what agents remember cannot be kept or read
 x DiscoveryError                      an extension that offers nothing

Each class writes its own sentence (where: what; how to fix it) from facts that stay as attributes.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agentflow.problem import Problem

__all__ = [
    "AgentFailedError",
    "AgentFlowError",
    "AgentNotFoundError",
    "CircuitOpenError",
    "ConditionError",
    "DiscoveryError",
    "DuplicateAgentError",
    "FailedBeforeError",
    "FieldError",
    "FlowCheckError",
    "FlowFileError",
    "FlowSyntaxError",
    "HookFailedError",
    "HopLimitError",
    "JournalError",
    "LoopExhaustedError",
    "MemoryFileError",
    "MergeError",
    "MissingSecretError",
    "ModelError",
    "NoEditorError",
    "NoRouteError",
    "NotAllowedError",
    "OrchestrationTimeoutError",
    "RunError",
    "SaveError",
    "SetupError",
    "StrategyError",
    "TemplateError",
    "TooManyFailuresError",
    "ToolError",
    "UnknownModeError",
    "one_of",
]


def one_of(names: Iterable[str]) -> str:
    """The names as a reader wants them in a sentence: 'a', 'b' and 'c'."""
    quoted = [repr(name) for name in names]
    if len(quoted) < 2:
        return "".join(quoted)
    return ", ".join(quoted[:-1]) + " and " + quoted[-1]


class AgentFlowError(Exception):
    """Everything that the engine raises on purpose."""


class FlowFileError(AgentFlowError):
    """The file cannot be read, or not be written, as a flow."""

    def __init__(
        self,
        what: str,
        *,
        file: Path | str | None = None,
        line: int | None = None,
        column: int | None = None,
        fix: str = "",
    ) -> None:
        self.what, self.file, self.line, self.column, self.fix = what, file, line, column, fix
        place = "agentflow.toml" if file is None else str(file)
        if line is not None:
            place += f":{line}" + ("" if column is None else f":{column}")
        super().__init__(f"{place}: {what}" + (f"; {fix}" if fix else ""))


class FlowSyntaxError(FlowFileError):
    """Not TOML, or made to hurt the reader (too large, too deep, not text)."""


class FieldError(FlowFileError):
    """A value of the wrong kind."""


class SaveError(FlowFileError):
    """The flow could not be written; the file on disk is as it was."""


class FlowCheckError(AgentFlowError):
    """A well-formed flow that must not run: it has problems of severity error."""

    def __init__(self, problems: "Sequence[Problem]") -> None:
        self.problems = tuple(problems)
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        count = "1 error" if len(self.problems) == 1 else f"{len(self.problems)} errors"
        super().__init__(f"the flow has {count} and was not run; mend them first:\n{lines}")


class SetupError(AgentFlowError):
    """The flow cannot be made ready to run."""


class AgentNotFoundError(SetupError):
    """A step names an agent that nobody defined or registered."""

    def __init__(self, name: str, *, path: str = "", near: str | None = None) -> None:
        self.name, self.path, self.near = name, path, near
        hint = f"did you mean {near!r}?" if near else f"define [agents.{name}] or register it"
        super().__init__(f"{path or name}: no agent named {name!r}; {hint}")


class DuplicateAgentError(SetupError):
    """Two agents, or an agent and an orchestrator, share a name."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"{name}: an agent of this name is registered already; give it another")


class UnknownModeError(SetupError):
    """An orchestrator's mode, or an agent's type, that nothing here provides."""

    def __init__(self, path: str, mode: str, known: Iterable[str]) -> None:
        self.path, self.mode, self.known = path, mode, tuple(known)
        super().__init__(f"{path}: nothing here runs {mode!r}; known are {one_of(self.known)}")


class MissingSecretError(SetupError):
    """A value of the file asks for an environment variable that is not set."""

    def __init__(self, where: str, name: str) -> None:
        self.where, self.name = where, name
        super().__init__(
            f"{where}: the environment has no {name}; set it, or give a default: "
            f'"${{{name}:default}}"'
        )


class NotAllowedError(SetupError):
    """Something that would execute code of the flow's author was asked for and not allowed."""

    def __init__(self, path: str, what: str, fix: str) -> None:
        self.path, self.what = path, what
        super().__init__(f"{path}: {what}; {fix}")


class NoEditorError(SetupError):
    """Something needs the editor, which is not installed or cannot start on this machine."""

    def __init__(self, wanted: str, what: str, fix: str) -> None:
        self.wanted, self.what = wanted, what
        super().__init__(f"{wanted}: {what}; {fix}")


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


class ModelError(AgentFlowError):
    """A language model could not answer: not there, refused, cut off, or nonsense."""

    def __init__(self, what: str, *, fix: str = "", retry_after: float | None = None) -> None:
        self.what, self.fix, self.retry_after = what, fix, retry_after
        super().__init__(what + (f"; {fix}" if fix else ""))


class ToolError(AgentFlowError):
    """What an agent asked of a server, a program, a tool or a person was not done."""

    def __init__(self, what: str, *, fix: str = "") -> None:
        self.what, self.fix = what, fix
        super().__init__(what + (f"; {fix}" if fix else ""))


class JournalError(AgentFlowError):
    """The record of a run cannot be kept, or what was kept cannot be believed."""

    def __init__(self, where: Path | str, what: str, fix: str) -> None:
        self.where, self.what, self.fix = where, what, fix
        super().__init__(f"{where}: {what}; {fix}")


class MemoryFileError(AgentFlowError):
    """What agents are to remember cannot be kept, or what they remember not be read."""

    def __init__(self, where: Path | str, what: str, fix: str) -> None:
        self.where, self.what, self.fix = where, what, fix
        super().__init__(f"{where}: {what}; {fix}")


class DiscoveryError(AgentFlowError):
    """A file or entry point that should offer something and does not."""

    def __init__(self, where: str, expected: str, found: str) -> None:
        self.where, self.expected = where, expected
        super().__init__(f"{where}: offers {found} where {expected} is expected; define it there")
