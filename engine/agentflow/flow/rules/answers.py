"""Answers: what a check found out about the parts of a flow, for the check of the next edit."""

from collections.abc import Callable, Hashable
from operator import is_
from typing import Any, NamedTuple, TypeVar, TypeVarTuple, Unpack

__all__ = ["Answers"]

T = TypeVar("T")
About = TypeVarTuple("About")


class _Answer(NamedTuple):
    parts: tuple[object, ...]
    facts: object
    answer: Any


class Answers:
    """Keeps what was asked about parts of a flow, for as long as these are the very same values.

    An edit makes new values of what it changes and hands on all others, so that a check which
    knows the answers of the one before it asks only about what was edited.
    """

    def __init__(self) -> None:
        self._before: dict[Hashable, _Answer] = {}
        self._now: dict[Hashable, _Answer] = {}

    def begin(self) -> None:
        """Ask about another flow from now on; what an unfinished check has found is kept."""
        self._before.update(self._now)
        self._now = {}

    def end(self) -> None:
        """Forget all that nobody has asked for since the beginning."""
        self._before, self._now = self._now, {}

    def of(
        self,
        question: Hashable,
        parts: tuple[object, ...],
        facts: object,
        ask: Callable[[Unpack[About]], T],
        *about: *About,
    ) -> T:
        """The answer to a question, which is asked again only when it may have become another.

        Args:
            question: what is asked about which part.
            parts: the frozen values that it depends on. Only the very same ones will do, since 1,
                1.0 and True are equal.
            facts: what else it depends on; whatever is equal will do.
            ask: finds it out.
            about: what it is asked of.
        """
        known = self._now.get(question) or self._before.get(question)
        if known is None or known.facts != facts or not all(map(is_, known.parts, parts)):
            known = _Answer(parts, facts, ask(*about))
        self._now[question] = known
        return known.answer
