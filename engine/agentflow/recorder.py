"""Recorder: numbers and keeps what happens in a run, and tells whoever listens."""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Any

from agentflow.trace import Listener, TraceEntry

__all__ = ["Recorder"]


class Recorder:
    """The trace of one run, as it grows."""

    __slots__ = ("_listeners", "entries", "run_id")

    def __init__(self, run_id: str, listeners: Sequence[Listener] = ()) -> None:
        self.run_id = run_id
        self.entries: list[TraceEntry] = []
        self._listeners = listeners

    def record(self, kind: Callable[..., TraceEntry], path: str, *facts: Any) -> None:
        """Something happened: an entry of that kind, with the facts after its first four."""
        entry = kind(len(self.entries), time.time(), self.run_id, path, *facts)
        self.entries.append(entry)
        for listener in self._listeners:
            try:
                listener(entry)
            except Exception as error:  # noqa: BLE001 - a faulty listener is no fault of the run
                _complain(listener, error)


def _complain(listener: Listener, error: Exception) -> None:
    told = {"message": f"a listener of the trace raised: {listener!r}", "exception": error}
    asyncio.get_running_loop().call_exception_handler(told)
