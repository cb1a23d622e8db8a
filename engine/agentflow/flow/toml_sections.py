"""A TOML text as its sections: a header, the lines under it, and the comments above it.

Sections are kept as text, so whatever is not edited stays as it is to the byte. The lines of one
section are edited with tomlkit, which sees nothing but them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from agentflow.flow.lines import resolved
from agentflow.flow.toml_scan import Statement, statements
from agentflow.flow.where import Keys

__all__ = ["Section", "divided_head", "split", "with_paths"]


@dataclass(slots=True, eq=False)
class Section:
    """A table as the text has it."""

    head: str = ""
    """The blank lines and comments above the header that belong to it."""
    header: str = ""
    """The header's line; "" for the keys before the first header."""
    keys: tuple[str, ...] = ()
    """What the header says."""
    is_element: bool = False
    """Whether it is an element of an array of tables: [[a.b]]."""
    body: str = ""
    """The lines under the header, up to the last key's and what is written right below it."""
    path: Keys = field(default=(), compare=False)
    """Its keys with the index of each array's element. It changes when sections are moved."""

    @property
    def text(self) -> str:
        """Everything of it."""
        return self.head + self.header + self.body

    def copy(self) -> "Section":
        """Another section that says the same."""
        return Section(self.head, self.header, self.keys, self.is_element, self.body, self.path)


def split(text: str) -> tuple[list[Section], str]:
    """The sections of a text, the first without header, and what stands below the last one."""
    sections = [Section()]
    end = 0
    for statement in statements(text):
        if statement.kind == "key":
            sections[-1].body += text[end : statement.end]
        else:
            below, above = _divided(text[end : statement.start], sections[-1])
            sections[-1].body += below
            sections.append(_section(text, statement, above))
        end = statement.end
    below, foot = _divided(text[end:], sections[-1])
    sections[-1].body += below
    with_paths(sections)
    return sections, foot


def with_paths(sections: Iterable[Section]) -> None:
    """Work out the path of each section from all that stand before it."""
    counts: dict[Keys, int] = {}
    for section in sections:
        section.path = resolved(section.keys, counts)
        if section.is_element:
            number = counts[section.path] = counts.get(section.path, 0) + 1
            section.path = (*section.path, number - 1)


def _section(text: str, header: Statement, above: str) -> Section:
    line = text[header.start : header.end]
    return Section(above, line, header.keys, header.kind == "array")


def _divided(gap: str, above: Section) -> tuple[str, str]:
    """What of a gap belongs to the section above it, and what to the one below it.

    A comment right under a key belongs to it, up to the first blank line; where no blank line
    parts two tables, a comment between them belongs to the lower one.
    """
    if not above.header and not above.body:
        return "", gap
    at = 0
    for line in gap.splitlines(keepends=True):
        if not line.strip():
            return gap[:at], gap[at:]
        at += len(line)
    return "", gap


def divided_head(head: str) -> tuple[str, str]:
    """What stands above a header: the paragraphs that it does not touch, and the one it does."""
    lines = head.splitlines(keepends=True)
    at = len(lines)
    while at and lines[at - 1].strip():
        at -= 1
    others = "".join(lines[:at])
    # The blank line that parted it from the others goes with it.
    return (others if others.strip() else ""), "".join(lines[at:])
