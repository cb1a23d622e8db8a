"""Values: one setting of a frozen value made another, checked by the value's own declaration."""

from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from agentflow.settings import Settings
from agentflow_editor.document.edits.error import EditError

__all__ = ["carried", "changed"]

V = TypeVar("V", bound=BaseModel)
S = TypeVar("S", bound=Settings)


def changed(value: V, field: str, new: Any, where: str) -> V:
    """The same value with one field set.

    Args:
        value: settings, or a part of them.
        field: a field's name, or "llm.model" for one of a part.
        new: what it is set to, or a text such as "${NAME}"; None puts it back to its default.
        where: the value's place in the file, for the error.

    Raises:
        EditError: there is no such field, or it cannot be that.
    """
    head, _, rest = field.partition(".")
    info = type(value).model_fields.get(head)
    if info is None or head == "placeholders":
        raise EditError(f"{where}.{head}", "there is no such setting", "choose one that there is")
    if rest:
        part = getattr(value, head) or _part(info.annotation, f"{where}.{head}")()
        new = changed(part, rest, new, f"{where}.{head}")
        new = new if new.model_fields_set else None
    given = _given(value)
    given.pop(head, None)
    if new is not None:
        given[head] = new
    try:
        return type(value).model_validate(given)
    except ValidationError as error:
        raise _told(error, where) from None


def carried(old: Settings, new: S) -> S:
    """New settings with what was said in old ones, as far as they have that and it fits."""
    given: dict[str, Any] = {key: getattr(old, key) for key in old.model_fields_set}
    for field, value in {**given, **old.placeholders}.items():
        try:
            new = changed(new, field, value, "")
        except EditError:
            continue
    return new


def _given(value: BaseModel) -> dict[str, Any]:
    """What was said of a value, placeholders as they were written."""
    given = {name: getattr(value, name) for name in value.model_fields_set}
    placeholders = given.pop("placeholders", {})
    return given | placeholders


def _part(annotation: Any, where: str) -> type[BaseModel]:
    for kind in (annotation, *get_args(annotation)):
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return kind
    raise EditError(where, "it has no settings of its own", "set it as a whole")


def _told(error: ValidationError, where: str) -> EditError:
    first = error.errors(include_url=False)[0]
    place = ".".join((where, *map(str, first["loc"])))
    message = first["msg"].removeprefix("Value error, ")
    return EditError(place, message[:1].lower() + message[1:])
