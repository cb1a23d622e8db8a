"""A list of numbers on one line: "2, 5", or the two ends of a range: "0, 1"."""

import re
from typing import Any, get_args, get_origin

from agentflow_editor.forms._field import Field, FieldEditor, FormField, Surroundings
from agentflow_editor.forms._line import LineEditor

__all__ = ["FORM_FIELD"]


def _accepts(field: Field) -> bool:
    kinds = [it for it in get_args(field.kind) if it is not ...]
    is_list = get_origin(field.kind) in (tuple, list)
    return is_list and bool(kinds) and all(kind in (int, float) for kind in kinds)


def _read(text: str) -> Any:
    parts = [part for part in re.split(r"[\s,;]+", text.strip("[]() ")) if part]
    try:
        return [int(part) if re.fullmatch(r"[+-]?\d+", part) else float(part) for part in parts]
    except ValueError:
        return text


def _write(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)  # pyright: ignore[reportUnknownArgumentType]


def _build(field: Field, _around: Surroundings) -> FieldEditor:
    is_range = len([it for it in get_args(field.kind) if it is not ...]) > 1
    placeholder = "none; for example 0, 1" if is_range else "none; for example 2, 5"
    return LineEditor(placeholder=placeholder, read=_read, write=_write)


FORM_FIELD = FormField(name="numbers", rank=12, accepts=_accepts, build=_build)
