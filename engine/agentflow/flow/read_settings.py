"""Reads a table into declared settings; what does not fit becomes a problem and its default."""

import math
from collections.abc import Collection, Iterator, Mapping
from datetime import date, time
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from agentflow.flow.near import near
from agentflow.flow.read_notes import Notes, shown
from agentflow.flow.text_fixes import text_fix
from agentflow.flow.toml_values import list_of, table_of
from agentflow.flow.where import Keys
from agentflow.problem import Fix
from agentflow.settings import Settings

__all__ = ["as_table", "file_keys", "nested_settings", "read_settings"]

M = TypeVar("M", bound=BaseModel)

_IN_TOML = {"tuple_type": "a list", "list_type": "a list", "dict_type": "a table"}
"""What pydantic calls by Python's names, as a file has it."""
_BLANKS: Mapping[type, Any] = {str: "", int: 0, float: 0.0, bool: False}


def file_keys(model: type[BaseModel]) -> dict[str, str]:
    """What a file may say of a model: keys as they are written there → names of fields."""
    fields = model.model_fields.items()
    return {field.alias or name: name for name, field in fields if name != "placeholders"}


def nested_settings(model: type[BaseModel], field: str) -> type[Settings] | None:
    """The settings that a field holds as a table of their own; None when it holds a value."""
    annotation: Any = model.model_fields[field].annotation
    for kind in (annotation, *get_args(annotation)):
        if isinstance(kind, type) and issubclass(kind, Settings):
            return kind
    return None


def as_table(value: Any, keys: Keys, notes: Notes) -> dict[str, Any]:
    """The value when it is a table; else an empty one, and a problem unless nothing was given."""
    table = table_of(value)
    if table is None and value is not None:
        notes.wrong_kind(keys, "a table", value)
    return table or {}


def read_settings(
    model: type[M],
    table: Mapping[str, Any],
    keys: Keys,
    notes: Notes,
    *,
    beside: Collection[str] = (),
    near_to: Collection[str] = (),
    given: Mapping[str, Any] | None = None,
) -> M:
    """What a table says of a model.

    Args:
        model: what is declared.
        table: what the file says.
        keys: where the table stands.
        notes: gets a problem for each value that does not fit and each key that is unknown.
        beside: keys that stand in the same table and are read by somebody else.
        near_to: keys that may have been meant by one that is unknown, besides the model's.
        given: fields that are not read from the table.
    """
    known = file_keys(model)
    values: dict[str, Any] = dict(given or {})
    for key, value in table.items():
        if key in known and known[key] not in values:
            nested = nested_settings(model, known[key])
            if nested is not None:
                inner = as_table(value, (*keys, key), notes)
                if isinstance(value, dict):
                    values[key] = read_settings(nested, inner, (*keys, key), notes)
            elif _fits(value, (*keys, key), notes):
                values[key] = value
        elif key not in beside:
            free = [it for it in (*known, *beside, *near_to) if it not in table]
            notes.unknown_key((*keys, key), free)
    return _validated(model, values, keys, notes)


def _validated(model: type[M], values: dict[str, Any], keys: Keys, notes: Notes) -> M:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        faults = error.errors(include_url=False)
    kept = dict(values)
    for fault in faults:
        _note(fault, keys, notes)
        key = str(fault["loc"][0]) if fault["loc"] else ""
        if fault["type"] == "missing":
            kept[key] = _blank(model, key)
        else:
            kept.pop(key, None)
    try:
        return model.model_validate(kept)
    except ValidationError:
        # What is left contradicts itself, or a default does not fit: only the defaults are safe.
        return model.model_construct(**{key: _blank(model, key) for key in _required(model)})


def _required(model: type[BaseModel]) -> list[str]:
    return [name for name, field in model.model_fields.items() if field.is_required()]


def _blank(model: type[BaseModel], key: str) -> Any:
    """A value of nothing, for a field that has no default."""
    name = file_keys(model).get(key, key)
    annotation: Any = model.model_fields[name].annotation if name in model.model_fields else None
    return _BLANKS.get(annotation)


def _note(fault: ErrorDetails, keys: Keys, notes: Notes) -> None:
    where: Keys = (*keys, *fault["loc"])
    if fault["type"] == "missing":
        notes.error("missing-value", where, "is missing", Fix("Give it a value"))
        return
    message = fault["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")
    what, _, fix = message.partition("; ")
    if fault["type"] in _IN_TOML:
        what = f"must be {_IN_TOML[fault['type']]}, not {shown(fault['input'])}"
    elif what.startswith("Input should"):
        what = f"must{what.removeprefix('Input should')}, not {shown(fault['input'])}"
    fixes = [Fix(fix[:1].upper() + fix[1:])] if fix else _hint(fault, where)
    gone = text_fix("Take it out, so that the default counts", {"do": "remove", "keys": where})
    notes.error("wrong-value", where, what, *fixes, *_with_unit(fault, where), gone)


def _with_unit(fault: ErrorDetails, where: Keys) -> list[Fix]:
    """The duration that was most likely meant by a bare number."""
    said = fault["input"]
    is_number = isinstance(said, (int, float)) or (isinstance(said, str) and said.isdecimal())
    if ("no unit" not in fault["msg"] and "no duration" not in fault["msg"]) or not is_number:
        return []
    return [_set(where, f"{said}s")]


def _set(where: Keys, value: Any) -> Fix:
    return text_fix(f"Write {value!r}", {"do": "set", "keys": where, "value": value})


def _hint(fault: ErrorDetails, where: Keys) -> list[Fix]:
    """Which of the allowed words was most likely meant."""
    said, context = fault["input"], fault.get("ctx", {})
    bound = context.get("ge", context.get("le"))
    if bound is not None and isinstance(said, (int, float)):
        return [_set(where, bound)]
    if fault["type"] != "literal_error" or not isinstance(said, str):
        return []
    allowed = str(fault.get("ctx", {}).get("expected", "")).replace(" or ", ", ").split(", ")
    meant = near(said, [word.strip("'") for word in allowed])
    change = {"do": "set", "keys": where, "value": meant}
    return [text_fix(f"Did you mean {meant!r}?", change)] if meant else []


def _fits(value: Any, keys: Keys, notes: Notes) -> bool:
    """Whether a value can stand in a state, which is JSON."""
    faults = list(_unfit(value, keys))
    for where, message, fix in faults:
        notes.error("wrong-value", where, message, Fix(fix))
    return not faults


def _unfit(value: Any, keys: Keys) -> Iterator[tuple[Keys, str, str]]:
    for key, inner in (table_of(value) or {}).items():
        yield from _unfit(inner, (*keys, key))
    for number, inner in enumerate(list_of(value) or ()):
        yield from _unfit(inner, (*keys, number))
    if isinstance(value, float) and not math.isfinite(value):
        yield keys, f"{value} is no number that a state can hold", "Write a number"
    elif isinstance(value, int) and not -(1 << 63) <= value < 1 << 63:
        yield keys, "is larger than 64 bits hold", "Write a smaller number"
    elif isinstance(value, (date, time)):
        yield keys, "is a date or time, which a state cannot hold", "Write it in quotes"
