"""Drafts: what was drawn up for each step, kept as long as it would come out the same."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

__all__ = ["Drafts"]

T = TypeVar("T")


class Drafts:
    """The parts of the latest scene by all that they were made from.

    An edit changes a few steps of a thousand; frozen values that are the same one need no new part.
    """

    def __init__(self) -> None:
        self._before: dict[Hashable, tuple[tuple[object, ...], Any]] = {}
        self._now: dict[Hashable, tuple[tuple[object, ...], Any]] = {}

    def turn(self) -> None:
        """Another scene begins; parts that it does not ask for are gone after it."""
        self._before, self._now = self._now, {}

    def part(self, key: Hashable, made_from: tuple[object, ...], make: Callable[[], T]) -> T:
        """The part of a key: the one of before where it was made from equal values."""
        known = self._before.get(key)
        if known is None or known[0] != made_from:
            known = made_from, make()
        self._now[key] = known
        return known[1]
