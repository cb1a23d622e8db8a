"""A list of texts, one on each line."""

from typing import Any, get_args, get_origin

from agentflow_editor.forms._field import Field, FieldEditor, FormField, Surroundings
from agentflow_editor.forms._lines import LinesEditor

__all__ = ["FORM_FIELD"]


def _accepts(field: Field) -> bool:
    origin, kinds = get_origin(field.kind), get_args(field.kind)
    return origin in (tuple, list, set, frozenset) and kinds[:1] == (str,)


def _read(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _write(value: Any) -> str:
    return value if isinstance(value, str) else "\n".join(map(str, value))


def _build(_field: Field, _around: Surroundings) -> FieldEditor:
    return LinesEditor(placeholder="one on each line", read=_read, write=_write, fewest=2)


FORM_FIELD = FormField(name="texts", rank=12, accepts=_accepts, build=_build)
