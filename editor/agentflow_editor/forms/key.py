"""The name of a key of the state, one of those that may be there or any other."""

from agentflow_editor.forms._field import Field, FieldEditor, FormField, Surroundings
from agentflow_editor.forms._keys import find_key, key_told
from agentflow_editor.forms._line import LineEditor
from agentflow_editor.looks.fonts import mono

__all__ = ["FORM_FIELD"]


def _build(field: Field, around: Surroundings) -> FieldEditor:
    editor = LineEditor(placeholder=field.default_text)
    editor.line.setFont(mono(12))
    editor.offer(find_key(around))
    editor.tell_live(key_told, around)
    return editor


FORM_FIELD = FormField(
    name="key",
    rank=20,
    accepts=lambda field: field.kind is str and field.form == "key",
    build=_build,
)
