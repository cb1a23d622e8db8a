"""Applies what differs between two states of a flow's tables to a file's own tables."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from agentflow.flow.setting_tables import Default, Tables
from agentflow.flow.spelled import Spelled
from agentflow.flow.toml_document import ELEMENTS
from agentflow.flow.toml_values import list_of, table_of
from agentflow.flow.where import Keys

__all__ = ["Target", "apply", "is_same", "written"]


NODES: Keys = ("editor", "nodes")
"""A table of many short lines, which are kept in order."""


class Target(Protocol):
    """What can be edited: the text of a file, or plain tables."""

    def has(self, keys: Keys) -> bool: ...

    def says_more(self, keys: Keys) -> bool: ...

    def set(self, keys: Keys, value: Any) -> None: ...

    def remove(self, keys: Keys) -> None: ...

    def rename(self, keys: tuple[str, ...], name: str) -> None: ...

    def replace(self, keys: Keys, table: dict[str, Any]) -> None: ...

    def arrange(self, keys: Keys, plan: Sequence[Any]) -> None: ...


def apply(target: Target, old: Tables, new: Tables, spelled: Mapping[Keys, Spelled]) -> None:
    """Make a target say the new tables where they differ from the old ones.

    Args:
        target: says the old tables, and more that nobody here knows.
        old: what the flow that was read is in the native format.
        new: what it is to be.
        spelled: where the target says things otherwise.
    """
    _Differences(target, spelled).table((), old, new)


def written(value: Any, keys: Keys = ()) -> Any:
    """A value as it is written where nothing was: without defaults, one member as `agent`."""
    table, items = table_of(value), list_of(value)
    if items is not None:
        return [written(it, (*keys, number)) for number, it in enumerate(items)]
    if table is None:
        return value
    told = {
        key: written(it, (*keys, key)) for key, it in table.items() if not isinstance(it, Default)
    }
    members = list_of(told.get("agents")) or []
    if len(members) == 1 and isinstance(members[0], str) and _is_about_one(keys, told):
        told = {("agent" if key == "agents" else key): it for key, it in told.items()}
        told["agent"] = members[0]
    return told


def _is_about_one(keys: Keys, table: Tables) -> bool:
    """Whether a table is a stage that is a single step, or a loop."""
    if keys[:1] not in (("orchestration",), ("orchestrators",)) or "cases" in keys:
        return False
    return table.get("mode") == "loop" or keys[-1] == "loop" or "mode" not in table


class _Differences:
    def __init__(self, target: Target, spelled: Mapping[Keys, Spelled]) -> None:
        self._target, self._spelled = target, spelled

    def table(self, keys: Keys, old: Tables, new: Tables) -> None:
        """Apply what differs in a table."""
        if keys in (("agents",), ("orchestrators",)):
            old = self._renamed(keys, old, new)
        for key, value in old.items():
            if key not in new and not isinstance(value, Default):
                self._gone((*keys, key), value)
        for key, value in new.items():
            if not is_same(old.get(key), value):
                self._value((*keys, key), old.get(key), value)

    def _value(self, keys: Keys, before: Any, value: Any) -> None:
        if isinstance(value, Default):
            self._default(keys, value.value)
            return
        spelled = self._spelled.get(keys)
        table, was, items = table_of(value), table_of(before), list_of(value)
        if spelled is not None:
            self._respelled(keys, spelled, value)
        elif keys == NODES and table is not None:
            self._target.replace(keys, table)
        elif table is not None and was is not None:
            self.table(keys, was, table)
        elif list_of(before) and items is not None and _are_named(keys, [*before, *items]):
            self._elements(keys, list_of(before) or [], items)
        else:
            self._target.set(keys, written(value, keys))

    def _default(self, keys: Keys, value: Any) -> None:
        """Where the file says a key, it goes on saying it."""
        spelled = self._spelled.get(keys)
        place = spelled.keys[0] if spelled and spelled.form == "same" else keys
        if value is None or (spelled and spelled.form != "same") or not self._target.has(place):
            self._remove(keys)
        else:
            self._target.set(place, value)

    def _respelled(self, keys: Keys, spelled: Spelled, value: Any) -> None:
        members = list_of(value) or []
        if spelled.form == "same":
            self._target.set(spelled.keys[0], written(value, keys))
        elif spelled.form == "single" and len(members) == 1 and isinstance(members[0], str):
            self._target.set(spelled.keys[0], members[0])
        else:
            self._remove(keys)
            self._target.set(keys, written(value, keys))

    def _gone(self, keys: Keys, value: Any) -> None:
        table = table_of(value)
        if keys[:-1] != ("orchestration",) or table is None:
            self._remove(keys)
            return
        # A mode's own table may say more than the orchestrator that now stands elsewhere.
        self.table(keys, table, {})
        if not self._target.says_more(keys):
            self._target.remove(keys)

    def _remove(self, keys: Keys) -> None:
        spelled = self._spelled.get(keys)
        for place in spelled.keys if spelled else (keys,):
            self._target.remove(place)

    def _renamed(self, keys: Keys, old: Tables, new: Tables) -> Tables:
        """Rename what only has another name now; the result is the old tables after that."""
        gone = [key for key in old if key not in new]
        come = [key for key in new if key not in old]
        after = dict(old)
        for name in gone:
            heir = next((it for it in come if is_same(old[name], new[it])), None)
            if heir is None and len(gone) == len(come) == 1:
                heir = come[0]
            if heir is not None:
                come.remove(heir)
                self._target.rename((*(str(key) for key in keys), name), heir)
                self._spelled = _moved(self._spelled, (*keys, name), (*keys, heir))
                after = {(heir if key == name else key): value for key, value in after.items()}
        return after

    def _elements(self, keys: Keys, old: Sequence[Any], new: Sequence[Any]) -> None:
        """Edit the elements that stay, then bring all into their order."""
        heirs = _matched(old, new)
        for number, at in heirs.items():
            self.table((*keys, at), old[at], new[number])
        plan = [
            heirs[number] if number in heirs else written(value, (*keys, number))
            for number, value in enumerate(new)
        ]
        if plan != list(range(len(old))):
            self._target.arrange(keys, plan)


def _are_named(keys: Keys, values: Sequence[Any]) -> bool:
    """Whether all of a list are stages or cases, each with its name."""
    return keys[-1] in ELEMENTS and all("name" in (table_of(it) or {}) for it in values)


def _matched(old: Sequence[Any], new: Sequence[Any]) -> dict[int, int]:
    """Which new element is which old one: by name, else by content, else by place."""
    heirs: dict[int, int] = {}
    free = list(range(len(old)))

    def match(number: int, at: int | None) -> None:
        if at is not None and number not in heirs:
            heirs[number] = at
            free.remove(at)

    for number, value in enumerate(new):
        match(number, next((at for at in free if old[at]["name"] == value["name"]), None))
    for number, value in enumerate(new):
        rest = {**value, "name": ""}
        if number not in heirs:
            match(number, next((at for at in free if is_same({**old[at], "name": ""}, rest)), None))
    if len(old) == len(new):
        for number in range(len(new)):
            match(number, number if number in free else None)
    return heirs


def is_same(one: Any, other: Any) -> bool:
    """Whether two values are written the same; True, 1 and 1.0 are not."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, Default):
        return is_same(one.value, other.value)
    mine, its = table_of(one), table_of(other)
    if mine is not None and its is not None:
        return mine.keys() == its.keys() and all(is_same(mine[key], its[key]) for key in mine)
    items, others = list_of(one), list_of(other)
    if items is not None and others is not None:
        return len(items) == len(others) and all(map(is_same, items, others))
    return bool(one == other)


def _moved(spelled: Mapping[Keys, Spelled], old: Keys, new: Keys) -> Mapping[Keys, Spelled]:
    """The same places after a table got another name."""

    def moved(keys: Keys) -> Keys:
        return (*new, *keys[len(new) :]) if keys[: len(old)] == old else keys

    return {
        moved(keys): Spelled(tuple(moved(it) for it in place.keys), place.form)
        for keys, place in spelled.items()
    }
