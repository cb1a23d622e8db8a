"""Threads: a function that blocks, run beside the loop."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from typing import Any

from agentflow.concurrency.drive import LeftBehindError

__all__ = ["in_thread"]


async def in_thread(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call a function in a daemon thread of its own; what it returns or raises comes back.

    Not in the loop's pool of threads: a few functions that hang would take the pool from everybody,
    name look-ups too, and would keep the process from ending. A cancelled call returns at once; its
    thread cannot be stopped and goes on unheard.
    """
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[tuple[Any, BaseException | None]] = loop.create_future()
    context = copy_context()

    def tell(value: Any, error: BaseException | None) -> None:
        if not ended.done():
            ended.set_result((value, error))

    def work() -> None:
        value, error = None, None
        try:
            value = context.run(function, *arguments)
        except BaseException as raised:  # noqa: BLE001 - SystemExit, too, is the caller's to judge
            error = raised
        with suppress(RuntimeError):  # the loop may be closed by now
            loop.call_soon_threadsafe(tell, value, error)

    name = getattr(function, "__name__", type(function).__name__)
    threading.Thread(target=work, name=f"agentflow: {name}", daemon=True).start()
    try:
        value, error = await ended
    except asyncio.CancelledError:
        raise LeftBehindError("its thread cannot be stopped and goes on") from None
    if error is not None:
        raise error
    return value
