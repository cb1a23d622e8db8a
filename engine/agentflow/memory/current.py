"""The memory that code which runs in an agent's call may use, for as long as it is called."""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol

from agentflow.errors import SetupError

__all__ = [
    "AgentMemory",
    "current_memory",
    "has_memory",
    "lent_memory",
]


class AgentMemory(Protocol):
    """What an agent remembers with, in the session that its run belongs to."""

    def remember(self, key: str, value: Any) -> None:
        """Keep a JSON value under a key."""
        ...

    def recall(self, key: str, default: Any = None) -> Any:
        """The value under a key, or the default."""
        ...

    def search(self, query: str, limit: int = 5) -> list[dict[str, Any]]:
        """The keys and values that hold words of the query, the best first."""
        ...

    def forget(self, key: str | None = None) -> int:
        """Let go of a key, or of everything; how much went."""
        ...


_LENT: ContextVar[AgentMemory | None] = ContextVar("agentflow_memory", default=None)


def current_memory() -> AgentMemory:
    """What the agent whose code calls this remembers with.

    Raises:
        SetupError: its flow has no memory, or no agent is being called.
    """
    memory = _LENT.get()
    if memory is None:
        raise SetupError("memory: this flow has none; write a table [memory] into its file")
    return memory


def has_memory() -> bool:
    """Whether there is one."""
    return _LENT.get() is not None


@contextmanager
def lent_memory(memory: AgentMemory) -> Generator[None]:
    """Let code that runs inside find this one."""
    token = _LENT.set(memory)
    try:
        yield
    finally:
        _LENT.reset(token)
