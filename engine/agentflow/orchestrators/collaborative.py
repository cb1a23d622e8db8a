"""Collaborative mode: all branches work on the same state at once; what they find is merged."""

import asyncio
from collections.abc import Awaitable, Sequence
from time import monotonic
from typing import Any, Literal

from pydantic import Field

from agentflow.duration import Duration
from agentflow.errors import (
    MergeError,
    OrchestrationTimeoutError,
    StrategyError,
    TooManyFailuresError,
)
from agentflow.flow.flow import Orchestrator, OrchestratorSettings, segments
from agentflow.json_value import NotJsonError, json_value
from agentflow.orchestrators._join import Branches, run_branches
from agentflow.orchestrators._reducers import REDUCERS, CannotReduceError, Found
from agentflow.orchestrators._strategies import (
    STRATEGIES,
    NoDecisionError,
    Strategy,
    Vote,
    Weighing,
)
from agentflow.orchestrators.base import ChainRunner, Coming, Dispatch, OrchestrationMode, arrived
from agentflow.run import Run
from agentflow.state import ANSWER_KEYS, State, answer_in
from agentflow.trace import BranchesMerged, StepNoted

_MERGED = BranchesMerged.__name__
_ANSWERS = frozenset(ANSWER_KEYS)

Reducer = Literal[
    "last", "first", "append", "sum", "min", "max", "mean", "any", "all", "vote", "best"
]


class CollaborativeSettings(OrchestratorSettings):
    """How branches may fail, and how what they found becomes one state."""

    agent_timeout: Duration | None = None
    """How long each branch may take."""
    failure_threshold: float | None = None
    """The share of branches that may fail, 0 to 1; None takes the flow's."""
    merge: dict[str, Reducer] = Field(default_factory=dict, json_schema_extra={"form": "keys"})
    """How the branches' values of a key become one, by key."""
    strategy: Strategy = "all"
    """What the branches come to together: all that they found; "consensus", what enough of them
    agree about; "weighted", a mean or a vote in which some count more; "competitive", what the one
    with the best score found; "synthesis", what an agent makes of it all."""
    field: str = Field(default="response", json_schema_extra={"form": "key"})
    """The key that a consensus or a weighted vote is about."""
    consensus_threshold: float = Field(default=0.6, gt=0, le=1)
    """The least share of the branches that must say the same."""
    on_dissent: Literal["fail", "continue"] = "fail"
    """What it means that they come to nothing; "continue" leaves `field` as it was."""
    weights: dict[str, float] = Field(default_factory=dict)
    """How much a branch counts, by its name; 1 where nothing is said."""
    score: str = Field(default="score", json_schema_extra={"form": "key"})
    """The key of the score that branches compete by."""
    synthesizer: str = Field(default="", json_schema_extra={"form": "agent"})
    """The agent that combines what the branches found."""


def build(orchestrator: Orchestrator, chains: Sequence[ChainRunner]) -> Dispatch:
    """Make it ready to run."""
    settings = orchestrator.settings
    if not isinstance(settings, CollaborativeSettings):
        raise TypeError(f"branches need CollaborativeSettings, not {type(settings).__name__}")
    return _Collaboration(orchestrator, settings, tuple(chains)).dispatch


def _branch_names(orchestrator: Orchestrator) -> tuple[str, ...]:
    """What the branches are called: by the path segment of their first step."""
    firsts = {
        chain: segment for chain, index, _, segment in segments(orchestrator.chains) if index == 0
    }
    return tuple(firsts.get(it, f"branch {it + 1}") for it in range(len(orchestrator.chains)))


class _Collaboration:
    def __init__(
        self,
        orchestrator: Orchestrator,
        settings: CollaborativeSettings,
        chains: tuple[ChainRunner, ...],
    ) -> None:
        self._name, self._merge, self._chains = orchestrator.name, settings.merge, chains
        self._settings = settings
        self._branches = _branch_names(orchestrator)
        self._threshold = settings.failure_threshold
        timeout = settings.agent_timeout
        self._seconds = None if timeout is None else timeout.total_seconds()

    def dispatch(self, run: Run, state: State, path: str) -> Coming:
        """Run all branches on the same state; that state, with what they found merged into it."""
        inside = f"{path}/"

        def work(branch: Run, number: int) -> Coming:
            # Each gets a state of its own, from which it may go on without harm to the others.
            if self._seconds is None:
                return self._chains[number](branch, state.apart(), inside)
            return self._in_time(branch, number, state.apart(), path, self._seconds)

        def decided(branches: Branches) -> str:
            too_many = self._too_many_failed(run, branches)
            return f"{path}: too many of its branches had failed" if too_many else ""

        branches = run_branches(run, len(self._branches), work, decided)
        if isinstance(branches, Branches):
            return self._joined(run, state, path, branches)
        return self._rest(run, state, path, branches)

    async def _rest(
        self, run: Run, state: State, path: str, branches: Awaitable[Branches]
    ) -> State:
        coming: Any = self._joined(run, state, path, await branches)
        return coming if type(coming) is State else await coming

    def _too_many_failed(self, run: Run, branches: Branches) -> bool:
        failed = len(branches.errors)
        # 3 of 10 are not more than 0.3, whatever the last binary digit says.
        return failed / len(self._branches) > self._failure_threshold(run) + 1e-9

    def _failure_threshold(self, run: Run) -> float:
        return run.terms.failure_threshold if self._threshold is None else self._threshold

    def _joined(self, run: Run, state: State, path: str, branches: Branches) -> Coming:
        """What the branches come to, all of which have ended."""
        run.now, threshold = monotonic(), self._failure_threshold(run)
        errors = branches.errors
        failed = tuple([self._branches[number] for number in sorted(errors)])
        if failed and self._too_many_failed(run, branches):
            raise TooManyFailuresError(
                path=path,
                failed=failed,
                total=len(self._branches),
                threshold=threshold,
                cause=errors[min(errors)],
            )
        run.recorder.add((_MERGED, run.now, path, self._branches, failed, threshold))
        merged = self._merged(state, branches, path)
        if self._settings.strategy == "all":
            return merged
        if self._settings.strategy == "synthesis":
            return self._chains[-1](run, merged, f"{path}/")
        return self._decided(run, state, merged, path)

    def _decided(self, run: Run, state: State, merged: State, path: str) -> State:
        """What the branches found, and what they come to."""
        settings, found = self._settings, merged[self._name]
        votes = [Vote(name, found[name]) for name in self._branches if name in found]
        how = Weighing(
            name=settings.field,
            threshold=settings.consensus_threshold,
            score=settings.score,
            weights=settings.weights,
        )
        try:
            decision = STRATEGIES[settings.strategy](votes, how)
        except NoDecisionError as none:
            if settings.on_dissent == "fail":
                raise StrategyError(path, settings.strategy, none.what, none.fix) from None
            run.record(StepNoted, path, "strategy", f"comes to nothing: {none.what}", none.facts)
            before = {settings.field: state[settings.field]} if settings.field in state else {}
            removed = () if before or settings.field not in merged else (settings.field,)
            return merged.with_changes(before, removed=removed)
        run.record(StepNoted, path, "strategy", decision.text, dict(decision.facts))
        return merged.with_changes(decision.changes)

    async def _in_time(
        self, run: Run, number: int, state: State, path: str, seconds: float
    ) -> State:
        deadline = run.terms.deadlines.start(run.strand, seconds, path, monotonic())
        try:
            return await arrived(self._chains[number](run, state, f"{path}/"))
        except asyncio.CancelledError:
            if not deadline.was_the_reason():
                raise
            branch = f"{path}/{self._branches[number]}"
            raise OrchestrationTimeoutError(path=branch, owner=path, seconds=seconds) from None
        finally:
            deadline.end()

    def _merged(self, state: State, branches: Branches, path: str) -> State:
        found: dict[str, Any] = {}
        texts: list[str] = []
        for name, left in zip(self._branches, branches.states, strict=True):
            if left is not None:
                changes, _ = left.changes_from(state)
                found[name] = changes
                if not _ANSWERS.isdisjoint(changes) and (text := _text(changes)):
                    texts.append(f"{name}:\n{text}")
        merged: dict[str, Any] = {self._name: found}
        if texts:
            merged["response"] = "\n\n".join(texts)
        for key, reducer in self._merge.items():
            values = [Found(it[key], it) for it in found.values() if key in it]
            if values:
                merged[key] = _reduced(path, key, reducer, values)
        return state.with_changes(merged)


def _text(changes: dict[str, Any]) -> str:
    """What a branch answered, where that is a text."""
    answer = answer_in(changes)
    return answer if isinstance(answer, str) else ""


def _reduced(path: str, key: str, reducer: str, values: Sequence[Found]) -> Any:
    try:
        return json_value(REDUCERS[reducer](values))
    except (CannotReduceError, NotJsonError, OverflowError) as error:
        raise MergeError(path, key, reducer, str(error)) from None


def _calls(orchestrator: Orchestrator) -> tuple[str, ...]:
    settings = orchestrator.settings
    if not isinstance(settings, CollaborativeSettings):
        return ()
    asks = settings.strategy == "synthesis" and settings.synthesizer
    return (settings.synthesizer,) if asks else ()


MODE = OrchestrationMode(
    name="collaborative",
    title="Parallel",
    summary="Runs its branches at the same time on the same input and merges what they found.",
    icon="source-fork",
    settings=CollaborativeSettings,
    chains="branches",
    port="branches",
    build=build,
    calls=_calls,
)
