"""A list of things that have several fields each: rows, and a form for the one that is current."""

from collections.abc import Mapping
from typing import Any, cast, get_args, get_origin

from pydantic import BaseModel

from agentflow_editor.forms._field import (
    UNSET,
    Field,
    FieldEditor,
    FormField,
    Surroundings,
    fields_of,
)
from agentflow_editor.forms.base import Form
from agentflow_editor.widgets.column import column_in
from agentflow_editor.widgets.row_list import RowList

__all__ = ["FORM_FIELD", "RecordsEditor"]

Record = dict[str, Any]


class RecordsEditor(FieldEditor):
    """Tells all of its rows whenever one of them is edited."""

    def __init__(self, field: Field, model: type[BaseModel], around: Surroundings) -> None:
        super().__init__()
        self._model, self._around = model, around
        self._fields = fields_of(model)
        self._rows: list[Record] = []
        self.form: Form | None = None
        """Of the current row."""
        self.rows = RowList(field.title, of="row")
        self.rows.add_wanted.connect(self._add)
        self.rows.remove_wanted.connect(self._remove)
        self.rows.move_wanted.connect(self._move)
        self.rows.rename_wanted.connect(self._enter)
        self.rows.picked.connect(self._show_form)
        self._column = column_in(self, gap=6)
        self._column.addWidget(self.rows)
        self.setFocusProxy(self.rows.list)
        self._show()

    def show_value(self, value: Any) -> None:
        told = cast("list[Any]", value) if isinstance(value, (list, tuple)) else []
        rows = [dict(cast("Record", it)) for it in told if isinstance(it, Mapping)]
        if rows != self._rows:
            self._rows = rows
            self._show()

    def _show(self) -> None:
        self.rows.show_rows([_label(it) for it in self._rows])
        self._show_form(self.rows.row)

    def _show_form(self, row: int) -> None:
        last = len(self._rows) - 1
        self.rows.allow(up=row > 0, down=0 <= row < last, remove=row >= 0)
        is_there = 0 <= row <= last
        if is_there and self.form is None:
            self.form = self._made_form()
        if self.form is not None:
            self.form.setVisible(is_there)
            self.form.show_values(self._rows[row] if is_there else {})

    def _made_form(self) -> Form:
        form = Form(self._model, around=self._around, parent=self)
        form.setContentsMargins(14, 0, 0, 4)
        form.edited.connect(self._on_edited)
        form.left.connect(self.finished)
        form.focused.connect(self.focused)
        self._column.addWidget(form)
        return form

    def _enter(self, _row: int = -1) -> None:
        if self.form is not None and self._rows:
            self.form.focus(next(iter(self._fields)))

    def _add(self) -> None:
        needed = {name: _blank(field) for name, field in self._fields.items() if field.is_required}
        self._change([*self._rows, needed], len(self._rows))
        self._enter()

    def _remove(self, row: int) -> None:
        kept = [it for number, it in enumerate(self._rows) if number != row]
        self._change(kept, min(row, len(kept) - 1))

    def _move(self, row: int, by: int) -> None:
        rows = list(self._rows)
        rows.insert(row + by, rows.pop(row))
        self._change(rows, row + by)

    def _change(self, rows: list[Record], current: int) -> None:
        self.finished.emit()
        self._rows = rows
        self.rows.show_rows([_label(it) for it in rows])
        self.rows.list.setCurrentRow(current)
        self._show_form(current)
        self._tell()
        self.finished.emit()

    def _on_edited(self, name: str, value: Any) -> None:
        row = self._rows[self.rows.row]
        others = {key: kept for key, kept in row.items() if key != name}
        self._rows[self.rows.row] = others if value is UNSET else {**others, name: value}
        self.rows.show_rows([_label(it) for it in self._rows])
        self._tell()

    def _tell(self) -> None:
        self.edited.emit([dict(it) for it in self._rows] or UNSET)


def _label(record: Record) -> str:
    said = (it for it in record.values() if isinstance(it, (str, int, float)) and it != "")
    return " · ".join(map(str, said)) or "not filled in yet"


def _blank(field: Field) -> Any:
    return field.choices[0] if field.choices else "" if field.kind is str else field.default


def _model_of(field: Field) -> type[BaseModel] | None:
    kinds = get_args(field.kind) if get_origin(field.kind) in (tuple, list) else ()
    kind: Any = kinds[0] if kinds else None
    if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
        return None
    return kind if kinds[1:] in ((), (...,)) else None


def _build(field: Field, around: Surroundings) -> FieldEditor:
    model = _model_of(field)
    assert model is not None
    return RecordsEditor(field, model, around)


FORM_FIELD = FormField(
    name="records", rank=12, accepts=lambda field: _model_of(field) is not None, build=_build
)
