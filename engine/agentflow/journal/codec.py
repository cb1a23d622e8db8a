r"""The form of trace entries in a journal: arrays of plain JSON, without secrets.

An entry is its kind's name and its fields in their order, without the run's id, which is the same
in all. Where a text shows what the environment told the flow, it says "${NAME}", with the dollar
written as \u0024: any reader of JSON reads it as it should be shown, and nothing that an agent
says is ever written like that, so that it can be put back when the run goes on. Where the text
shows it as a URL or as JSON would, the placeholder says which: "${NAME|url}".
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast

from pydantic_core import PydanticSerializationError, to_json

from agentflow.spellings import SPELLINGS, spellings
from agentflow.state import State
from agentflow.trace import Comparison, TraceEntry
from agentflow.trace_rows import SHORT, Row, in_full

__all__ = ["KINDS", "Hidden", "decoded", "encoded", "put_back"]

KINDS: Mapping[str, Callable[..., TraceEntry]] = {
    kind.__name__: kind for kind in TraceEntry.__args__
}
"""The kinds of entries by name. Their fields are the format: another field is another version."""

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_NAME = re.compile(r"(?<!\\)((?:\\\\)*)\\u0024\{(\w+)(?:\|(\w+))?\}")
_NEVER = re.compile(r"(?!)")


def encoded(rows: Sequence[Row], first: int, epoch: float) -> str:
    """The text of some entries of one run.

    Args:
        rows: one after another, as their recorder had them.
        first: the number of the first one.
        epoch: seconds from the time of the rows to that of entries.
    """
    told = [
        (row[0], number, epoch + row[1], *(in_full(row) if row[0] in SHORT else row)[2:])
        for number, row in enumerate(rows, first)
    ]
    try:
        # Five times as quick as the standard library's, and that in the way of nobody's agents.
        return to_json(told, fallback=_plain).decode("utf-8")
    except PydanticSerializationError:
        # Half of a surrogate pair, out of an error's text; no file could hold it.
        text = json.dumps(told, ensure_ascii=False, default=_plain, separators=(",", ":"))
        return text.encode("utf-8", "replace").decode("utf-8")


def _plain(value: object) -> dict[str, Any]:
    if isinstance(value, State):
        return {"values": value.to_dict(), "metadata": dict(value.metadata)}
    if isinstance(value, Mapping):
        return dict(cast("Mapping[str, Any]", value))
    raise TypeError(f"a {type(value).__name__} in a trace")


def decoded(text: str, run_id: str) -> tuple[TraceEntry, ...]:
    """The entries of a text that `encoded` made.

    Raises:
        ValueError: it is no such text.
    """
    try:
        return tuple(_entry(fields, run_id) for fields in json.loads(text))
    except (KeyError, TypeError, IndexError) as error:
        raise ValueError(f"no entries of a trace: {error}") from None


def _entry(row: Sequence[Any], run_id: str) -> TraceEntry:
    kind = KINDS[row[0]]
    names = cast("tuple[str, ...]", kind._fields[4:])  # pyright: ignore[reportFunctionMemberAccess]
    # Fields that have a default may be left out at the end; more than there are may not be there.
    told = zip(names[: len(row) - 4], row[4:], strict=True)
    facts = [_REVIVED[name](value) if name in _REVIVED else value for name, value in told]
    return kind(row[1], row[2], run_id, row[3], *facts)


def _state(value: Mapping[str, Any] | None) -> State | None:
    return None if value is None else State(value["values"], value["metadata"])


def _comparisons(value: Iterable[Iterable[Any]]) -> tuple[Comparison, ...]:
    return tuple(Comparison(*it) for it in value)


_REVIVED: Mapping[str, Callable[[Any], Any]] = {
    "state": _state,
    "removed": tuple,
    "branches": tuple,
    "failed": tuple,
    "in_flight": tuple,
    "comparisons": _comparisons,
}


class Hidden:
    """What no record may show: values of the environment that the flow asked for, by name."""

    def __init__(self, values: Callable[[], Mapping[str, str]]) -> None:
        """`values` are all that were asked for so far."""
        self._values = values
        self._known = 0
        self._names: dict[str, str] = {}
        self._inside = _NEVER

    def out_of(self, text: str) -> str:
        """The text of entries, with the name instead wherever a string shows such a value."""
        values = self._values()
        if len(values) != self._known:
            self._learn(values)
        # To look for each by itself is ten times as quick as one pattern for all.
        if not any(value in text for value in self._names):
            return text
        return _STRING.sub(lambda it: self._inside.sub(self._name_of, it.group()), text)

    def _learn(self, values: Mapping[str, str]) -> None:
        self._known = len(values)
        self._names = {
            _escaped(spelled): f"{name}|{how}" if how else name
            for name, value in values.items()
            for how, spelled in spellings(value).items()
        }
        # The longest first: one value may be a part of another.
        values_found = "|".join(map(re.escape, sorted(self._names, key=len, reverse=True)))
        # An escape is passed over whole: the n of a line's end begins no value.
        self._inside = re.compile(rf"({values_found})|\\.")

    def _name_of(self, found: re.Match[str]) -> str:
        value = found[1]
        return found[0] if value is None else f"\\u0024{{{self._names[value]}}}"


def put_back(text: str, environ: Mapping[str, str]) -> str:
    """The text of entries as it was before anything was hidden, by what the environment says now.

    Raises:
        KeyError: the environment lacks a name.
    """
    return _NAME.sub(
        lambda it: it[1] + _escaped(SPELLINGS.get(it[3] or "", str)(environ[it[2]])), text
    )


def _escaped(value: str) -> str:
    return to_json(value).decode("utf-8")[1:-1]
