"""Settings: what may be set on an agent type, a mode or the whole flow, declared once.

Parsing, problems, the inspector's form and the reference docs are all read off these declarations.
"""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Self, cast

from pydantic import BaseModel, ConfigDict, Field, ModelWrapValidatorHandler, model_validator

from agentflow.errors import MissingSecretError
from agentflow.spellings import spellings

__all__ = ["AskedEnvironment", "Settings", "Value", "asked_names", "resolve_text"]

_PLACEHOLDER = re.compile(r"\$\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?::(?P<default>[^}]*))?\}")


_SHORTEST_HIDDEN = 6
"""Characters of a value that is hidden; a shorter one would be found where it was not meant."""


class AskedEnvironment(Mapping[str, str]):
    """An environment that notes what was asked of it: values that no record may show."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._asked: dict[str, str] = {}
        self._spelled: list[tuple[str, str]] = []

    def __getitem__(self, name: str) -> str:
        value = self._environ[name]
        if self._asked.get(name) != value:
            self._asked[name] = value
            self._spelled = self._spellings()
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self._environ)

    def __len__(self) -> int:
        return len(self._environ)

    def hidden(self) -> dict[str, str]:
        """By name, what was asked for and is long enough to be found where it was not meant."""
        return {
            name: value
            for name, value in tuple(self._asked.items())
            if len(value) >= _SHORTEST_HIDDEN
        }

    def unsaid(self, text: str) -> str:
        """The text, with "${NAME}" wherever it shows what NAME was said to be, however spelled."""
        for said, name in self._spelled:
            text = text.replace(said, f"${{{name}}}")
        return text

    def _spellings(self) -> list[tuple[str, str]]:
        """What is hidden, and by which name; the longest first: one may be a part of another."""
        told = [
            (it, name) for name, value in self.hidden().items() for it in spellings(value).values()
        ]
        return sorted(told, key=lambda it: -len(it[0]))


class Value(BaseModel):
    """A frozen value that is compared by what it says."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Settings(Value):
    """Declared settings. Any field may be written as "${NAME}" or "${NAME:default}".

    Such a placeholder is kept as it stands until `resolved`: nothing is read from the environment
    when a file is opened, and no secret is ever written.
    """

    placeholders: dict[str, str] = Field(default_factory=dict, exclude=True, repr=False)
    """The fields that are no texts and that the file gives as a placeholder, as written there."""

    @model_validator(mode="wrap")
    @classmethod
    def _keep_placeholders(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        if not isinstance(data, Mapping):
            return handler(data)
        given = dict(cast("Mapping[str, Any]", data))
        kept = {
            key: value
            for key, value in given.items()
            if isinstance(value, str)
            and key in cls.model_fields
            and _PLACEHOLDER.fullmatch(value)
            and not _takes_text(cls, key)
        }
        if not kept:
            return handler(data)
        rest = {key: value for key, value in given.items() if key not in kept}
        return handler({**rest, "placeholders": kept})

    def given(self) -> dict[str, Any]:
        """What was written, placeholders as they stand."""
        fields = {name: getattr(self, name) for name in self.model_fields_set}
        fields.pop("placeholders", None)
        return fields | self.placeholders

    def resolved(self, environ: Mapping[str, str] = os.environ, *, where: str = "") -> Self:
        """The same settings with every placeholder replaced from the environment.

        Raises:
            MissingSecretError: the environment lacks a name that has no default.
            pydantic.ValidationError: what the environment says does not fit its field.
        """
        values = self.given()
        changed = {
            key: _resolve(value, environ, f"{where}.{key}" if where else key)
            for key, value in values.items()
        }
        return self if changed == values else type(self).model_validate(changed)


def _takes_text(cls: type[BaseModel], name: str) -> bool:
    annotation: Any = cls.model_fields[name].annotation
    return annotation in (str, str | None)


def _resolve(value: Any, environ: Mapping[str, str], where: str) -> Any:
    if isinstance(value, str):
        return resolve_text(value, environ, where)
    if isinstance(value, Settings):
        return value.resolved(environ, where=where)
    if isinstance(value, Value):
        given = {name: getattr(value, name) for name in value.model_fields_set}
        found = {key: _resolve(it, environ, f"{where}.{key}") for key, it in given.items()}
        return value if found == given else found
    if isinstance(value, dict):
        items = cast("dict[str, Any]", value).items()
        return {key: _resolve(it, environ, f"{where}.{key}") for key, it in items}
    if isinstance(value, (list, tuple)):
        members = cast("Sequence[Any]", value)
        return [_resolve(it, environ, f"{where}[{number}]") for number, it in enumerate(members)]
    return value


def asked_names(value: Any) -> tuple[str, ...]:
    """The environment variables that the placeholders in a value name, sorted."""
    return tuple(sorted(set(_names_in(value))))


def _names_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from (match["name"] for match in _PLACEHOLDER.finditer(value))
    elif isinstance(value, BaseModel):
        yield from _names_in([getattr(value, name) for name in type(value).model_fields])
    elif isinstance(value, Mapping):
        yield from _names_in(list(cast("Mapping[str, Any]", value).values()))
    elif isinstance(value, (list, tuple)):
        for item in cast("Sequence[Any]", value):
            yield from _names_in(item)


def resolve_text(text: str, environ: Mapping[str, str], where: str = "") -> str:
    """A text with each "${NAME}" and "${NAME:default}" in it replaced.

    Raises:
        MissingSecretError: the environment lacks a name that has no default.
    """

    def value(match: re.Match[str]) -> str:
        found = environ.get(match["name"], cast("str | None", match["default"]))
        if found is None:
            raise MissingSecretError(where, match["name"])
        return found

    return _PLACEHOLDER.sub(value, text) if "${" in text else text
