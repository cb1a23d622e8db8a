"""Reads a loop's condition that is written as a table, as an expression."""

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from agentflow.flow.read_notes import Notes
from agentflow.flow.toml_values import list_of, table_of
from agentflow.flow.where import Keys
from agentflow.problem import Fix

__all__ = ["condition_of_table"]

_NAME = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*", re.ASCII)
_OPERATORS = {">=": ">=", "<=": "<=", ">": ">", "<": "<", "==": "==", "=": "==", "!=": "!="}


def condition_of_table(table: Mapping[str, Any], keys: Keys, notes: Notes) -> str:
    """The expression that says the same; "" and a problem when there is none."""
    kind = table.get("type")
    if kind == "quality_threshold":
        criterion = {"field": table.get("field"), "operator": ">=", "value": table.get("threshold")}
        return _comparison(criterion, keys, notes)
    if kind == "multi_criteria":
        return _all_of(table.get("criteria"), (*keys, "criteria"), notes)
    if kind == "adaptive":
        return _adaptive(table, keys, notes)
    fix = Fix('Write it as an expression: condition = "quality_score >= 0.9"')
    message = f"{kind!r} is no type of condition"
    notes.error("unsupported-condition", (*keys, "type"), message, fix)
    return ""


def _adaptive(table: Mapping[str, Any], keys: Keys, notes: Notes) -> str:
    """A threshold that falls by `decay_rate` with each pass after `decay_after_iteration`."""
    field: Any = table.get("field", "quality_score")
    base: Any = table.get("base_threshold")
    rate: Any = table.get("decay_rate", 0.0)
    after: Any = table.get("decay_after_iteration", 0)
    if not isinstance(field, str) or not _NAME.fullmatch(field):
        notes.wrong_kind((*keys, "field"), "the name of a value in the state", field)
    elif not _is_number(base):
        notes.wrong_kind((*keys, "base_threshold"), "a number", base)
    elif not _is_number(rate):
        notes.wrong_kind((*keys, "decay_rate"), "a number", rate)
    elif not isinstance(after, int) or isinstance(after, bool):
        notes.wrong_kind((*keys, "decay_after_iteration"), "a whole number", after)
    else:
        fallen = f"{float(base)} - {float(rate)} * double(iteration - {after})"
        return f"{field} >= (iteration > {after} ? {fallen} : {float(base)})"
    return ""


def _is_number(value: Any) -> bool:
    is_one = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_one and math.isfinite(value)


def _all_of(criteria: Any, keys: Keys, notes: Notes) -> str:
    listed = list_of(criteria)
    if not listed:
        notes.wrong_kind(keys, "a list of tables with field, operator and value", criteria)
        return ""
    told = [_comparison(it, (*keys, number), notes) for number, it in enumerate(listed)]
    return " && ".join(told) if all(told) else ""


def _comparison(criterion: Any, keys: Keys, notes: Notes) -> str:
    said = table_of(criterion) or {}
    field, value = said.get("field"), said.get("value")
    operator = _OPERATORS.get(str(said.get("operator")))
    if not isinstance(field, str) or not _NAME.fullmatch(field):
        notes.wrong_kind((*keys, "field"), "the name of a value in the state", field)
    elif operator is None:
        notes.wrong_kind((*keys, "operator"), "one of >= <= > < == !=", said.get("operator"))
    elif not isinstance(value, (str, int, float)):
        notes.wrong_kind((*keys, "value"), "a number, a text or a truth value", value)
    else:
        return f"{field} {operator} {json.dumps(value, ensure_ascii=False)}"
    return ""
