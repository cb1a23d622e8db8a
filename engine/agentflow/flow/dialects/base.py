"""Dialect: another program's way of writing flows, and what becomes of it here."""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from agentflow.flow.spelled import Spelled
from agentflow.flow.toml_values import table_of
from agentflow.flow.where import Keys

__all__ = ["Dialect", "Remark", "Said"]


@dataclass(frozen=True, slots=True)
class Remark:
    """What a translation has to tell of one place."""

    kind: Literal["translated", "lost"]
    """Whether it means the same now, or could not be said."""
    keys: Keys
    """The place, as the file has it."""
    message: str


@dataclass(slots=True)
class Said:
    """A file's tables while they are translated."""

    data: dict[str, Any]
    spelled: dict[Keys, Spelled] = field(default_factory=dict[Keys, Spelled])
    """For keys of `data`: where the file says it, when that is elsewhere."""
    remarks: list[Remark] = field(default_factory=list[Remark])

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Said":
        """Begin with what a file says, which stays as it is."""
        return cls(copy.deepcopy(dict(data)))

    def table(self, *keys: str) -> dict[str, Any]:
        """The table at some keys; an empty one, which belongs to nothing, where there is none."""
        found = self.data
        for key in keys:
            found = table_of(found.get(key)) or {}
        return found

    def own_table(self, key: str) -> dict[str, Any]:
        """The table of that name, made where there is none."""
        table = table_of(self.data.get(key))
        if table is None:
            table = self.data[key] = {}
        return table

    def translated(self, keys: Keys, message: str) -> None:
        """Tell what something is called or means here."""
        self.remarks.append(Remark("translated", keys, message))

    def lost(self, keys: Keys, message: str) -> None:
        """Tell what cannot be said here."""
        self.remarks.append(Remark("lost", keys, message))

    def moved(self, keys: Keys, source: Keys, message: str = "") -> None:
        """Note where the file says what now stands at some keys."""
        self.spelled[keys] = Spelled((source,), "other")
        if message:
            self.translated(source, message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """A dialect. One file of this folder offers one, as DIALECT."""

    name: str
    title: str
    """What people call it: "AgenticGoKit's core dialect"."""
    is_spoken: Callable[[Mapping[str, Any]], bool]
    """Whether a file's tables are of this dialect and not of the native one."""
    translate: Callable[[Said], None]
    """Makes native tables of them, in place. What it does not know it keeps."""
