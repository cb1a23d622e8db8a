"""A TOML text that can be edited: values set and removed, tables added, renamed, rearranged."""

from collections.abc import Sequence
from typing import Any

from agentflow.flow import toml_body
from agentflow.flow.section_list import SectionList
from agentflow.flow.toml_sections import Section
from agentflow.flow.toml_text import header_text, pair_text
from agentflow.flow.toml_values import list_of, table_of
from agentflow.flow.where import Keys

__all__ = ["ELEMENTS", "TomlDocument", "are_elements"]

ELEMENTS = ("stages", "cases")
"""Lists of tables that get a [[header]] for each element; others are written as a value."""

_DEEPEST = 3
"""A new table gets a header of at most so many parts; one further in is written as a value."""


def are_elements(key: str | int, value: Any) -> bool:
    """Whether a value is a list of tables that get a [[header]] each.

    What is an agent's own may have such a key, too, and hold anything.
    """
    items = list_of(value)
    return key in ELEMENTS and bool(items) and all(table_of(it) is not None for it in items or ())


class TomlDocument:
    """Edits a text; what is not edited stays as it is to the byte.

    Every method may raise CannotEditError; the document is of no use after that.
    """

    def __init__(self, text: str) -> None:
        self._sections = SectionList(text)

    def copy(self) -> "TomlDocument":
        """Another one of the same text."""
        other = TomlDocument("")
        other._sections = self._sections.copy()
        return other

    @property
    def text(self) -> str:
        """The text as it is now."""
        return self._sections.text

    def tables(self) -> list[tuple[int, Keys]]:
        """The line, from 1, and the keys of each table that has a header, in order."""
        return self._sections.tables()

    def has(self, keys: Keys) -> bool:
        """Whether the text says something of some keys."""
        return bool(self._sections.below(keys)) or self._is_value(keys)

    def value(self, keys: Keys) -> Any:
        """What stands at some keys in a table's lines; None for nothing."""
        home = self._home(keys[:-1])
        return toml_body.value_at(home.body, keys[len(home.path) :]) if home else None

    def says_more(self, keys: Keys) -> bool:
        """Whether anything is in a table, be it a comment."""
        section = self._sections.find(keys)
        if section is None:
            return self.has(keys)
        return section.body.strip() != "" or bool(self._sections.subtables(keys))

    def set(self, keys: Keys, value: Any) -> None:
        """Give some keys a value, whatever they had before."""
        table, items = table_of(value), list_of(value)
        if table is not None and self._takes_header(keys):
            self._set_table(keys, table)
        elif items is not None and are_elements(keys[-1], items) and not self._is_value(keys):
            self.arrange(keys, items)
        else:
            self._sections.take_out(self._sections.below(keys))
            self._put(keys, value)

    def replace(self, keys: Keys, table: dict[str, Any]) -> None:
        """Give a table other contents, in this order unless comments stand between its keys."""
        section = self._sections.find(keys)
        if section is None or "#" in section.body:
            self.set(keys, table)
        else:
            section.body = self._sections.lines(toml_body.relisted(section.body, table))

    def remove(self, keys: Keys) -> None:
        """Take some keys away, with all that is in them."""
        self._sections.take_out(self._sections.below(keys))
        home = self._home(keys[:-1])
        if home is not None:
            lines = toml_body.removed(home.body, keys[len(home.path) :])
            home.body = self._sections.lines(lines)

    def rename(self, keys: tuple[str, ...], name: str) -> None:
        """Give a table another name in the same place."""
        last = len(keys) - 1
        for section in self._sections.below(keys):
            section.keys = (*section.keys[:last], name, *section.keys[last + 1 :])
            rest = section.header[section.header.rindex("]") + 1 :]
            section.header = header_text(section.keys, array=section.is_element) + rest
        home = self._home(keys[:-1])
        if home is not None:
            lines = toml_body.renamed(home.body, keys[len(home.path) :], name)
            home.body = self._sections.lines(lines)
        self._sections.renumber()

    def arrange(self, keys: Keys, plan: Sequence[Any]) -> None:
        """Give a list of tables other elements.

        Args:
            keys: where the list stands.
            plan: for each element either the index that it has now, or a table that is new.
        """
        home = self._home(keys[:-1])
        old = list_of(toml_body.value_at(home.body, keys[len(home.path) :])) if home else None
        if old or not plan:
            self._sections.take_out(self._sections.below(keys))
            self._put(keys, [(old or [])[it] if isinstance(it, int) else it for it in plan])
            return
        if old is not None:
            self.remove(keys)
        groups = self._sections.groups(keys)
        new = [groups[it] if isinstance(it, int) else _element(keys, it) for it in plan]
        self._sections.rearrange(keys, new, same_first=isinstance(plan[0], int))

    def _set_table(self, keys: Keys, table: dict[str, Any]) -> None:
        section = self._sections.find(keys)
        if section is None:
            self._new_table(keys, table)
            return
        for key in (*toml_body.keys_in(section.body), *self._sections.subtables(keys)):
            if key not in table:
                self.remove((*keys, key))
        for key, value in table.items():
            if toml_body.value_at(section.body, (key,)) != value:
                self.set((*keys, key), value)

    def _new_table(self, keys: Keys, table: dict[str, Any]) -> None:
        section = self._sections.new_table(keys)
        inner: dict[str, Any] = {}
        for key, value in table.items():
            if table_of(value) is not None or are_elements(key, value):
                inner[key] = value
            else:
                section.body += self._sections.lines(pair_text(key, value))
        for key, value in inner.items():
            self.set((*keys, key), value)

    def _put(self, keys: Keys, value: Any) -> None:
        home = self._home(keys[:-1]) or self._sections.new_table(keys[:-1])
        lines = toml_body.put(home.body, keys[len(home.path) :], value)
        home.body = self._sections.lines(lines)
        if home.header and not home.header.endswith("\n"):
            home.header += self._sections.lines("\n")

    def _home(self, table: Keys) -> Section | None:
        """The section in whose lines a table's keys stand; None when nothing says the table."""
        for length in range(len(table), -1, -1):
            section = self._sections.find(table[:length])
            if section is not None and (
                length == len(table) or toml_body.has_key(section.body, table[length:])
            ):
                return section
        return None

    def _takes_header(self, keys: Keys) -> bool:
        """Whether a table at these keys has, or would get, a header of its own."""
        if self._sections.find(keys) is not None:
            return True
        home = self._home(keys[:-1])
        is_inside = home is not None and home.path != keys[:-1]
        is_shallow = len(keys) <= _DEEPEST and all(isinstance(key, str) for key in keys)
        return is_shallow and not is_inside and not self._is_value(keys)

    def _is_value(self, keys: Keys) -> bool:
        """Whether these keys stand in some section's lines."""
        home = self._home(keys[:-1])
        return home is not None and toml_body.has_key(home.body, keys[len(home.path) :])


def _element(keys: Keys, table: dict[str, Any]) -> list[Section]:
    """The sections of a new element of an array of tables."""
    names = tuple(key for key in keys if isinstance(key, str))
    header = header_text(names, array=True) + "\n"
    element = Section(head="\n", header=header, keys=names, is_element=True)
    sections = [element]
    for key, value in table.items():
        if are_elements(key, value):
            for inner in list_of(value) or ():
                sections += _element((*keys, key), inner)
        else:
            element.body += pair_text(key, value)
    return sections
