"""A TOML text that can be edited: values set and removed, tables added, renamed, rearranged."""

from collections.abc import Iterable, Sequence
from typing import Any

from agentflow.flow import toml_body
from agentflow.flow.toml_sections import Section, divided_head, split, with_paths
from agentflow.flow.toml_text import header_text, pair_text
from agentflow.flow.toml_values import list_of, table_of
from agentflow.flow.where import Keys

__all__ = ["ELEMENTS", "TomlDocument"]

ELEMENTS = ("stages", "cases")
"""Lists of tables that get a [[header]] for each element; others are written as a value."""

_DEEPEST = 3
"""A new table gets a header of at most so many parts; one further in is written as a value."""

_ORDER = ("", "agent_flow", "llm", "orchestration", "orchestrators", "agents", "*", "editor")
"""Where new tables go; "*" stands for those of other programs."""


class TomlDocument:
    """Edits a text; what is not edited stays as it is to the byte.

    Every method may raise CannotEditError; the document is of no use after that.
    """

    def __init__(self, text: str) -> None:
        self._sections, self._foot = split(text)
        self._newline = "\r\n" if 2 * text.count("\r\n") > text.count("\n") else "\n"

    @property
    def text(self) -> str:
        """The text as it is now."""
        return "".join(section.text for section in self._sections) + self._foot

    def has(self, keys: Keys) -> bool:
        """Whether the text says something of some keys."""
        if any(section.path[: len(keys)] == keys for section in self._sections):
            return True
        home = self._home(keys[:-1])
        return home is not None and toml_body.has_key(home.body, keys[len(home.path) :])

    def set(self, keys: Keys, value: Any) -> None:
        """Give some keys a value, whatever they had before."""
        table, items = table_of(value), list_of(value)
        if table is not None and self._takes_header(keys):
            self._set_table(keys, table)
        elif items is not None and keys[-1] in ELEMENTS and not self._is_value(keys):
            self.arrange(keys, items)
        else:
            self._remove_sections(keys)
            self._put(keys, value)

    def replace(self, keys: Keys, table: dict[str, Any]) -> None:
        """Give a table other contents, in this order unless comments stand between its keys."""
        section = self._find(keys)
        if section is None or "#" in section.body:
            self.set(keys, table)
        else:
            lines = (pair_text(key, value) for key, value in table.items())
            section.body = self._lines("".join(lines))

    def remove(self, keys: Keys) -> None:
        """Take some keys away, with all that is in them."""
        self._remove_sections(keys)
        home = self._home(keys[:-1])
        if home is not None:
            home.body = self._lines(toml_body.removed(home.body, keys[len(home.path) :]))

    def rename(self, keys: tuple[str, ...], name: str) -> None:
        """Give a table another name in the same place."""
        last = len(keys) - 1
        for section in self._sections:
            if section.path[: last + 1] == keys:
                section.keys = (*section.keys[:last], name, *section.keys[last + 1 :])
                rest = section.header[section.header.rindex("]") + 1 :]
                section.header = header_text(section.keys, array=section.is_element) + rest
        home = self._home(keys[:-1])
        if home is not None:
            home.body = self._lines(toml_body.renamed(home.body, keys[len(home.path) :], name))
        with_paths(self._sections)

    def arrange(self, keys: Keys, plan: Sequence[Any]) -> None:
        """Give a list of tables other elements.

        Args:
            keys: where the list stands.
            plan: for each element either the index that it has now, or a table that is new.
        """
        if self._is_value(keys):
            home = self._home(keys[:-1]) or self._sections[0]
            old: list[Any] = toml_body.value_at(home.body, keys[len(home.path) :])
            if old:
                self._put(keys, [old[it] if isinstance(it, int) else it for it in plan])
                return
            self.remove(keys)
        if not plan:
            self._remove_sections(keys)
            self._put(keys, [])
            return
        groups = self._groups(keys)
        at = self._place_of_elements(keys, [it for group in groups.values() for it in group])
        new = [groups.pop(it) if isinstance(it, int) else _element(keys, it) for it in plan]
        for group in groups.values():
            self._take_out(group)
        anchor = self._sections[at]
        moved = [section for group in new for section in group]
        self._sections = [it for it in self._sections if it not in moved]
        place = self._sections.index(anchor) + 1
        for number, group in enumerate(new):
            for section in group:
                # An element that was here before keeps its place's look, the first one excepted.
                is_apart = number > 0 or not isinstance(plan[0], int)
                self._insert(place, section, apart=section is group[0] and is_apart)
                place += 1
        with_paths(self._sections)

    def _set_table(self, keys: Keys, table: dict[str, Any]) -> None:
        section = self._find(keys)
        if section is None:
            self._new_table(keys, table)
            return
        for key in (*toml_body.keys_in(section.body), *self._subtables(keys)):
            if key not in table:
                self.remove((*keys, key))
        for key, value in table.items():
            if toml_body.value_at(section.body, (key,)) != value:
                self.set((*keys, key), value)

    def _new_table(self, keys: Keys, table: dict[str, Any]) -> None:
        section = self._new_section(keys)
        inner: dict[str, Any] = {}
        for key, value in table.items():
            if table_of(value) is not None or (key in ELEMENTS and value):
                inner[key] = value
            else:
                section.body += self._lines(pair_text(key, value))
        for key, value in inner.items():
            self.set((*keys, key), value)

    def _put(self, keys: Keys, value: Any) -> None:
        home = self._home(keys[:-1])
        if home is None:
            home = self._new_section(keys[:-1])
        home.body = self._lines(toml_body.put(home.body, keys[len(home.path) :], value))
        if home.header and not home.header.endswith("\n"):
            home.header += self._newline

    def _home(self, table: Keys) -> Section | None:
        """The section in whose lines a table's keys stand; None when nothing says the table."""
        for length in range(len(table), -1, -1):
            section = self._find(table[:length])
            if section is not None and (
                length == len(table) or toml_body.has_key(section.body, table[length:])
            ):
                return section
        return None

    def _find(self, path: Keys) -> Section | None:
        return next((it for it in self._sections if it.path == path), None)

    def _subtables(self, keys: Keys) -> list[str]:
        depth = len(keys)
        inner = (
            it.path[depth] for it in self._sections if it.path[:depth] == keys and it.path != keys
        )
        return list(dict.fromkeys(str(key) for key in inner))

    def _takes_header(self, keys: Keys) -> bool:
        """Whether a table at these keys has, or would get, a header of its own."""
        if self._find(keys) is not None:
            return True
        plain = len(keys) <= _DEEPEST and all(isinstance(key, str) for key in keys)
        return plain and not self._is_value(keys) and not self._is_in_value(keys)

    def _is_value(self, keys: Keys) -> bool:
        """Whether these keys stand in some section's lines."""
        home = self._home(keys[:-1])
        return home is not None and toml_body.has_key(home.body, keys[len(home.path) :])

    def _is_in_value(self, keys: Keys) -> bool:
        home = self._home(keys[:-1])
        return home is not None and home.path != keys[:-1]

    def _groups(self, keys: Keys) -> dict[int, list[Section]]:
        """The sections of each element of an array of tables, by its index."""
        depth = len(keys)
        groups: dict[int, list[Section]] = {}
        for section in self._sections:
            if section.path[:depth] == keys and len(section.path) > depth:
                number = section.path[depth]
                if isinstance(number, int):
                    groups.setdefault(number, []).append(section)
        return groups

    def _place_of_elements(self, keys: Keys, elements: list[Section]) -> int:
        """The index of the section after which an array's elements stand."""
        if elements:
            first = self._sections.index(elements[0])
            return next(at for at in range(first - 1, -1, -1) if self._sections[at] not in elements)
        return self._after(keys)

    def _after(self, keys: Keys) -> int:
        """The index of the section after which something new at these keys belongs."""
        for length in range(len(keys) - 1, 0, -1):
            near = [at for at, it in enumerate(self._sections) if it.path[:length] == keys[:length]]
            if near:
                return near[-1]
        rank = _rank(keys)
        return max(at for at, it in enumerate(self._sections) if _rank(it.path) <= rank)

    def _new_section(self, keys: Keys) -> Section:
        names = tuple(key for key in keys if isinstance(key, str))
        section = Section(header=header_text(names, array=False) + "\n", keys=names)
        children = [at for at, it in enumerate(self._sections) if it.path[: len(keys)] == keys]
        self._insert(children[0] if children else self._after(keys) + 1, section)
        with_paths(self._sections)
        return section

    def _insert(self, at: int, section: Section, *, apart: bool = True) -> None:
        """Put a section into its place, with the line ends of this text.

        Args:
            at: the index that it gets.
            section: what is put there.
            apart: whether it gets a blank line above it, if it has none.
        """
        section.header = self._lines(section.header)
        section.body = self._lines(section.body)
        before = self._sections[at - 1]
        if before.text and not before.text.endswith("\n"):
            before.body += self._newline
        is_first = not any(it.text for it in self._sections[:at])
        if apart and not is_first and not section.head.startswith(("\n", "\r\n")):
            section.head = self._newline + section.head
        self._sections.insert(at, section)

    def _remove_sections(self, keys: Keys) -> None:
        depth = len(keys)
        gone = [it for it in self._sections if it.header and it.path[:depth] == keys]
        if gone:
            self._take_out(gone)
            with_paths(self._sections)

    def _take_out(self, gone: Iterable[Section]) -> None:
        """Remove sections; of the comments above them only the last paragraph is theirs."""
        for section in gone:
            at = self._sections.index(section)
            del self._sections[at]
            others = divided_head(section.head)[0]
            if at < len(self._sections):
                self._sections[at].head = others + self._sections[at].head
            else:
                self._foot = others + self._foot

    def _lines(self, text: str) -> str:
        """A text with the line ends of this document."""
        plain = text.replace("\r\n", "\n")
        return plain if self._newline == "\n" else plain.replace("\n", self._newline)


def _rank(keys: Keys) -> int:
    top = str(keys[0]) if keys else ""
    return _ORDER.index(top) if top in _ORDER else _ORDER.index("*")


def _element(keys: Keys, table: dict[str, Any]) -> list[Section]:
    """The sections of a new element of an array of tables."""
    names = tuple(key for key in keys if isinstance(key, str))
    header = header_text(names, array=True) + "\n"
    element = Section(head="\n", header=header, keys=names, is_element=True)
    sections = [element]
    for key, value in table.items():
        if key in ELEMENTS:
            for inner in list_of(value) or ():
                sections += _element((*keys, key), inner)
        else:
            element.body += pair_text(key, value)
    return sections
