"""Conditions: expressions over the state, in CEL (Common Expression Language).

They can call nothing, change nothing, and always end. This is the one module that knows the
library which reads them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from cel_expr_python import cel

from agentflow.errors import ConditionError, one_of
from agentflow.flow.near import near

__all__ = ["MAX_LENGTH", "Condition", "Verdict", "compile_condition"]

MAX_LENGTH = 2000
"""The longest expression, in characters."""
MAX_DEPTH = 100
"""How deep a value may nest; the library would follow it until its stack overflows."""
MAX_VALUES = 200_000
"""The most lists and objects in a value."""

_MESSAGE = re.compile(r"<input>:(?P<line>\d+):(?P<column>\d+): (?P<what>[^\n]*)")
_UNDECLARED = re.compile(r"undeclared reference to '(?P<name>[^']*)'")
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*", re.ASCII)

_NO_TEXT = re.compile("[\0\ud800-\udfff]")

_OTHER_SPELLINGS = {
    "and": "&&",
    "or": "||",
    "not": "!",
    "=": "==",
    "<>": "!=",
    "is": "==",
    "True": "true",
    "False": "false",
    "None": "null",
}
"""What people write who come from other languages."""

_FAILURES = (RuntimeError, TypeError, ValueError, OverflowError, MemoryError)
"""All that the library raises."""


@dataclass(frozen=True, slots=True)
class Verdict:
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

    def evaluate(self, values: Mapping[str, Any], *, path: str = "") -> Verdict:
        """Ask it.

        Args:
            values: the state's values, and whatever else it may read, by name.
            path: the step that asks; errors name it.

        Raises:
            ConditionError: a name is not there, a value does not fit, or the result is no truth
                value.
        """
        for name in sorted(self.names - values.keys()):
            raise self._missing(name, values, path)
        read = {name: values[name] for name in sorted(self.names)}
        for name, value in read.items():
            if _is_too_deep(value):
                what = f"{name!r} is too large or nests deeper than {MAX_DEPTH} levels"
                raise ConditionError(self.text, what, path=path, fix="read something smaller")
        try:
            found = self._program.eval(data=read)
            kind, result = found.type(), found.value()
        except _FAILURES as error:
            raise ConditionError(self.text, _plain(str(error)), path=path) from None
        if kind == cel.Type.ERROR:
            raise self._failed(str(result), read, path)
        if not isinstance(result, bool):
            raise ConditionError(self.text, f"gives {result!r}, not true or false", path=path)
        return Verdict(result, read)

    def _missing(self, name: str, values: Mapping[str, Any], path: str) -> ConditionError:
        found = re.search(rf"\b{re.escape(name)}\b", self.text)
        column = found.start() + 1 if found else None
        there = sorted(str(it) for it in values)
        told = f"there are {one_of(there)}" if there else "there is nothing"
        meant = near(name, there)
        fix = f"did you mean {meant!r}?" if meant else "have an earlier step write it"
        what = f"reads {name!r}, which is not there: {told}"
        return ConditionError(self.text, what, column=column, path=path, fix=fix)

    def _failed(self, message: str, read: Mapping[str, Any], path: str) -> ConditionError:
        what = _plain(message)
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
            more = _free_names(text, str(error)) - names
            if not more:
                raise _syntax_error(text, str(error)) from None
            names |= more
            continue
        return Condition(text, names, _giving_truth(text, program))


@lru_cache(maxsize=256)
def _environment(names: frozenset[str]) -> Any:
    """What declares those names; the library takes thirty times longer for it than to compile."""
    return cel.NewEnv(variables=dict.fromkeys(names, cel.Type.DYN))


def _free_names(text: str, message: str) -> frozenset[str]:
    """The names that an error calls undeclared; empty when something else is wrong as well."""
    names: set[str] = set()
    for fault in _MESSAGE.finditer(message):
        undeclared = _UNDECLARED.search(fault["what"])
        if undeclared is None:
            if "'*error*'" in fault["what"]:
                continue  # What an undeclared name leads to.
            return frozenset()
        name = undeclared["name"]
        if _is_called(text, fault, name) or name in _OTHER_SPELLINGS:
            return frozenset()  # A function that does not exist, or no name of a value.
        names.add(name.split(".")[0])
    return frozenset(names)


def _giving_truth(text: str, program: Any) -> Any:
    kind = program.return_type()
    if kind not in (cel.Type.BOOL, cel.Type.DYN):
        what = f"gives a value of type {kind!r}, not true or false".lower()
        raise ConditionError(text, what, fix="compare it with something: score >= 0.9")
    return program


def _offset(text: str, fault: re.Match[str]) -> int:
    lines = text.split("\n")
    before = sum(len(line) + 1 for line in lines[: int(fault["line"]) - 1])
    return before + int(fault["column"]) - 1


def _is_called(text: str, fault: re.Match[str], name: str) -> bool:
    """Whether a fault is about `name(...)`; then it stands at the bracket."""
    at = _offset(text, fault)
    return text.startswith("(", at) and text[:at].endswith(name)


def _syntax_error(text: str, message: str) -> ConditionError:
    faults = list(_MESSAGE.finditer(message))
    if not faults:
        return ConditionError(text, _plain(message), fix="write it more simply")
    # An undeclared name beside another fault is most likely none.
    worst = next((it for it in faults if not _is_free_name(text, it)), faults[0])
    at = _offset(text, worst)
    word = _IDENTIFIER.match(text, at)
    said = word.group() if word else text[at : at + 1]
    foreign = _foreign_word(text, at)
    fix = f"write {_OTHER_SPELLINGS[foreign]!r} instead of {foreign!r}" if foreign else ""
    if "(int, double)" in worst["what"] or "(double, int)" in worst["what"]:
        fix = "write both numbers with a point: 1.0 and 2.5"
    what = _reworded(worst["what"], said)
    return ConditionError(text, what, column=at + 1, fix=fix)


def _is_free_name(text: str, fault: re.Match[str]) -> bool:
    found = _UNDECLARED.search(fault["what"])
    if found is None:
        return "'*error*'" in fault["what"]
    return not _is_called(text, fault, found["name"]) and found["name"] not in _OTHER_SPELLINGS


def _foreign_word(text: str, at: int) -> str | None:
    """The word of another language that stands at, or ends before, an offset."""
    sign = re.compile(r"(?<![=!<>])=(?!=)|<>|\w+").match(text, at)
    before = re.search(r"(<(?=>)|\bnot\b)\s*$", text[:at])
    if before:
        return "<>" if before[1] == "<" else before[1]
    return sign.group() if sign and sign.group() in _OTHER_SPELLINGS else None


def _reworded(what: str, said: str) -> str:
    """The library's words, in ours."""
    undeclared = _UNDECLARED.search(what)
    if undeclared:
        return f"there is no function or value {undeclared['name']!r}"
    if what.startswith("reserved identifier"):
        return f"{said!r} is a word of the language and cannot be the name of a value"
    if "no matching overload" in what:
        found = re.search(r"for '(.*?)' applied to '\((.*)\)'", what)
        operator = found[1].strip("_") if found else said
        return f"{operator!r} does not take {found[2] if found else 'these'}"
    if not said:
        return "ends too early"
    return f"{said!r} cannot stand here"


def _plain(message: str) -> str:
    """The library's message without its codes."""
    text = re.sub(r"^[A-Z_]+: |\s*\[[A-Z_]+\]$", "", message)
    text = text.replace("No matching overloads found : ", "cannot compare or compute ")
    return (text[:1].lower() + text[1:])[:300]


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
