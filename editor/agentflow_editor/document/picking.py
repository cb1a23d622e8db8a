"""Picking: of what two people made of one thing, what is taken, and what a person has to choose."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from pydantic import ValidationError

from agentflow.settings import Settings, Value

__all__ = ["MISSING", "Conflict", "Picking", "Side"]

T = TypeVar("T")
M = TypeVar("M", bound=Value)

Side = Literal["mine", "theirs"]


class _Missing:
    """Stands for what is not there."""

    def __repr__(self) -> str:
        return "nothing"


MISSING: Any = _Missing()


@dataclass(frozen=True, slots=True)
class Conflict:
    """Both have changed the same thing, each in their way."""

    where: str
    """In the words of the flow: "agent `writer`: prompt"."""
    mine: Any
    """What one of them made of it; MISSING where it was removed."""
    theirs: Any


class Picking:
    """Takes what one side has changed; where both have, a choice, and mine where there is none."""

    def __init__(self, choices: Mapping[str, Side]) -> None:
        self._choices = choices
        self.conflicts: list[Conflict] = []
        """What both have changed, in the order in which it was come upon."""

    def one(self, where: str, base: T, mine: T, theirs: T) -> T:
        """Pick one of two things as a whole."""
        if theirs == base or mine == theirs:
            return mine
        if mine == base:
            return theirs
        self.conflicts.append(Conflict(where, mine, theirs))
        return theirs if self._choices.get(where) == "theirs" else mine

    def mapping(
        self,
        where: Callable[[str], str],
        base: Mapping[str, T],
        mine: Mapping[str, T],
        theirs: Mapping[str, T],
        merged: Callable[[str, T, T, T], T] | None = None,
    ) -> dict[str, T]:
        """Pick thing by thing; mine stand first, in my order.

        Args:
            where: says which thing a key is of.
            base: what both began with.
            mine: what one made of it.
            theirs: what the other made of it.
            merged: brings two together that came of one; None picks one of them as a whole.
        """
        picked: dict[str, T] = {}
        for key in (*mine, *(it for it in theirs if it not in mine)):
            sides = [it.get(key, MISSING) for it in (base, mine, theirs)]
            if merged is not None and not any(it is MISSING for it in sides):
                value = merged(key, *sides)
            else:
                value = self.one(where(key), *sides)
            if value is not MISSING:
                picked[key] = value
        return picked

    def model(self, where: str, base: M, mine: M, theirs: M, word: Callable[[str], str]) -> M:
        """Pick setting by setting; models of different types are picked as a whole.

        Args:
            where: says what the settings are of.
            base: what both began with.
            mine: what one made of it.
            theirs: what the other made of it.
            word: says a setting as people call it.
        """
        if theirs == base or mine == theirs:
            return mine
        if mine == base:
            return theirs
        if not type(base) is type(mine) is type(theirs):
            return self.one(where, base, mine, theirs)
        known = len(self.conflicts)
        given = _given(base), _given(mine), _given(theirs)
        picked = self.mapping(lambda key: f"{where}: {word(key)}", given[0], given[1], given[2])
        try:
            return type(mine).model_validate(picked)
        except ValidationError:  # what each side says does not go together
            del self.conflicts[known:]
            return self.one(where, base, mine, theirs)


def _given(model: Value) -> dict[str, Any]:
    if isinstance(model, Settings):
        return model.given()
    return {name: getattr(model, name) for name in model.model_fields_set}
