"""json_value: the gate in the wall between what a program may hold and what a state may hold."""

import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from math import isfinite
from typing import Any, cast

from agentflow.error_text import kind_name, some_kind

__all__ = [
    "ABSENT",
    "MAX_CHARACTERS",
    "MAX_DEPTH",
    "MAX_VALUES",
    "UNCHANGING",
    "NotJsonError",
    "copied",
    "json_text",
    "json_value",
    "same",
    "texts_changed",
]

MAX_DEPTH = 64
MAX_VALUES = 200_000
MAX_CHARACTERS = 4 * 1024 * 1024
MAX_BITS = 1024

ABSENT: Any = object()
"""Stands where there is no value."""

UNCHANGING = frozenset({str, int, float, bool, type(None)})
"""The kinds of values that nobody can change."""

_SURROGATE = re.compile("[\ud800-\udfff]")

_Trail = tuple["_Trail", str | int] | None  # where a value stands, from the inside out


class NotJsonError(ValueError):
    """A value that cannot be JSON, or that is too much; the text says which and where."""


def json_value(value: Any) -> Any:
    """A copy of a value that is JSON through and through, and shares nothing with it.

    Tuples become lists, subclasses of the plain types become the plain types, and half a surrogate
    pair becomes U+FFFD, because no file could hold it.

    Raises:
        NotJsonError: it holds something else, itself, NaN, or more than a state may hold.
    """
    return _Walk().walked(value)


def copied(value: Any) -> Any:
    """A copy of a value of a state that shares nothing with it that could be changed."""
    kind = value.__class__
    if kind is dict:
        return {k: v if v.__class__ in UNCHANGING else copied(v) for k, v in value.items()}
    if kind is list:
        return [v if v.__class__ in UNCHANGING else copied(v) for v in value]
    return value if kind in UNCHANGING else deepcopy(value)


def same(one: Any, other: Any) -> bool:
    """Whether two values of a state are the same JSON."""
    # 1 == True == 1.0 in Python; in JSON they are three different values, however deep they stand.
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return _same_objects(cast("dict[str, Any]", one), cast("dict[str, Any]", other))
    if isinstance(one, list):
        mine, its = cast("list[Any]", one), cast("list[Any]", other)
        return len(mine) == len(its) and all(map(same, mine, its))
    return one == other


def _same_objects(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return len(one) == len(other) and all(
        key in other and same(value, other[key]) for key, value in one.items()
    )


def json_text(text: str) -> str:
    """The text, with U+FFFD for each half of a surrogate pair."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


class _Walk:
    """One walk over a value, without recursion: however deep it is, it ends in an error or well."""

    def __init__(self) -> None:
        self.values = 0
        self.characters = 0
        self.todo: list[tuple[Any, Any, _Trail, int]] = []

    def walked(self, value: Any) -> Any:
        result = self.plain(value, None, 0)
        while self.todo:
            source, target, trail, depth = self.todo.pop()
            if isinstance(source, Mapping):
                self.object(cast("Mapping[Any, Any]", source), target, trail, depth)
            else:
                for index, item in enumerate(source):
                    target.append(self.plain(item, (trail, index), depth))
        return result

    def object(
        self, source: Mapping[Any, Any], target: dict[str, Any], trail: _Trail, depth: int
    ) -> None:
        for key, item in source.items():
            target[self.key(key, trail)] = self.plain(item, (trail, key), depth)

    def plain(self, value: Any, trail: _Trail, depth: int) -> Any:
        self.values += 1
        if self.values > MAX_VALUES:
            raise NotJsonError(f"more than {MAX_VALUES:,} values")
        if value is None or value is True or value is False:
            return value
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, (int, float)):
            return _number(value, trail)
        return self.container(value, trail, depth + 1)

    def container(self, value: Any, trail: _Trail, depth: int) -> Any:
        target: dict[str, Any] | list[Any]
        if isinstance(value, Mapping):
            target = {}
        elif isinstance(value, (list, tuple)):
            target = []
        else:
            raise NotJsonError(f"{some_kind(value)}{_at(trail)}, which is no JSON value")
        if depth > MAX_DEPTH:
            raise NotJsonError(f"values nested more than {MAX_DEPTH} deep, or that hold themselves")
        self.todo.append((value, target, trail, depth))  # pyright: ignore[reportUnknownArgumentType]
        return target

    def key(self, key: Any, trail: _Trail) -> str:
        if not isinstance(key, str):
            what = f"the key {key!r:.50} of type {kind_name(key)}"
            raise NotJsonError(f"{what}{_at(trail)}; JSON's keys are texts")
        return self.text(key)

    def text(self, value: str) -> str:
        plain = value if type(value) is str else str.__str__(value)
        self.characters += len(plain)
        if self.characters > MAX_CHARACTERS:
            raise NotJsonError(f"more than {MAX_CHARACTERS:,} characters of text")
        return json_text(plain)


def _number(value: float, trail: _Trail) -> int | float:
    if isinstance(value, int):
        plain = int.__int__(value)
        if plain.bit_length() > MAX_BITS:
            raise NotJsonError(f"a whole number of more than {MAX_BITS} bits{_at(trail)}")
        return plain
    plain = float.__float__(value)
    if not isfinite(plain):
        raise NotJsonError(f"{plain}{_at(trail)}, which JSON has no sign for")
    return plain


def _at(trail: _Trail) -> str:
    parts: list[str] = []
    while trail is not None:
        trail, key = trail
        parts.append(f"[{key}]" if isinstance(key, int) else f".{key}")
    place = "".join(reversed(parts)).removeprefix(".")
    return f" at {place[:120]!r}" if place else ""


def texts_changed(value: Any, change: Callable[[str], str]) -> Any:
    """A JSON value with each text in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        items = cast("Mapping[str, Any]", value).items()
        return {change(key): texts_changed(it, change) for key, it in items}
    if isinstance(value, list):
        return [texts_changed(it, change) for it in cast("list[Any]", value)]
    return value
