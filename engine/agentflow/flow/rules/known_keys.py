"""Known keys: what a state may hold at one point of a flow."""

from dataclasses import dataclass, field
from typing import NamedTuple

from agentflow.flow.flow import AgentSpec
from agentflow.flow.rules.vocabulary import AgentTypeInfo

__all__ = ["AgentKeys", "KnownKeys", "Written"]

Written = frozenset[str] | None
"""The keys that a step writes; None when nobody can know."""


class AgentKeys(NamedTuple):
    """All that matters of an agent where it is asked who writes what is read."""

    is_known: bool
    """Whether its type is installed."""
    is_enabled: bool
    fallback: str
    writes: Written
    reads: frozenset[str]
    named: tuple[tuple[str, str], ...]
    """(setting, key): the settings that name a key, and which."""

    @classmethod
    def of(cls, spec: AgentSpec, kind: AgentTypeInfo | None) -> "AgentKeys":
        """What an agent of this type reads and writes."""
        if kind is None:
            return cls(False, spec.enabled, spec.fallback, None, frozenset(), ())
        said = spec.settings.given().items()
        named = tuple((it, key) for it, key in said if isinstance(key, str) and "key" in it)
        writes, reads = kind.writes(spec), kind.reads(spec)
        return cls(True, spec.enabled, spec.fallback, writes, reads, named)


@dataclass(slots=True)
class KnownKeys:
    """The keys that a state may have at one point of the flow; grows and shrinks along the walk."""

    written: list[str] = field(default_factory=list[str])
    known: set[str] = field(default_factory=set[str])
    strangers: int = 0
    """How many steps ran of which nobody can know what they write."""
    steps: int = 0
    """How many agents ran."""

    def add(self, keys: Written) -> None:
        """An agent has run."""
        self.steps += 1
        if keys is None:
            self.strangers += 1
            return
        fresh = sorted(keys - self.known)
        self.written += fresh
        self.known.update(fresh)

    def mark(self) -> tuple[int, int, int]:
        """Remember this point."""
        return len(self.written), self.strangers, self.steps

    def back(self, mark: tuple[int, int, int]) -> tuple[Written, int]:
        """Return to a point; gives what was written since, and by how many agents."""
        length, strangers, steps = mark
        fresh, ran = self.written[length:], self.steps - steps
        unknown = self.strangers > strangers
        del self.written[length:]
        self.known.difference_update(fresh)
        self.strangers, self.steps = strangers, steps
        return (None if unknown else frozenset(fresh)), ran
