"""A text on one line."""

from agentflow_editor.forms._field import Field, FieldEditor, FormField, Surroundings
from agentflow_editor.forms._line import LineEditor

__all__ = ["FORM_FIELD"]


def _build(field: Field, _around: Surroundings) -> FieldEditor:
    return LineEditor(placeholder=field.default_text)


FORM_FIELD = FormField(name="text", rank=10, accepts=lambda field: field.kind is str, build=_build)
