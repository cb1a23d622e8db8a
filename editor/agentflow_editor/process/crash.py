"""Crash: the last line for errors that nobody expected, and a report that a person can copy."""

import asyncio
import os
import platform
import re
import sys
import threading
import traceback
from collections.abc import Callable, Iterable
from importlib import metadata
from pathlib import Path
from types import TracebackType
from typing import Any

from agentflow.spellings import spellings

__all__ = ["catch_everything", "cause", "report"]


SECRET_NAME = re.compile("KEY|TOKEN|SECRET|PASS|CREDENTIAL|AUTH", re.IGNORECASE)
ADDRESS = re.compile(r"\b0x[0-9a-fA-F]+")
SHORTEST_SECRET = 6
"""Characters; a shorter value would be found where it was not meant."""


def report(error: BaseException, actions: Iterable[str] = ()) -> str:
    """What a maintainer needs to know: versions, the traceback and what was done last.

    It has nothing of the flow, the home folder is "~", and what the environment calls a key, a
    token or a password is left out wherever it stands.
    """
    lines = traceback.format_exception(type(error), error, error.__traceback__)
    done = ", ".join(actions) or "nothing"
    text = f"{_versions()}\nLast actions: {done}\n\n{''.join(lines)}"
    return _without_secrets(text).replace(str(Path.home()), "~")


def cause(report: str) -> str:
    """The part of a report that is the same when the same goes wrong again."""
    return ADDRESS.sub("0x…", report.partition("\n\n")[2])


def _versions() -> str:
    names = ("agentflow-studio", "PySide6-Essentials", "NodeGraphQt", "qasync")
    known = ", ".join(f"{name} {_version(name)}" for name in names)
    return f"{known}\nPython {platform.python_version()} on {platform.platform()}"


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "(unknown)"


def _without_secrets(text: str) -> str:
    for name, value in os.environ.items():
        if SECRET_NAME.search(name) and len(value) >= SHORTEST_SECRET:
            for said in sorted(spellings(value).values(), key=len, reverse=True):
                text = text.replace(said, f"${{{name}}}")
    return text


def catch_everything(
    loop: asyncio.AbstractEventLoop, show: Callable[[BaseException], None]
) -> None:
    """Send what escapes slots, threads and tasks to `show` (and to stderr), and go on."""

    def tell(error: BaseException) -> None:
        sys.stderr.write(report(error))
        if threading.current_thread() is threading.main_thread():
            loop.call_soon(show, error)  # not in the middle of what a widget is drawing
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
