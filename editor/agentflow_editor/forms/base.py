"""Form: the fields of a settings model, one under the other, judged as they are typed."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import cache, cached_property
from typing import Any

from pydantic import BaseModel
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from agentflow.discovery import offered
from agentflow.flow.where import Keys
from agentflow_editor import forms
from agentflow_editor.forms._field import (
    MIXED,
    UNSET,
    Field,
    FormField,
    Mixed,
    Surroundings,
    Unset,
    fields_of,
    said,
    same,
)
from agentflow_editor.forms._secrets import secret_fault
from agentflow_editor.looks.plain_text import PlainLabel, plain_tooltip
from agentflow_editor.widgets.column import column_in

__all__ = [
    "MIXED",
    "UNSET",
    "Field",
    "Form",
    "Mixed",
    "Surroundings",
    "Unset",
    "fields_of",
    "form_for",
    "said",
    "same",
]

OnChange = Callable[[str, Any], str]
"""(field, value or UNSET) → what is wrong with that, or ""."""


class Form(QWidget):
    """One widget for each field of a model. What does not fit goes no further than its row."""

    edited = Signal(str, object)
    """(field, value) The value fits, and is as it would stand in a file, or UNSET; what is set
    inside inner settings is told by itself, as "llm.model"."""
    left = Signal(str)
    """(field) The person is done with it for now."""
    focused = Signal(object)
    """(Field) It has the keyboard now."""

    def __init__(
        self,
        model: type[BaseModel],
        *,
        around: Surroundings | None = None,
        leave_out: Collection[str] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.model = model
        column = column_in(self, gap=9)
        own = replace(around or Surroundings(), said=self.said)
        self.rows: dict[str, _Row] = {}
        self.rows |= {
            name: _Row(self, field, own) for name, field in fields_of(model, leave_out).items()
        }
        for row in self.rows.values():
            column.addWidget(row)

    def show_values(self, values: Mapping[str, Any]) -> None:
        """Show what is set, MIXED where that is several; others take their defaults."""
        for name, row in self.rows.items():
            row.show_value(values.get(name, UNSET))

    def begin(self, values: Mapping[str, Any]) -> None:
        """Show the values of another thing: what was typed and did not fit is gone."""
        for row in self.rows.values():
            row.forget()
        self.show_values(values)

    def show_fault(self, name: str, fault: str) -> None:
        """Say under a field what is wrong with it; "" says that nothing is."""
        name, _, inner = name.partition(".")
        if row := self.rows.get(name):
            row.show_fault(fault, inner)

    def said(self, name: str) -> Any:
        """What a field says as far as that fits; UNSET for nothing, or where there is no such."""
        row = self.rows.get(name)
        return UNSET if row is None else row.meant

    def open_at(self, keys: Keys) -> QWidget | None:
        """What shows a setting, given by its keys, unfolded; None where nothing does."""
        row = self.rows.get(str(keys[0])) if keys else None
        if row is None:
            return None
        inner = row.editor.open_at(keys[1:])
        return row if inner is row.editor else inner

    def focus(self, name: str) -> None:
        """Give a field the keyboard, as the Tab key would: what is in it is selected."""
        if row := self.rows.get(name):
            row.editor.setFocus(Qt.FocusReason.TabFocusReason)


class _Row(QWidget):
    """A field's label, its widget, and what is wrong with it."""

    def __init__(self, form: Form, field: Field, around: Surroundings) -> None:
        super().__init__(form)
        self._form, self.field = form, field
        self._meant: tuple[Any] | None = None
        kind = _kind_of(field)
        self.editor = kind.build(field, around)
        self.editor.edited.connect(self._judge)
        self.editor.doubted.connect(self.show_fault)
        self.editor.part_edited.connect(self._tell_part)
        self.editor.focused.connect(form.focused)
        self.editor.finished.connect(lambda: form.left.emit(field.name))
        column = self._column = column_in(self, gap=3)
        if not kind.has_own_label:
            label = PlainLabel(field.title + (" *" if field.is_required else ""))
            label.setWordWrap(True)
            label.setBuddy(self.editor)
            column.addWidget(label)
        column.addWidget(self.editor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setToolTip(plain_tooltip(field.help))
        self._listen_to_focus()

    @property
    def meant(self) -> Any:
        """The last value that fits."""
        return UNSET if self._meant is None else self._meant[0]

    # Most fields never have anything to tell, and each label takes its time.

    @cached_property
    def _fault(self) -> PlainLabel:
        label = _told("", "fault")
        self._column.addWidget(label)
        return label

    @cached_property
    def _several(self) -> PlainLabel:
        label = _told("Several values; what is set here is set for all.", "hint")
        self._column.insertWidget(self._column.indexOf(self.editor) + 1, label)
        return label

    def forget(self) -> None:
        """Show whatever is shown next, also where that means the same."""
        self._meant = None
        self.editor.forget()

    def show_value(self, value: Any) -> None:
        meant = self.field.meaning(value)
        # What is being typed stays as it is typed: "60s" and "1m0s" mean the same.
        if self._meant is not None and same(meant, self._meant[0]):
            return
        self._meant = (meant,)
        is_mixed = isinstance(value, Mixed)
        self._show_several(is_mixed)
        if is_mixed:
            self.editor.show_mixed()
        else:
            self.editor.show_value(value)
        is_said = not is_mixed and not isinstance(value, Unset)
        self.show_fault(self._fault_of(value) if is_said else "")

    def show_fault(self, fault: str, inner: str = "") -> None:
        if inner:
            self.editor.show_fault_inside(inner, fault)
            return
        if fault or "_fault" in vars(self):
            self._fault.setText(fault[:1].upper() + fault[1:])
            self._fault.setVisible(bool(fault))
        self.editor.show_fault(fault)

    def _show_several(self, is_mixed: bool) -> None:
        if is_mixed or "_several" in vars(self):
            self._several.setVisible(is_mixed)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            self._form.focused.emit(self.field)
        return super().eventFilter(watched, event)

    def _listen_to_focus(self) -> None:
        target = self.editor.focusProxy() or self.editor
        target.setAccessibleName(self.field.title)
        target.setAccessibleDescription(self.field.help)
        target.installEventFilter(self)

    def _fault_of(self, value: Any) -> str:
        return self.editor.own_fault(value) or secret_fault(value) or self.field.fault(value)

    def _tell_part(self, inner: str, value: Any) -> None:
        self._form.edited.emit(f"{self.field.name}.{inner}", value)

    def _judge(self, value: Any) -> None:
        fault = self._fault_of(value)
        self.show_fault(fault)
        if not fault:
            self._meant = (self.field.meaning(value),)
            self._show_several(False)
            self._form.edited.emit(self.field.name, value)


def _told(text: str, role: str) -> PlainLabel:
    label = PlainLabel(text)
    label.setObjectName(role)
    label.setWordWrap(True)
    label.hide()
    return label


def form_for(
    model: type[BaseModel],
    values: Mapping[str, Any],
    on_change: OnChange,
    *,
    around: Surroundings | None = None,
    leave_out: Collection[str] = (),
    parent: QWidget | None = None,
) -> Form:
    """A form for any settings model, filled in.

    Args:
        model: its fields, their types and docstrings make the form.
        values: what is set, as it would stand in a file.
        on_change: called with each edit that fits its field; what it answers is shown under it.
        around: what fields may offer beside their declaration.
        leave_out: fields that are shown elsewhere, or not at all.
        parent: what it is in. Given later, Qt looks at all of the form again.
    """
    form = Form(model, around=around, leave_out=leave_out, parent=parent)
    form.show_values(values)

    def hand_on(name: str, value: Any) -> None:
        form.show_fault(name, on_change(name, value))

    form.edited.connect(hand_on)
    return form


def _kind_of(field: Field) -> FormField:
    named = [kind for kind in _kinds() if kind.name == field.form and kind.accepts(field)]
    fitting = named or [kind for kind in _kinds() if kind.accepts(field)]
    return max(fitting, key=lambda kind: kind.rank)


@cache
def _kinds() -> tuple[FormField, ...]:
    return tuple(offered(forms, "FORM_FIELD", FormField))
