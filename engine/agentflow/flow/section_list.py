"""The sections of a text as a list: found by path, put where they belong, taken out."""

from collections.abc import Iterable

from agentflow.flow.toml_sections import Section, divided_head, split, with_paths
from agentflow.flow.toml_text import header_text
from agentflow.flow.where import Keys

__all__ = ["SectionList"]

_ORDER = (
    "",
    "agent_flow",
    "llm",
    "orchestration",
    "orchestrators",
    "agents",
    "pools",
    "memory",
    "*",
    "editor",
)
"""Where new tables go; "*" stands for those of other programs."""


class SectionList:
    """All of a text, section after section."""

    def __init__(self, text: str) -> None:
        self._sections, self._foot = split(text)
        self._places: dict[Keys, int] | None = None
        self._own: set[int] | None = None
        """The indexes of the sections that no copy has as well; None where that are all."""
        self._newline = "\r\n" if 2 * text.count("\r\n") > text.count("\n") else "\n"

    def copy(self) -> "SectionList":
        """Another one of the same text. A section is copied when one of the two edits it."""
        other = SectionList("")
        other._sections = [*self._sections]
        other._foot, other._newline = self._foot, self._newline
        other._places = self._indexes()
        self._own, other._own = set(), set()
        return other

    @property
    def text(self) -> str:
        """The text as it is now."""
        return "".join(section.text for section in self._sections) + self._foot

    def tables(self) -> list[tuple[int, Keys]]:
        """The line, from 1, and the path of each section that has a header, in order."""
        found: list[tuple[int, Keys]] = []
        line = 1
        for section in self._sections:
            if section.header:
                found.append((line + section.head.count("\n"), section.path))
            line += section.text.count("\n")
        return found

    def lines(self, text: str) -> str:
        """A text with the line ends of this one."""
        plain = text.replace("\r\n", "\n")
        return plain if self._newline == "\n" else plain.replace("\n", self._newline)

    def find(self, path: Keys) -> Section | None:
        """The section of exactly this path."""
        at = self._indexes().get(path)
        if at is None:
            return None
        if self._own is not None and at not in self._own:
            self._sections[at] = self._sections[at].copy()
            self._own.add(at)
        return self._sections[at]

    def _own_all(self) -> None:
        """Have all sections alone, before any is moved."""
        if self._own is not None:
            own, self._own = self._own, None
            self._sections = [
                it if at in own else it.copy() for at, it in enumerate(self._sections)
            ]

    def _indexes(self) -> dict[Keys, int]:
        """The index of each section by its path, of the first one where a path is there twice."""
        if self._places is None:
            numbered = [*enumerate(self._sections)]
            self._places = {section.path: at for at, section in reversed(numbered)}
        return self._places

    def below(self, keys: Keys) -> list[Section]:
        """The sections of a table and of all that is in it."""
        if all(it.path[: len(keys)] != keys for it in self._sections):
            return []
        self._own_all()
        return [it for it in self._sections if it.header and it.path[: len(keys)] == keys]

    def subtables(self, keys: Keys) -> list[str]:
        """The keys of the tables in a table that have headers."""
        depth = len(keys)
        inner = (it.path[depth] for it in self.below(keys) if it.path != keys)
        return list(dict.fromkeys(str(key) for key in inner))

    def groups(self, keys: Keys) -> dict[int, list[Section]]:
        """The sections of each element of an array of tables, by its index."""
        groups: dict[int, list[Section]] = {}
        for section in self.below(keys):
            number = section.path[len(keys)] if len(section.path) > len(keys) else None
            if isinstance(number, int):
                groups.setdefault(number, []).append(section)
        return groups

    def new_table(self, keys: Keys) -> Section:
        """A new section without keys, put where it belongs."""
        self._own_all()
        names = tuple(key for key in keys if isinstance(key, str))
        section = Section(header=header_text(names, array=False) + "\n", keys=names)
        children = self.below(keys)
        at = self._sections.index(children[0]) if children else self._after(keys) + 1
        self._insert(at, section)
        self.renumber()
        return section

    def rearrange(self, keys: Keys, groups: list[list[Section]], *, same_first: bool) -> None:
        """Make these the elements of an array of tables.

        Args:
            keys: where the array stands.
            groups: the sections of each element. They may be new, or have been elements before.
            same_first: whether the first one has been an element before.
        """
        self._own_all()
        old = self.below(keys)
        wanted = [section for group in groups for section in group]
        anchor = self._sections[self._place_of_elements(keys, old)]
        self.take_out(section for section in old if section not in wanted)
        self._sections = [it for it in self._sections if it not in wanted]
        self._places = None
        place = self._sections.index(anchor) + 1
        for number, group in enumerate(groups):
            for section in group:
                is_apart = section is group[0] and not (number == 0 and same_first)
                self._insert(place, section, apart=is_apart)
                place += 1
        self.renumber()

    def take_out(self, gone: Iterable[Section]) -> None:
        """Remove sections; of the comments above them only the last paragraph is theirs."""
        taken = list(gone)
        if taken:
            self._own_all()
        for section in taken:
            at = self._sections.index(section)
            del self._sections[at]
            self._places = None
            others = divided_head(section.head)[0]
            if at < len(self._sections):
                self._sections[at].head = others + self._sections[at].head
            else:
                self._foot = others + self._foot
        if taken:
            self.renumber()

    def renumber(self) -> None:
        """Work out all paths again, after sections have moved or got other names."""
        self._own_all()
        with_paths(self._sections)
        self._places = None

    def _place_of_elements(self, keys: Keys, elements: list[Section]) -> int:
        """The index of the section after which an array's elements stand."""
        if not elements:
            return self._after(keys)
        first = self._sections.index(elements[0])
        return next(at for at in range(first - 1, -1, -1) if self._sections[at] not in elements)

    def _after(self, keys: Keys) -> int:
        """The index of the section after which something new at these keys belongs."""
        for length in range(len(keys) - 1, 0, -1):
            near = self.below(keys[:length])
            if near:
                return self._sections.index(near[-1])
        rank = _rank(keys)
        return max(at for at, it in enumerate(self._sections) if _rank(it.path) <= rank)

    def _insert(self, at: int, section: Section, *, apart: bool = True) -> None:
        """Put a section into its place.

        Args:
            at: the index that it gets; never 0.
            section: what is put there.
            apart: whether it gets a blank line above it and below it, where there is none.
        """
        section.head = self.lines(section.head)
        section.header, section.body = self.lines(section.header), self.lines(section.body)
        before = self._sections[at - 1]
        if before.text and not before.text.endswith("\n"):
            before.body += self._newline
        is_first = not any(it.text for it in self._sections[:at])
        if apart and not is_first and not section.head.startswith(("\n", "\r\n")):
            section.head = self._newline + section.head
        if apart and at < len(self._sections) and not self._sections[at].head:
            self._sections[at].head = self._newline
        self._sections.insert(at, section)
        self._places = None


def _rank(keys: Keys) -> int:
    top = str(keys[0]) if keys else ""
    return _ORDER.index(top) if top in _ORDER else _ORDER.index("*")
