"""A duration as Go writes it: "250ms", "1m30s"."""

from datetime import timedelta

from agentflow.duration import format_duration
from agentflow_editor.forms._field import Field, FieldEditor, FormField, Surroundings
from agentflow_editor.forms._line import LineEditor

__all__ = ["FORM_FIELD"]


def _write(value: object) -> str:
    return format_duration(value) if isinstance(value, timedelta) else str(value)


def _build(field: Field, _around: Surroundings) -> FieldEditor:
    return LineEditor(placeholder=field.default_text or "none; for example 30s", write=_write)


FORM_FIELD = FormField(
    name="duration", rank=10, accepts=lambda field: field.kind is timedelta, build=_build
)
