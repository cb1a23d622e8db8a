"""Field, FieldEditor and FormField: a declared field, what edits it, and who offers that."""

import types
import typing
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Final, Literal, Union, cast, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined, to_jsonable_python
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from agentflow.field_docs import field_docs
from agentflow.flow.where import Keys
from agentflow_editor.forms._surroundings import Surroundings

__all__ = [
    "MIXED",
    "UNSET",
    "Field",
    "FieldEditor",
    "FormField",
    "Mixed",
    "Surroundings",
    "Unset",
    "fields_of",
    "said",
    "same",
]


_ACRONYMS = {
    "llm": "LLM",
    "mcp": "MCP",
    "url": "URL",
    "api": "API",
    "json": "JSON",
    "id": "ID",
    "ms": "(ms)",
}


class Unset:
    """The type of UNSET."""

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = Unset()
"""In place of a value: nothing is said, the default counts."""


class Mixed:
    """The type of MIXED."""

    def __repr__(self) -> str:
        return "MIXED"


MIXED: Final = Mixed()
"""In place of a value: several things are shown at once, and they say different ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One declared field of a model."""

    name: str
    title: str
    """As a label says it: "Max retries"."""
    help: str
    """What its docstring says, else that of the settings that it holds; "" where there is none."""
    kind: Any
    """Its type, without None and without annotations."""
    default: Any
    """As it would stand in a file; None for none."""
    is_required: bool
    can_be_none: bool
    form: str
    """The form field that the declaration asks for, in `json_schema_extra={"form": …}`."""
    adapter: TypeAdapter[Any]

    @property
    def choices(self) -> tuple[Any, ...]:
        """What may be chosen from; () where anything may be typed."""
        return get_args(self.kind) if get_origin(self.kind) is Literal else ()

    @property
    def model(self) -> type[BaseModel] | None:
        """The model of a nested field."""
        kind = self.kind
        return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None

    @property
    def default_text(self) -> str:
        """What counts while nothing is said, for a placeholder; "" where that is nothing."""
        if self.default is None or self.default == "" or isinstance(self.default, (dict, list)):
            return ""
        return str(self.default)

    def meaning(self, value: Any) -> Any:
        """The value as the program understands it; itself where it does not."""
        if isinstance(value, (Unset, Mixed)):
            return value
        try:
            return self.adapter.validate_python(value)
        except ValidationError:
            return value

    def fault(self, value: Any) -> str:
        """Why a value does not fit, as a sentence; "" when it does. Placeholders always fit."""
        if isinstance(value, Unset):
            return "a value is needed here" if self.is_required else ""
        if isinstance(value, str) and value.startswith("${") and value.endswith("}"):
            return ""
        try:
            self.adapter.validate_python(value)
        except ValidationError as error:
            return _sentence(error)
        return ""


class FieldEditor(QWidget):
    """Edits one value. It tells each edit, whether it fits or not; judging is the form's."""

    edited = Signal(object)
    """(value) As it would stand in a file, or UNSET."""
    part_edited = Signal(str, object)
    """(name, value) A part of it was edited, where it holds settings of their own."""
    doubted = Signal(str)
    """What is wrong with what is being typed and is not told yet; "" for nothing."""
    finished = Signal()
    """The person has left it, or pressed Enter."""
    focused = Signal(object)
    """(Field) A field inside it has the keyboard now."""

    def show_value(self, value: Any) -> None:
        """Show a value (or UNSET) without telling anybody."""
        raise NotImplementedError

    def forget(self) -> None:
        """Something else is shown next."""

    def show_mixed(self) -> None:
        """Show that there are several values, and none of them."""
        self.show_value(UNSET)

    def show_fault(self, fault: str) -> None:
        """Look as if something were wrong, or right again."""

    def show_fault_inside(self, name: str, fault: str) -> None:
        """Say what is wrong with a part of it."""

    def open_at(self, _keys: Keys) -> QWidget:
        """Unfold what shows a part of it, given by its keys; what is to be seen then."""
        return self

    def own_fault(self, _value: Any) -> str:
        """What is wrong with a value beside what its type says; "" for nothing."""
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """A kind of field widget. One file of this folder offers one, as FORM_FIELD."""

    name: str
    rank: int
    """Of several that accept a field, the one with the highest rank gets it."""
    accepts: Callable[[Field], bool]
    build: Callable[[Field, Surroundings], FieldEditor]
    has_own_label: bool = False
    """Whether the widget shows the field's title itself."""


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal and of one type: 1, 1.0 and True are three values."""
    return type(one) is type(other) and one == other


def said(model: BaseModel, leave_out: Collection[str] = ()) -> dict[str, Any]:
    """What is set on a value, as it would stand in a file, placeholders as they were written."""
    told = model.model_fields_set.difference(("placeholders", *leave_out))
    dumped = model.model_dump(mode="json", include=told)
    for name in dumped:
        part = getattr(model, name)
        if isinstance(part, BaseModel):
            dumped[name] = said(part)
    return {**dumped, **getattr(model, "placeholders", {})}


def fields_of(model: type[BaseModel], leave_out: Collection[str] = ()) -> dict[str, Field]:
    """The fields of a model that a person may set, in declared order."""
    return {name: field for name, field in _fields(model).items() if name not in leave_out}


@cache
def _fields(model: type[BaseModel]) -> dict[str, Field]:
    # Their adapters are what costs most in making a form, and models do not change.
    hints = typing.get_type_hints(model, include_extras=True)
    docs = field_docs(model)
    return {
        name: _field(name, info, hints[name], info.description or docs.get(name, ""))
        for name, info in model.model_fields.items()
        if not info.exclude
    }


def _field(name: str, info: FieldInfo, hint: Any, said_under: str) -> Field:
    kind, can_be_none = _bare(hint)
    said = info.json_schema_extra
    extra = {} if said is None or callable(said) else cast("dict[str, Any]", said)
    default = info.get_default(call_default_factory=True, validated_data={})
    annotated: Any = Annotated[hint, info] if info.metadata else hint
    return Field(
        name=name,
        title=info.title or _title(name),
        help=" ".join((said_under or _told_of(kind)).split()),
        kind=kind,
        default=None if default is PydanticUndefined else _as_in_a_file(default, hint),
        is_required=info.is_required(),
        can_be_none=can_be_none,
        form=str(extra.get("form", "")),
        adapter=TypeAdapter(annotated),
    )


def _told_of(kind: Any) -> str:
    """What is said of the settings that a field holds."""
    is_ours = isinstance(kind, type) and issubclass(kind, BaseModel)
    return (kind.__doc__ or "").partition("\n\n")[0] if is_ours else ""


def _title(name: str) -> str:
    words = [_ACRONYMS.get(word, word) for word in name.split("_")]
    return words[0][:1].upper() + " ".join(words)[1:]


def _as_in_a_file(default: Any, hint: Any) -> Any:
    if isinstance(default, BaseModel):
        return default.model_dump(mode="json", exclude_defaults=True)
    try:
        return TypeAdapter(hint).dump_python(default, mode="json")
    except Exception:  # noqa: BLE001 - a serializer of somebody else's may raise anything
        return to_jsonable_python(default, fallback=str)


def _bare(hint: Any) -> tuple[Any, bool]:
    """The type without Annotated and None, and whether None was there."""
    if get_origin(hint) is Annotated:
        return _bare(get_args(hint)[0])
    if get_origin(hint) in (Union, types.UnionType):
        kinds = [kind for kind in get_args(hint) if kind is not types.NoneType]
        none_was_there = len(kinds) < len(get_args(hint))
        if len(kinds) == 1:
            return _bare(kinds[0])[0], none_was_there
        return Union[tuple(kinds)], none_was_there  # noqa: UP007 - made at run time
    return hint, False


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=True, include_input=False)[0]
    cause = first.get("ctx", {}).get("error")
    text = str(cause) if cause is not None else first["msg"]
    place = ".".join(str(part) for part in first["loc"] if part != "union_tag")
    text = text.removeprefix("Value error, ").removeprefix("Input ")
    return f"{place}: {text}" if place else text
