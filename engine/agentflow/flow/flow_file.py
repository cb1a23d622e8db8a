"""FlowFile: a file as it was read, and what was made of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agentflow.flow.dialects.base import Dialect
from agentflow.flow.flow import Flow
from agentflow.flow.lines import LineIndex
from agentflow.flow.sketch import Sketch
from agentflow.flow.spelled import Spelled, as_written
from agentflow.flow.where import Keys, keys_of
from agentflow.problem import Problem

__all__ = ["FlowFile"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowFile:
    """A file as it was read. It stays what it was when the file changes on disk."""

    flow: Flow
    layout: Mapping[str, tuple[int, int]]
    """Path of a step → its node's top left corner, in whole scene units."""
    sketch: Sketch = field(default_factory=Sketch)
    """What else the canvas shows."""
    problems: tuple[Problem, ...] = ()
    """What was found while reading, each with its line."""
    text: str
    """The whole text, without byte order mark."""
    source: Path | None = None
    """The file; None for a text that is in none."""
    data: dict[str, Any]
    """The values as TOML has them."""
    native: dict[str, Any]
    """The same values, all said as the native format says them."""
    dialect: Dialect | None = None
    """What the file is written in, when that is not the native format."""
    translated: tuple[Problem, ...] = ()
    """What is said otherwise in the native format, each with its place in the file."""
    digest: str
    """SHA-256 of the bytes on disk, in hex."""
    lines: LineIndex = field(repr=False)
    has_bom: bool = False
    rewritten: bool = False
    """Whether the last save could not keep the file's own form."""
    spelled: Mapping[Keys, Spelled] = field(default_factory=dict[Keys, Spelled], repr=False)
    """Where the file says things otherwise than the native format does."""

    def line_of(self, where: str) -> int | None:
        """The line, from 1, of a place such as "orchestration.loop.condition".

        A place that is not in the file has the line of the table that it would stand in; None when
        that is not there either.
        """
        return self.lines.line_of(as_written(keys_of(where), self.spelled))
