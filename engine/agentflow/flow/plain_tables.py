"""A file's values that can be edited like its text: for a text that has to be written anew."""

from collections.abc import Mapping, Sequence
from typing import Any

from agentflow.flow.cannot_edit import CannotEditError
from agentflow.flow.toml_values import copied, list_of, table_of
from agentflow.flow.where import Keys

__all__ = ["PlainTables"]


class PlainTables:
    """Edits a copy of a file's values; raises CannotEditError where one is of the wrong kind."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data: dict[str, Any] = copied(dict(data))

    def has(self, keys: Keys) -> bool:
        """Whether there is a value."""
        table = self._table(keys[:-1])
        return table is not None and keys[-1] in table

    def says_more(self, keys: Keys) -> bool:
        """Whether anything is in a table."""
        return bool(self._table(keys))

    def set(self, keys: Keys, value: Any) -> None:
        """Give some keys a value; tables on the way are made."""
        inner: Any = self.data
        for key in keys[:-1]:
            table = table_of(inner)
            if table is not None and not isinstance(table.get(str(key)), (dict, list)):
                table[str(key)] = {}  # Something else stood there, which the reader has refused.
            inner = _inside(inner, key)
        table = table_of(inner)
        if table is None:
            raise CannotEditError(str(keys))
        table[str(keys[-1])] = copied(value)

    def replace(self, keys: Keys, table: dict[str, Any]) -> None:
        """Give a table other contents, in this order."""
        self.set(keys, table)

    def remove(self, keys: Keys) -> None:
        """Take some keys away."""
        table = self._table(keys[:-1])
        if table is not None:
            table.pop(str(keys[-1]), None)

    def rename(self, keys: tuple[str, ...], name: str) -> None:
        """Give a table another name in the same place."""
        table = self._table(keys[:-1])
        if table is not None and keys[-1] in table:
            renamed = {(name if key == keys[-1] else key): it for key, it in table.items()}
            table.clear()
            table.update(renamed)

    def arrange(self, keys: Keys, plan: Sequence[Any]) -> None:
        """Give a list other elements: the index of one that it has, or a new one."""
        table = self._table(keys[:-1]) or {}
        old = list_of(table.get(str(keys[-1]))) or []
        if any(isinstance(it, int) and it >= len(old) for it in plan):
            raise CannotEditError(str(keys))
        self.set(keys, [old[it] if isinstance(it, int) else it for it in plan])

    def _table(self, keys: Keys) -> dict[str, Any] | None:
        inner: Any = self.data
        for key in keys:
            inner = _inside(inner, key)
        return table_of(inner)


def _inside(value: Any, key: str | int) -> Any:
    """What a table or list has at a key or index; None when it has nothing."""
    if isinstance(key, int):
        items = list_of(value) or []
        return items[key] if key < len(items) else None
    return (table_of(value) or {}).get(key)
