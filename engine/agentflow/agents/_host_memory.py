"""HostMemory: the memory of functions in a process of their own, kept by whoever started that."""

import threading
from typing import Any, BinaryIO

from agentflow.agents._pipe_messages import read_message, write_message
from agentflow.errors import AgentFlowError, SetupError

__all__ = ["HostMemory"]


class HostMemory:
    """Asks for one call at a time. What a call left behind, a thread, is told that it is over."""

    def __init__(self, calls: BinaryIO, answers: BinaryIO) -> None:
        """`calls` and `answers` are the pipes that calls come in, and their answers go out by."""
        self._calls, self._answers = calls, answers
        self._turn = threading.Lock()
        self._call = ""

    def begin(self, call: str) -> "_CallMemory":
        """A call begins; what it remembers with."""
        self._call = call
        return _CallMemory(self, call)

    def end(self) -> None:
        """The call is over; returns when nothing is asked any more, so that its answer may go."""
        with self._turn:
            self._call = ""

    def answer(self, call: str, operation: str, *arguments: Any) -> Any:
        """What the memory says.

        Raises:
            SetupError: the call is over.
            AgentFlowError: the memory cannot be used, or not for this.
        """
        with self._turn:
            if call != self._call:
                raise SetupError("memory: the call is over; use it before the function returns")
            write_message(self._answers, {"of": call, "asks": [operation, arguments]})
            told = read_message(self._calls) or {"refused": ["SetupError", "memory: it is gone"]}
        if "refused" in told:
            name, text = told["refused"]
            raise type(name, (AgentFlowError,), {})(text)
        return told["told"]


class _CallMemory:
    """An AgentMemory for one call."""

    def __init__(self, host: HostMemory, call: str) -> None:
        self._host, self._number = host, call

    def remember(self, key: str, value: Any) -> None:
        """Keep a JSON value under a key."""
        self._host.answer(self._number, "remember", key, value)

    def recall(self, key: str, default: Any = None) -> Any:
        """The value under a key, or the default."""
        return self._host.answer(self._number, "recall", key, default)

    def search(self, query: str, limit: int = 5) -> list[dict[str, Any]]:
        """The keys and values that hold words of the query, the best first."""
        return self._host.answer(self._number, "search", query, limit)

    def forget(self, key: str | None = None) -> int:
        """Let go of a key, or of everything; how much went."""
        return self._host.answer(self._number, "forget", key)
