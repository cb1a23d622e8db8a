"""Interrupt: Ctrl-C and a polite kill stop a run with grace; a second one ends the process at once."""

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from agentflow.cli.console.exit_code import ExitCode

__all__ = ["on_interrupt"]

_SIGNALS = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]


@contextmanager
def on_interrupt(stop: Callable[[], object]) -> Iterator[None]:
    """While it is open, the first signal calls `stop` on the running loop, the second exits.

    The handlers are the process's, not the loop's, so that the second signal is heard even where an
    agent blocks the loop.
    """
    loop = asyncio.get_running_loop()
    heard: list[int] = []

    def hear(number: int, _: FrameType | None) -> None:
        heard.append(number)
        if len(heard) > 1:
            # Not sys.exit: threads of agents that never end must not keep the process.
            os._exit(ExitCode.INTERRUPTED)
        loop.call_soon_threadsafe(stop)

    before = {number: signal.signal(number, hear) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
