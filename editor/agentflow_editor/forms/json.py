"""Any other value, written as JSON: no declaration is left without a field."""

import json
from typing import Any, get_origin

from agentflow_editor.forms._field import Field, FieldEditor, FormField, Surroundings
from agentflow_editor.forms._lines import LinesEditor

__all__ = ["FORM_FIELD"]


class JsonEditor(LinesEditor):
    """Lines of JSON. What is no JSON is told as the text that it is."""

    def __init__(self, field: Field) -> None:
        is_list = get_origin(field.kind) in (list, tuple)
        example = "[1, 2]" if is_list else '{"answer": 42}'
        super().__init__(
            placeholder=f"JSON, for example {example}",
            read=_read,
            write=_write,
            is_code=True,
            fewest=1,
        )
        self._takes_text = field.kind is Any

    def own_fault(self, value: Any) -> str:
        if not isinstance(value, str) or self._takes_text:
            return ""
        try:
            json.loads(value)
        except ValueError as error:
            return f"this is not JSON: {error}"
        return ""


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _write(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)


def _build(field: Field, _around: Surroundings) -> FieldEditor:
    return JsonEditor(field)


FORM_FIELD = FormField(name="json", rank=0, accepts=lambda _: True, build=_build)
