"""Settings as tables of agentflow.toml: what a file says of them, and what it need not say."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import BaseModel

from agentflow.flow.read_settings import file_keys, nested_settings
from agentflow.settings import Settings

__all__ = ["Default", "SettingTables", "Tables"]

Tables = dict[str, Any]
"""Values by key; a Default stands for a key that need not be written."""

_REQUIRED = object()


@dataclass(frozen=True, slots=True)
class Default:
    """A value that is meant when nothing is written. A file that says it goes on saying it."""

    value: Any


@dataclass(frozen=True, slots=True)
class _Field:
    key: str
    name: str
    is_nested: bool
    default: Any


class SettingTables:
    """Makes the tables of settings, each once for as long as the same settings are asked for."""

    def __init__(self) -> None:
        self._fields: dict[type[BaseModel], tuple[_Field, ...]] = {}
        self._defaults: dict[tuple[type[BaseModel], str], Default] = {}
        self._known: dict[int, tuple[BaseModel, Tables]] = {}
        self._used: dict[int, tuple[BaseModel, Tables]] = {}

    def table(self, model: BaseModel) -> Tables:
        """What a file says of a model: its placeholders as they were written, no defaults."""
        found = self._used.get(id(model)) or self._known.get(id(model))
        if found is None:
            # The model is kept beside its table, so that no other one gets its identity.
            found = (model, self._made(model))
        self._used[id(model)] = found
        return found[1]

    def forget_unused(self) -> None:
        """Keep only what was asked for since this was said last."""
        self._known, self._used = self._used, {}

    def _made(self, model: BaseModel) -> Tables:
        placeholders = model.placeholders if isinstance(model, Settings) else {}
        fields = self._fields_of(type(model))
        told = _Told(model)
        table: Tables = {}
        for field in fields:
            value = getattr(model, field.name)
            if field.name in placeholders:
                table[field.key] = placeholders[field.name]
            elif field.is_nested and isinstance(value, Settings):
                table[field.key] = self.table(value)
            elif field.default is not _REQUIRED and value == field.default:
                table[field.key] = self._default(told, field)
            elif value is not None:
                table[field.key] = told.values[field.name]
        return table

    def _default(self, told: "_Told", field: _Field) -> Default:
        known = (type(told.model), field.name)
        if known not in self._defaults:
            self._defaults[known] = Default(told.values[field.name])
        return self._defaults[known]

    def _fields_of(self, model: type[BaseModel]) -> tuple[_Field, ...]:
        if model not in self._fields:
            keys = file_keys(model).items()
            self._fields[model] = tuple(_field(model, key, name) for key, name in keys)
        return self._fields[model]


class _Told:
    """A model's plain values, found out once somebody asks."""

    def __init__(self, model: BaseModel) -> None:
        self.model = model

    @cached_property
    def values(self) -> Tables:
        return self.model.model_dump(mode="json")


def _field(model: type[BaseModel], key: str, name: str) -> _Field:
    declared = model.model_fields[name]
    default: Any = _REQUIRED
    if not declared.is_required():
        default = declared.get_default(call_default_factory=True)
    return _Field(key, name, nested_settings(model, name) is not None, default)
