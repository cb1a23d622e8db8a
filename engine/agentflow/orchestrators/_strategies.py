"""Strategies: what the branches of a collaborative step come to together."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from agentflow.orchestrators._reducers import is_number

__all__ = ["STRATEGIES", "Decision", "NoDecisionError", "Strategy", "Vote", "Weighing"]

Strategy = Literal["all", "consensus", "weighted", "competitive", "synthesis"]


class Vote(NamedTuple):
    """What one branch found; those that failed have none."""

    branch: str
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """How votes are counted."""

    name: str
    """The key that they are about."""
    threshold: float
    """The least share of the branches that must say the same."""
    score: str
    """The key of a branch's score."""
    weights: Mapping[str, float]


class Decision(NamedTuple):
    """What the branches come to."""

    changes: Mapping[str, Any]
    text: str
    """A sentence about it whose subject is the step."""
    facts: Mapping[str, Any]


@dataclass
class NoDecisionError(Exception):
    """They come to nothing."""

    what: str
    fix: str
    facts: Mapping[str, Any] = field(default_factory=dict[str, Any])


def _consensus(votes: Sequence[Vote], how: Weighing) -> Decision:
    """The value that enough branches found."""
    groups = _groups(votes, how.name)
    nobody: tuple[Any, list[str]] = (None, [])
    value, names = max(groups, key=lambda it: len(it[1]), default=nobody)
    told = "; ".join(f"{found!r:.60} from {', '.join(by)}" for found, by in groups) or "nothing"
    share = len(names) / max(1, len(votes))
    facts = {"share": share, "threshold": how.threshold, "found": [list(it) for it in groups]}
    # 2 of 3 are enough for 0.6666666667, whatever the last digit says.
    if not names or share < how.threshold - 1e-9:
        what = f"{how.threshold:g} of the branches do not agree about {how.name!r} ({told})"
        raise NoDecisionError(
            what, 'lower consensus_threshold, or set on_dissent = "continue"', facts
        )
    return Decision({how.name: value}, f"agrees about {how.name}: {told}", facts)


def _weighted(votes: Sequence[Vote], how: Weighing) -> Decision:
    """The mean of numbers, or the value that weighs most."""
    heard = [
        (vote, how.weights.get(vote.branch, 1.0)) for vote in votes if how.name in vote.changes
    ]
    total = sum(weight for _, weight in heard)
    if total <= 0:
        what = f"no branch of any weight gives a {how.name!r}"
        raise NoDecisionError(what, "set field to a key that they write, and weights above 0")
    weights = {vote.branch: weight for vote, weight in heard}
    if all(is_number(vote.changes[how.name]) for vote, _ in heard):
        value = sum(vote.changes[how.name] * weight for vote, weight in heard) / total
        return Decision({how.name: value}, f"weighs {how.name}: {value:g}", {"weights": weights})
    sums = [
        (found, sum(weights[name] for name in by))
        for found, by in _groups([vote for vote, _ in heard], how.name)
    ]
    value, most = max(sums, key=lambda it: it[1])
    text = f"weighs {how.name}: {value!r:.60} has {most:g} of {total:g}"
    return Decision(
        {how.name: value}, text, {"weights": weights, "sums": [list(it) for it in sums]}
    )


def _competitive(votes: Sequence[Vote], how: Weighing) -> Decision:
    """All that the branch with the best score changed; of several the first."""
    scores = {
        vote.branch: vote.changes[how.score]
        for vote in votes
        if is_number(vote.changes.get(how.score))
    }
    if not scores:
        what = f"no branch gives a number as {how.score!r}"
        raise NoDecisionError(what, "set score to the key that they write theirs to")
    best = max(scores, key=lambda name: scores[name])
    won = next(vote.changes for vote in votes if vote.branch == best)
    text = f"takes what {best} found, with {how.score} = {scores[best]:g}"
    return Decision({**won, "winner": best}, text, {"scores": scores})


def _groups(votes: Sequence[Vote], name: str) -> list[tuple[Any, list[str]]]:
    """The values that were found, each with the branches that found it.

    Texts are the same without regard to case and the space around them.
    """
    groups: list[tuple[Any, list[str]]] = []
    for vote in votes:
        if name not in vote.changes:
            continue
        value = vote.changes[name]
        alike = next((by for found, by in groups if _plain(found) == _plain(value)), None)
        if alike is None:
            groups.append((value, [vote.branch]))
        else:
            alike.append(vote.branch)
    return groups


def _plain(value: Any) -> tuple[str, Any]:
    return type(value).__name__, value.strip().casefold() if isinstance(value, str) else value


STRATEGIES: Mapping[str, Callable[[Sequence[Vote], Weighing], Decision]] = {
    "consensus": _consensus,
    "weighted": _weighted,
    "competitive": _competitive,
}
"""By name. `all` decides nothing, and for `synthesis` an agent does."""
