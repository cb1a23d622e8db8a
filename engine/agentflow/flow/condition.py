"""Conditions: expressions over the state, in CEL (Common Expression Language).

They can call nothing, change nothing, and always end. Nobody but this module, and condition_faults
with its messages, knows the library that reads them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple, cast

from cel_expr_python import cel

from agentflow.errors import ConditionError, one_of
from agentflow.flow.comparison import Comparison, comparison_in
from agentflow.flow.condition_faults import free_names, plain, syntax_error
from agentflow.flow.near import near

__all__ = ["MAX_LENGTH", "Condition", "Verdict", "compile_condition"]

MAX_LENGTH = 2000
"""The longest expression, in characters."""
MAX_DEPTH = 100
"""How deep a value may nest; the library would follow it until its stack overflows."""
MAX_VALUES = 200_000
"""The most lists and objects in a value."""

MAX_NAMES = 20
"""How many names of a state an error lists."""

_NO_TEXT = re.compile("[\0\ud800-\udfff]")

_FAILURES = (RuntimeError, TypeError, ValueError, OverflowError, MemoryError)
"""All that the library raises."""


class Verdict(NamedTuple):
    """What came of asking a condition."""

    holds: bool
    values: dict[str, Any]
    """What the names that it reads said, by name."""


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """An expression that is CEL and can give a truth value."""

    text: str
    names: frozenset[str]
    """The names that it reads."""
    _program: Any
    comparison: Comparison | None
    """It, where it is nothing but one comparison."""

    def evaluate(self, values: Mapping[str, Any], *, path: str = "") -> Verdict:
        """Ask it.

        Args:
            values: the state's values, and whatever else it may read, by name.
            path: the step that asks; errors name it.

        Raises:
            ConditionError: a name is not there, a value does not fit, or the result is no truth
                value.
        """
        if self.comparison is not None:
            verdict = self.comparison.verdict(values)
            if verdict is not None:
                return Verdict(*verdict)
        read = self._read(values, path)
        try:
            found = self._program.eval(data=read)
            kind, result = found.type(), found.value()
        except _FAILURES as error:
            raise ConditionError(self.text, plain(str(error)), path=path) from None
        if kind == cel.Type.ERROR:
            raise self._failed(str(result), read, path)
        if not isinstance(result, bool):
            what = f"gives {_kind(result)}, not true or false"
            raise ConditionError(self.text, what, path=path, fix="compare it with something")
        return Verdict(result, read)

    def _read(self, values: Mapping[str, Any], path: str) -> dict[str, Any]:
        """The values of its names."""
        read: dict[str, Any] = {}
        for name in sorted(self.names):
            if name not in values:
                raise self._missing(name, values, path)
            if _is_too_deep(values[name]):
                what = f"{name!r} is too large or nests deeper than {MAX_DEPTH} levels"
                raise ConditionError(self.text, what, path=path, fix="read something smaller")
            read[name] = values[name]
        return read

    def _missing(self, name: str, values: Mapping[str, Any], path: str) -> ConditionError:
        found = re.search(rf"\b{re.escape(name)}\b", self.text)
        column = found.start() + 1 if found else None
        there = sorted(str(it) for it in values)
        told = f"there are {_some_of(there)}" if there else "there is nothing"
        meant = near(name, there)
        fix = f"did you mean {meant!r}?" if meant else "have an earlier step write it"
        what = f"reads {name!r}, which is not there: {told}"
        return ConditionError(self.text, what, column=column, path=path, fix=fix, missing=name)

    def _failed(self, message: str, read: Mapping[str, Any], path: str) -> ConditionError:
        what = plain(message)
        fix = ""
        if "No matching overloads" in message:
            said = ", ".join(f"{name} is {_kind(value)}" for name, value in read.items())
            what = f"{what} ({said})" if said else what
            fix = "compare values of one kind; double(x) makes a number fit for 1.5"
        elif "Key not found" in message:
            fix = "ask has(a.b) first"
        return ConditionError(self.text, what, path=path, fix=fix)


@lru_cache(maxsize=1024)
def compile_condition(text: str) -> Condition:
    """Read an expression.

    Raises:
        ConditionError: with the column, when it is not CEL, or can give no truth value.
    """
    if not text.isprintable() and _NO_TEXT.search(text):
        raise ConditionError(ascii(text), "holds a character that no text has", fix="take it out")
    if len(text) > MAX_LENGTH:
        what = f"has {len(text)} characters"
        fix = f"write it with at most {MAX_LENGTH}"
        raise ConditionError(text[:40] + "…", what, fix=fix)
    if not text.strip():
        raise ConditionError(text, "is empty", column=1, fix='write one, such as "score >= 0.9"')
    names: frozenset[str] = frozenset()
    while True:
        try:
            program = _environment(names).compile(text)
        except _FAILURES as error:
            more = free_names(text, str(error)) - names
            if not more:
                raise syntax_error(text, str(error)) from None
            names |= more
            continue
        return Condition(text, names, _giving_truth(text, program), comparison_in(text, names))


@lru_cache(maxsize=256)
def _environment(names: frozenset[str]) -> Any:
    """What declares those names; the library takes thirty times longer for it than to compile."""
    return cel.NewEnv(variables=dict.fromkeys(names, cel.Type.DYN))


def _giving_truth(text: str, program: Any) -> Any:
    kind = program.return_type()
    if kind not in (cel.Type.BOOL, cel.Type.DYN):
        what = f"gives a value of type {kind!r}, not true or false".lower()
        raise ConditionError(text, what, fix="compare it with something: score >= 0.9")
    return program


def _some_of(names: list[str]) -> str:
    if len(names) <= MAX_NAMES:
        return one_of(names)
    return (
        ", ".join(repr(name) for name in names[:MAX_NAMES]) + f" and {len(names) - MAX_NAMES} more"
    )


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    kinds = ((bool, "a truth value"), ((int, float), "a number"), (str, "a text"))
    told = next((told for kind, told in kinds if isinstance(value, kind)), None)
    return told or ("a list" if isinstance(value, list) else "an object")


def _is_too_deep(value: Any) -> bool:
    level, seen = [value], 0
    for _ in range(MAX_DEPTH):
        level = [inner for outer in level for inner in _inside(outer)]
        seen += len(level)
        if not level:
            return False
        if seen > MAX_VALUES:
            break  # What contains itself twice grows for ever.
    return True


def _inside(value: Any) -> list[Any]:
    if isinstance(value, Mapping):
        inner = list(cast("Mapping[Any, Any]", value).values())
    elif isinstance(value, (list, tuple)):
        inner = list(cast("list[Any]", value))
    else:
        return []
    return [it for it in inner if isinstance(it, (Mapping, list, tuple))]
