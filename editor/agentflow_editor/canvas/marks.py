"""Marks: what a run and a person's breakpoints add to the drawing."""

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["PLAIN", "UNMARKED", "LinkMark", "Mark"]


@dataclass(frozen=True, slots=True)
class Mark:
    """What is shown on one node beside what the flow says."""

    status: str = ""
    """"waiting", "running", "done", "failed", "skipped", "paused", "cancelled"; "" for no run."""
    note: str = ""
    """A few words on it: how long it took, which pass of a loop it is in."""
    taken: str = ""
    """The port of the case that a router took."""
    found: Mapping[str, str] = field(default_factory=dict[str, str])
    """What each case was compared with, by port."""
    has_breakpoint: bool = False
    error: str = ""
    """Why it failed, was cancelled or was skipped; shown when the mouse rests on the node."""


@dataclass(frozen=True, slots=True)
class LinkMark:
    """What is shown on one link."""

    is_taken: bool = False
    is_dimmed: bool = False


PLAIN = Mark()
UNMARKED = LinkMark()
