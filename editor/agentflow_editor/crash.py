"""Crash: the last line for errors that nobody expected, and a report that a person can copy."""

import asyncio
import platform
import sys
import threading
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import Any

__all__ = ["catch_everything", "report"]


def report(error: BaseException) -> str:
    """What a maintainer needs to know: versions and the traceback, nothing of the flow."""
    lines = traceback.format_exception(type(error), error, error.__traceback__)
    place = f"Python {platform.python_version()} on {platform.platform()}"
    return f"AgentFlow Studio, {place}\n\n{''.join(lines)}"


def catch_everything(
    loop: asyncio.AbstractEventLoop, show: Callable[[BaseException], None]
) -> None:
    """Send what escapes slots, threads and tasks to `show` (and to stderr), and go on."""

    def tell(error: BaseException) -> None:
        sys.stderr.write(report(error))
        if threading.current_thread() is threading.main_thread():
            show(error)
        else:
            loop.call_soon_threadsafe(show, error)

    def from_slot(
        _kind: type[BaseException], error: BaseException, _trace: TracebackType | None
    ) -> None:
        tell(error)

    def from_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            tell(args.exc_value)

    def from_task(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        tell(error if isinstance(error, BaseException) else RuntimeError(context["message"]))

    sys.excepthook = from_slot
    threading.excepthook = from_thread
    loop.set_exception_handler(from_task)
