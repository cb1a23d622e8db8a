"""Interrupt: Ctrl-C and a polite kill stop a run with grace; the next one ends it at once."""

import os
import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, Self

from agentflow.cli.console.exit_code import ExitCode

__all__ = ["Interrupt"]

GRACE = 5.0
"""Seconds that agents have to end after the first signal."""

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")


class Interrupt:
    """While it is open, signals are heard here.

    The handlers are the process's and not the loop's, so that a second signal is heard even where
    an agent blocks the loop, or a thread that nobody can stop keeps the loop from closing.
    """

    def __init__(self, *, grace: float = GRACE) -> None:
        self._grace = grace
        self._before: dict[int, Any] = {}
        self._stop: Callable[[], object] = lambda: None
        self._last_call: threading.Timer | None = None

    def on_first(self, stop: Callable[[], object]) -> None:
        """Say what the first signal calls, between two instructions of the main thread."""
        self._stop = stop
        if self.heard:
            stop()

    @property
    def heard(self) -> bool:
        """Whether a signal came."""
        return self._last_call is not None

    def __enter__(self) -> Self:
        numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
        self._before = {number: signal.signal(number, self._hear) for number in numbers}
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        if self._last_call:
            self._last_call.cancel()
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _hear(self, _: int, __: FrameType | None) -> None:
        if self.heard:
            _exit_now()
        self._last_call = threading.Timer(self._grace, _exit_now)
        self._last_call.daemon = True
        self._last_call.start()
        self._stop()


def _exit_now() -> None:
    # Not sys.exit: a thread of an agent that never ends would keep the process.
    os._exit(ExitCode.INTERRUPTED)
