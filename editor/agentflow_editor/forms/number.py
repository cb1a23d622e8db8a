"""A whole number, or one with a fraction; the arrow keys count up and down."""

from typing import Any

from agentflow_editor.forms._field import Field, FieldEditor, FormField, Surroundings
from agentflow_editor.forms._line import CountingLine

__all__ = ["FORM_FIELD"]


class NumberEditor(CountingLine):
    """A line for a number. What is no number is told as the text that it is."""

    def __init__(self, field: Field) -> None:
        self._field = field
        self._is_whole = field.kind is int
        super().__init__(placeholder=field.default_text or "not set", read=self._number)

    def _number(self, text: str) -> Any:
        try:
            return int(text) if self._is_whole else float(text)
        except ValueError:
            return text

    def count(self, step: int) -> None:
        now = self.value() if self.line.text() else self._field.default
        number = now if isinstance(now, (int, float)) else 0
        counted = number + step if self._is_whole else round(number + step / 10, 10)
        if not self._field.fault(counted):
            self.line.setText(str(counted))
            self.edited.emit(counted)


def _build(field: Field, _around: Surroundings) -> FieldEditor:
    return NumberEditor(field)


FORM_FIELD = FormField(
    name="number", rank=10, accepts=lambda field: field.kind in (int, float), build=_build
)
