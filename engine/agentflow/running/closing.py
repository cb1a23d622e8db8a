"""Closing: ends what built agents have opened."""

import inspect
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

from agentflow.agents.base import AgentSetup

__all__ = ["close_all"]


async def close_all(setup: AgentSetup) -> None:
    """Call what agents asked for, the last one first, then close the models.

    All of it is called, even if something raises; that is raised in the end.
    """
    async with AsyncExitStack() as open_still:
        open_still.push_async_callback(setup.models.aclose)
        setup.shared.clear()
        while setup.on_close:
            open_still.push_async_callback(_closed, setup.on_close.pop(0))


async def _closed(close: Callable[[], Any | Awaitable[Any]]) -> None:
    returned = close()
    if inspect.isawaitable(returned):
        await returned
