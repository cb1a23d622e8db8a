"""A condition over the state, compiled while it is typed, with the keys that there may be."""

from typing import Any

from agentflow.errors import ConditionError
from agentflow.flow.condition import compile_condition
from agentflow_editor.forms._field import Field, FieldEditor, FormField, Surroundings
from agentflow_editor.forms._keys import condition_told, find_in_expression
from agentflow_editor.forms._line import LineEditor
from agentflow_editor.looks.fonts import mono

__all__ = ["FORM_FIELD"]

_NAMES = frozenset({"condition", "when"})


def _accepts(field: Field) -> bool:
    return field.kind is str and (field.form == "condition" or field.name in _NAMES)


def _fault(value: Any) -> str:
    if not isinstance(value, str):
        return ""
    try:
        compile_condition(value)
    except ConditionError as error:
        return str(error)
    return ""


def _build(_field: Field, around: Surroundings) -> FieldEditor:
    editor = LineEditor(placeholder="for example score >= 0.9", check=_fault)
    editor.line.setFont(mono(12))
    editor.offer(find_in_expression(around))
    editor.tell_live(condition_told, around)
    return editor


FORM_FIELD = FormField(name="condition", rank=20, accepts=_accepts, build=_build)
