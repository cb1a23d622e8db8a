"""Writes keys and values as TOML, the way a person would."""

import re
from typing import Any, cast

import tomlkit
from tomlkit.items import Item

from agentflow.flow.toml_values import list_of, table_of

__all__ = ["header_text", "item_of", "key_text", "pair_text"]

WIDTH = 100
"""The longest line that an array gets before it is written over several."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def key_text(key: str) -> str:
    """A key, in quotes where it needs them."""
    return key if _BARE.fullmatch(key) else tomlkit.string(key).as_string()


def header_text(keys: tuple[str, ...], *, array: bool) -> str:
    """A table's header: "[agents.writer]"."""
    inner = ".".join(key_text(key) for key in keys)
    return f"[[{inner}]]" if array else f"[{inner}]"


def pair_text(key: str, value: Any) -> str:
    """A line, or several: key = value."""
    text = f"{key_text(key)} = {item_of(value).as_string()}"
    items = list_of(value)
    if items and len(text) > WIDTH and "\n" not in text:
        inner = "".join(f"  {item_of(it).as_string()},\n" for it in items)
        return f"{key_text(key)} = [\n{inner}]\n"
    return text + "\n"


def item_of(value: Any) -> Item:
    """A value as tomlkit has it, with tables in lists and in values on one line."""
    if isinstance(value, str):
        return _string(value)
    table, items = table_of(value), list_of(value)
    if table is not None:
        inline = tomlkit.inline_table()
        for key, inner in table.items():
            inline.append(key, item_of(inner))
        return inline
    if items is not None:
        array = tomlkit.array()
        for inner in items:
            cast("Any", array).append(item_of(inner))
        return array
    return cast("Item", tomlkit.item(value))


def _string(value: str) -> Item:
    if "\n" not in value or "\r" in value:
        return tomlkit.string(value)
    text = tomlkit.string(value, multiline=True).as_string()
    if not value.startswith("\n"):
        # A line break after the opening quotes is not part of the text.
        text = '"""\n' + text[3:]
    return cast("Item", tomlkit.parse(f"it = {text}")["it"])
