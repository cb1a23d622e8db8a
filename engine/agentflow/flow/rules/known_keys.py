"""Known keys: what a state may hold at one point of a flow."""

from dataclasses import dataclass, field

__all__ = ["KnownKeys", "Written"]

Written = frozenset[str] | None
"""The keys that a step writes; None when nobody can know."""


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
