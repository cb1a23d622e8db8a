"""Reducers: how the values that several branches found for a key become one."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeGuard

__all__ = ["REDUCERS", "CannotReduceError", "Found", "is_number"]


class Found(NamedTuple):
    """What one branch found for a key."""

    value: Any
    changes: Mapping[str, Any]
    """All that the branch changed; `best` looks for its score here."""


class CannotReduceError(ValueError):
    """The values are not of the kind that a reducer takes; the text says which."""


def _append(found: Sequence[Found]) -> list[Any]:
    """Lists joined into one, other values added to it."""
    joined: list[Any] = []
    for it in found:
        joined += it.value if _is_list(it.value) else [it.value]
    return joined


def _numbers(found: Sequence[Found]) -> list[int | float]:
    values = [it.value for it in found]
    wrong = next((value for value in values if not is_number(value)), None)
    if wrong is not None or None in values:
        raise CannotReduceError(f"{wrong!r:.60} is no number")
    return values


def is_number(value: Any) -> bool:
    """Whether it is a number; true and false are none."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _ordered(found: Sequence[Found]) -> list[Any]:
    if all(isinstance(it.value, str) for it in found):
        return [it.value for it in found]
    return _numbers(found)


def _mean(found: Sequence[Found]) -> float:
    numbers = _numbers(found)
    return sum(numbers) / len(numbers)


def _vote(found: Sequence[Found]) -> Any:
    """The value that most branches found; of several the one that was found first."""
    counts = [sum(_alike(it.value, other.value) for other in found) for it in found]
    return found[counts.index(max(counts))].value


def _alike(one: Any, other: Any) -> bool:
    return type(one) is type(other) and one == other


def _best(found: Sequence[Found]) -> Any:
    """The value with the highest score, of several the first; see `_score`."""
    scores = [_score(it) for it in found]
    if all(score is None for score in scores):
        raise CannotReduceError("no branch gave a `score`")
    known = [score for score in scores if score is not None]
    return found[scores.index(max(known))].value


def _score(found: Found) -> float | None:
    """The value's own `score`, else the one that its branch wrote, else the value, if a number."""
    own = found.value.get("score") if _is_object(found.value) else None
    candidates: tuple[Any, ...] = (own, found.changes.get("score"), found.value)
    return next((score for score in candidates if is_number(score)), None)


def _is_list(value: Any) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


def _is_object(value: Any) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)


REDUCERS: Mapping[str, Callable[[Sequence[Found]], Any]] = {
    "last": lambda found: found[-1].value,
    "first": lambda found: found[0].value,
    "append": _append,
    "sum": lambda found: sum(_numbers(found)),
    "min": lambda found: min(_ordered(found)),
    "max": lambda found: max(_ordered(found)),
    "mean": _mean,
    "any": lambda found: any(it.value for it in found),
    "all": lambda found: all(it.value for it in found),
    "vote": _vote,
    "best": _best,
}
"""By name. What they get is never empty and stands in declared order."""
