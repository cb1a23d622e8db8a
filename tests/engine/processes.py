"""Processes that a test has started, watched from outside."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path


async def until(holds: Callable[[], bool], otherwise: str) -> None:
    """Wait until something holds, as long as a very busy machine may need."""
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline, otherwise
        await asyncio.sleep(0.01)


async def gone(pid: int) -> None:
    """Wait until a process has ended."""
    await until(lambda: not _is_alive(pid), f"process {pid} is still there")


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
