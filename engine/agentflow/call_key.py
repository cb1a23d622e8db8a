"""Call keys: what a call is called by outside of its run, the same each time that it is made."""

import json
from collections import Counter
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import sha256
from typing import Any

__all__ = ["ToolKeys", "call_key", "calls_inside", "is_inside", "key_around"]


class _CallsInside:
    """Those of a flow that another one's step runs: known by their paths.

    Its run is another one each time, and what happens in it may get other numbers.
    """

    def __init__(self, around: str) -> None:
        self.around = around
        self._keys: dict[int, str] = {}
        self._visits = Counter[str]()

    def key(self, path: str, step: int) -> str:
        """That of a step; one that results are routed back to has one for each visit."""
        if step not in self._keys:
            self._visits[path] += 1
            place = f"{path}|{self._visits[path]}".encode("utf-8", "replace")
            self._keys[step] = f"{self.around}/{_digest(place)}"
        return self._keys[step]


class ToolKeys:
    """Those of the tools that a model has called in one call of its agent.

    Asked again, a model may want something else: a key tells what is wanted, and how often before.
    """

    def __init__(self, around: str) -> None:
        """`around` is the key of the agent's call."""
        self._around = around
        self._wishes = Counter[str]()

    def key(self, tool: str, arguments: Mapping[str, Any]) -> str:
        """That of the tool's call that is made now."""
        wish = _digest(json.dumps([tool, arguments], sort_keys=True).encode("ascii"))
        self._wishes[wish] += 1
        return f"{self._around}/{wish}-{self._wishes[wish]}"


def _digest(place: bytes) -> str:
    return sha256(place).hexdigest()[:16]


_INSIDE: ContextVar[_CallsInside | None] = ContextVar("agentflow_calls_inside", default=None)


@contextmanager
def calls_inside(key: str) -> Generator[None]:
    """Another flow runs inside, as part of the call with this key."""
    token = _INSIDE.set(_CallsInside(key))
    try:
        yield
    finally:
        _INSIDE.reset(token)


def is_inside() -> bool:
    """Whether the code that asks is part of such a flow."""
    return _INSIDE.get() is not None


def key_around() -> str:
    """The key of the call that such a flow is part of; "" outside of one."""
    inside = _INSIDE.get()
    return "" if inside is None else inside.around


def call_key(run_id: str, path: str, step: int) -> str:
    """The key of a step, in letters that any header takes.

    Args:
        run_id: its run's.
        path: its own.
        step: the `seq` of its StepStarted.
    """
    inside = _INSIDE.get()
    return f"{run_id}:{step}" if inside is None else inside.key(path, step)
