"""Edits the lines of one table with tomlkit: its keys, and the tables that are values in it."""

import tomllib
from collections.abc import Callable, MutableMapping
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any, NamedTuple, cast

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Array

from agentflow.flow.cannot_edit import CannotEditError
from agentflow.flow.toml_scan import statements
from agentflow.flow.toml_text import item_of, pair_text
from agentflow.flow.toml_values import list_of, table_of
from agentflow.flow.where import Keys

__all__ = [
    "has_key",
    "keys_in",
    "put",
    "relisted",
    "removed",
    "renamed",
    "value_at",
]

Table = MutableMapping[str, Any]


def value_at(body: str, keys: Keys) -> Any:
    """The plain value of some keys in a table's lines; None when there is none."""
    found: Any = _plain(body)
    for key in keys:
        if isinstance(key, int):
            items = list_of(found) or []
            found = items[key] if key < len(items) else None
        else:
            found = (table_of(found) or {}).get(key)
    return found


def has_key(body: str, keys: Keys) -> bool:
    """Whether a table's lines say something of some keys."""
    return value_at(body, keys) is not None


def keys_in(body: str) -> list[str]:
    """The keys of a table's lines."""
    return list(_plain(body))


def put(body: str, keys: Keys, value: Any) -> str:
    """The lines with another value at some keys; tables on the way are made."""

    def change(table: Table, key: str) -> None:
        old: Any = table.get(key)
        items = list_of(value)
        if isinstance(old, Array) and items is not None and "\n" in old.as_string():
            _refill(old, items)
        else:
            table[key] = _item(key, value) if len(keys) == 1 else item_of(value)

    return _edited(body, keys, change, make=True)


def removed(body: str, keys: Keys) -> str:
    """The lines without some keys."""

    def change(table: Table, key: str) -> None:
        if key in table:
            del table[key]

    return _edited(body, keys, change) if has_key(body, keys) else body


def renamed(body: str, keys: Keys, name: str) -> str:
    """The lines with another name for the last of some keys, whose value stands last then."""

    def change(table: Table, key: str) -> None:
        value = table[key]
        del table[key]
        table[name] = value

    return _edited(body, keys, change) if has_key(body, keys) else body


def relisted(body: str, table: dict[str, Any]) -> str:
    """The lines of another table of short values, in its order; what stays keeps its spelling."""
    old = _listed(body)
    lines: list[str] = []
    for key, value in table.items():
        known = old.get(key)
        if known is None:
            lines.append(pair_text(key, value))
        elif known.value == value:
            lines.append(known.line)
        else:
            lines.append(known.begin + item_of(value).as_string() + "\n")
    return "".join(lines)


class _Listed(NamedTuple):
    """A key with a short value."""

    value: Any
    line: str
    begin: str
    """What stands before the value."""


@lru_cache(maxsize=8)
def _listed(body: str) -> dict[str, _Listed]:
    """The keys of a table of short values. It is asked for with each edit of a large drawing."""
    values = _plain(body)
    found: dict[str, _Listed] = {}
    for it in statements(body):
        if len(it.keys) == 1:
            line = body[it.start : it.end].rstrip("\r\n") + "\n"
            begin = body[it.start : it.values[0].value[0]]
            found[it.keys[0]] = _Listed(values[it.keys[0]], line, begin)
    return found


def _edited(
    body: str, keys: Keys, change: Callable[[Table, str], None], *, make: bool = False
) -> str:
    text = body.replace("\r\n", "\n")
    text += "" if not text or text.endswith("\n") else "\n"
    try:
        document = tomlkit.parse(text)
        table: Any = document
        for key in keys[:-1]:
            if make and isinstance(key, str) and key not in table:
                table[key] = tomlkit.inline_table()
            table = table[key]
        change(table, str(keys[-1]))
        return tomlkit.dumps(cast("Any", document))
    except (TOMLKitError, ValueError, TypeError, LookupError, AttributeError) as error:
        raise CannotEditError(str(error)) from error


def _plain(body: str) -> dict[str, Any]:
    if not body.strip():
        return {}
    try:
        return tomllib.loads(body)
    except (ValueError, RecursionError) as error:
        raise CannotEditError(str(error)) from error


def _item(key: str, value: Any) -> Any:
    """The value as the writer of new lines would put it, over several lines where it is long."""
    document: Table = cast("Table", tomlkit.parse(pair_text(key, value)))
    return document[key]


def _refill(array: Array, items: list[Any]) -> None:
    """Make an array over several lines hold other items; the comments of those that stay, stay."""
    there = cast("Any", array)
    old = [repr(it) for it in array.unwrap()]
    changes = SequenceMatcher(None, old, [repr(it) for it in items], autojunk=False).get_opcodes()
    for kind, low, high, new_low, new_high in reversed(changes):
        if kind == "equal":
            continue
        fresh = [item_of(it) for it in items[new_low:new_high]]
        for number in reversed(range(low, high)):
            if number - low < len(fresh):
                there[number] = fresh[number - low]
            else:
                del there[number]
        for number in range(high - low, len(fresh)):
            there.insert(low + number, fresh[number])
