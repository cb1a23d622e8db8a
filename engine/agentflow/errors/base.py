"""The root of every error that the engine raises on purpose, and how names stand in a sentence."""

from collections.abc import Iterable

__all__ = ["AgentFlowError", "one_of"]


class AgentFlowError(Exception):
    """Everything that the engine raises on purpose."""


def one_of(names: Iterable[str]) -> str:
    """The names as a reader wants them in a sentence: 'a', 'b' and 'c'."""
    quoted = [repr(name) for name in names]
    if len(quoted) < 2:
        return "".join(quoted)
    return ", ".join(quoted[:-1]) + " and " + quoted[-1]
