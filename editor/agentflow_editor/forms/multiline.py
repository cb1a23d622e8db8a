"""A text of several lines: a prompt, a template."""

import re

from agentflow_editor.forms._field import Field, FieldEditor, FormField, Surroundings
from agentflow_editor.forms._lines import LinesEditor

__all__ = ["FORM_FIELD"]

_LONG = re.compile(r"(^|_)(prompt|template|text|instructions|description|body)$")


def _accepts(field: Field) -> bool:
    return field.kind is str and (field.form == "multiline" or bool(_LONG.search(field.name)))


def _build(field: Field, _around: Surroundings) -> FieldEditor:
    fewest = 2 if field.name == "description" else 4
    return LinesEditor(placeholder=field.default_text, fewest=fewest)


FORM_FIELD = FormField(name="multiline", rank=15, accepts=_accepts, build=_build)
