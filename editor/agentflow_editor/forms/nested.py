"""Settings inside settings, in a group that folds."""

from typing import Any

from pydantic import BaseModel
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton, QWidget

from agentflow.flow.where import Keys
from agentflow_editor.forms._field import (
    UNSET,
    Field,
    FieldEditor,
    FormField,
    Surroundings,
)
from agentflow_editor.forms.base import Form
from agentflow_editor.widgets.column import column_in

__all__ = ["FORM_FIELD"]


class NestedEditor(FieldEditor):
    """A form inside a form, which tells part by part. It opens where something is set in it."""

    def __init__(self, field: Field, model: type[BaseModel], around: Surroundings) -> None:
        super().__init__()
        self._title, self._model, self._around = field.title, model, around
        self._values: dict[str, Any] = {}
        self.form: Form | None = None
        """Made when it is opened for the first time."""
        self.header = QToolButton()
        self.header.setObjectName("fold")
        self.header.setCheckable(True)
        self.header.setAutoRaise(True)
        self.header.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.header.toggled.connect(self._fold)
        self._column = column_in(self, gap=2)
        self._column.addWidget(self.header)
        self.setFocusProxy(self.header)
        self._fold(False)

    def show_value(self, value: Any) -> None:
        values: dict[str, Any] = dict(value) if isinstance(value, dict) else {}  # pyright: ignore[reportUnknownArgumentType]
        opens = bool(values) and not self._values
        self._values = values
        if self.form is not None:
            self.form.show_values(values)
        if opens:
            self.header.setChecked(True)
        self._say_how_many()

    def _fold(self, is_open: bool) -> None:
        if is_open and self.form is None:
            self.form = self._made_form()
        if self.form is not None:
            self.form.setVisible(is_open)
        self.header.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)
        self._say_how_many()

    def _made_form(self) -> Form:
        form = Form(self._model, around=self._around, parent=self)
        form.setContentsMargins(14, 2, 0, 4)
        form.show_values(self._values)
        form.edited.connect(self._on_edited)
        form.left.connect(self.finished)
        form.focused.connect(self.focused)
        self._column.addWidget(form)
        return form

    def _say_how_many(self) -> None:
        count = len(self._values)
        self.header.setText(f"{self._title} · {count} set" if count else self._title)

    def _on_edited(self, name: str, value: Any) -> None:
        if "." not in name:
            values = {key: kept for key, kept in self._values.items() if key != name}
            self._values = values if value is UNSET else {**values, name: value}
            self._say_how_many()
        self.part_edited.emit(name, value)

    def forget(self) -> None:
        if self.form is not None:
            for row in self.form.rows.values():
                row.forget()

    def open_at(self, keys: Keys) -> QWidget:
        self.header.setChecked(True)
        return (self.form and self.form.open_at(keys)) or self

    def show_fault_inside(self, name: str, fault: str) -> None:
        if self.form is not None:
            self.form.show_fault(name, fault)


def _build(field: Field, around: Surroundings) -> FieldEditor:
    assert field.model is not None
    return NestedEditor(field, field.model, around)


FORM_FIELD = FormField(
    name="nested",
    rank=10,
    accepts=lambda field: field.model is not None,
    build=_build,
    has_own_label=True,
)
