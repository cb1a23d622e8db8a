"""Waiting: whether a coroutine function can wait for anything at all."""

import inspect
from collections.abc import Callable
from dis import opmap
from typing import Any

__all__ = ["can_wait"]

_SEND = opmap["SEND"]
"""What every `await`, `async for` and `async with` comes down to."""


def can_wait(function: Callable[..., Any]) -> bool:
    """Whether an async function may ever let others run: not one whose code awaits nothing."""
    function = getattr(function, "__func__", function)
    if not inspect.isfunction(function) or not inspect.iscoroutinefunction(function):
        return True
    return _SEND in function.__code__.co_code[::2]
