"""A template of one line, such as an address."""

from agentflow_editor.forms._field import Field, FieldEditor, FormField, Surroundings
from agentflow_editor.forms._keys import find_in_template, template_told
from agentflow_editor.forms._line import LineEditor
from agentflow_editor.forms.template import template_fault
from agentflow_editor.looks.fonts import mono

__all__ = ["FORM_FIELD"]


def _build(field: Field, around: Surroundings) -> FieldEditor:
    editor = LineEditor(placeholder=field.default_text, check=template_fault)
    editor.line.setFont(mono(12))
    editor.offer(find_in_template(around))
    editor.tell_live(template_told, around)
    return editor


FORM_FIELD = FormField(
    name="template-line",
    rank=20,
    accepts=lambda field: field.kind is str and field.form == "template-line",
    build=_build,
)
