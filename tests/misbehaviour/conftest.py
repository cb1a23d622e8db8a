"""What the tests of misbehaviour stand on: both event loops, and a look at what is left behind."""

import asyncio
import gc
import threading
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

LOOPS = ("asyncio", "the editor's loop")
Run = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture(params=LOOPS)
def run_async(
    request: pytest.FixtureRequest,
    qapp: Any,
) -> Iterator[Run]:
    """Runs a coroutine to its end, on plain asyncio and on asyncio over Qt."""
    if request.param == "asyncio":
        yield asyncio.run
        return
    from agentflow_editor.process.event_loop import EventLoop

    loop = EventLoop(qapp)
    asyncio.set_event_loop(loop)
    yield loop.run_until_complete
    loop.close()
    asyncio.set_event_loop(None)


@pytest.fixture
def nothing_left() -> Iterator[None]:
    """Fail the test that leaves a thread or a process behind, once it has had time to end."""
    threads = set(threading.enumerate())
    children = _children()
    yield
    for thread in set(threading.enumerate()) - threads:
        thread.join(10)
        assert not thread.is_alive(), f"a thread outlived the test: {thread}"
    assert _children() <= children


def _children() -> set[str]:
    """The ids of this process's children, as Linux tells them."""
    found: set[str] = set()
    for task in Path("/proc/self/task").glob("*/children"):
        found.update(task.read_text().split())
    return found


@pytest.fixture
def nothing_open() -> Iterator[None]:
    """Let what was not closed be complained of in the test that did not close it."""
    yield
    gc.collect()
