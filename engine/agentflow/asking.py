"""Asking: what an agent wants to know of a person, and whether an answer will do."""

import math
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

__all__ = ["Ask", "Question", "QuestionField", "answer_fault", "answer_from_text"]

FieldKind = Literal["text", "lines", "number", "choice", "yes/no"]

_YES = {"y", "yes", "true", "1"}
_NO = {"n", "no", "false", "0"}


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionField:
    """One thing that is asked."""

    name: str
    label: str
    """What a person reads beside it."""
    kind: FieldKind
    """One line or several of text, a number, one of its choices, or a bool."""
    choices: tuple[str, ...] = ()
    default: Any = None
    """What counts when nothing is said; None where something has to be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What an agent asks a person."""

    agent: str
    path: str
    """The step that waits for the answer."""
    text: str
    """What it is about. It may hold anything, and is shown as plain text."""
    fields: tuple[QuestionField, ...]
    seconds: float | None = None
    """How long it waits; None for as long as it takes."""

    @property
    def defaults(self) -> dict[str, Any]:
        """The answer of somebody who says nothing, as far as it goes."""
        return {it.name: it.default for it in self.fields if it.default is not None}

    @property
    def unanswered(self) -> tuple[str, ...]:
        """The fields that somebody has to say something to."""
        return tuple(it.name for it in self.fields if it.default is None)


Ask = Callable[[Question], Awaitable[Mapping[str, Any] | None]]
"""Asks a person and waits: the answers by field, or None where the person declines. It is cancelled
when nobody waits for the answer any more."""


def answer_fault(field: QuestionField, value: Any) -> str:
    """Why a value is no answer to a field, in words that fit behind its name; "" when it is."""
    if field.kind == "yes/no":
        return "" if isinstance(value, bool) else "say yes or no"
    if field.kind == "number":
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return "" if is_number and math.isfinite(value) else "a number is wanted"
    if field.kind == "choice":
        return "" if value in field.choices else f"choose one of {', '.join(field.choices)}"
    if not isinstance(value, str):
        return "a text is wanted"
    return "" if value.strip() or field.default is not None else "something has to be said"


def answer_from_text(field: QuestionField, text: str) -> Any:
    """The value that was typed for a field; what is no such value comes back as the text.

    A choice may be given by its number, from 1; nothing at all is the default.
    """
    said = text.strip()
    if not said and field.default is not None:
        return field.default
    if field.kind == "yes/no":
        return True if said.lower() in _YES else False if said.lower() in _NO else said
    if field.kind == "number":
        return _number(said)
    if field.kind == "choice" and said not in field.choices and said.isdecimal():
        number = int(said[:9]) - 1
        return field.choices[number] if 0 <= number < len(field.choices) else said
    return said


def _number(text: str) -> Any:
    for kind in (int, float):
        try:
            return kind(text.replace(",", "."))
        except ValueError:
            continue
    return text
