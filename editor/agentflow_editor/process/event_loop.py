"""EventLoop: qasync's loop with an ordered ready queue and timers that never fire early.

qasync makes a Qt timer for every callback. Their order is Qt's affair, they fire up to two
milliseconds early, and a wake-up that falls into a nested Qt loop is lost. Here callbacks wait in
one queue that is worked off in short slices, so that the window is drawn in between, and one
precise timer serves all waits.
"""

import asyncio
import heapq
import math
import time
from collections import deque
from collections.abc import Callable
from contextvars import Context
from typing import Any

import qasync
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

__all__ = ["EventLoop"]

SLICE = 0.004
"""Seconds of callbacks before Qt has its turn."""


class EventLoop(qasync.QEventLoop):
    """asyncio's event loop on Qt's. Everything but the ready queue and the timers is qasync's."""

    def __init__(self, app: QApplication) -> None:
        self._ready: deque[asyncio.Handle] = deque()
        self._turn = QTimer()
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._work_off)
        super().__init__(app)  # pyright: ignore[reportUnknownMemberType] - untyped
        self._timer = _Timers(self)

    def call_soon(
        self, callback: Callable[..., Any], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self, context)
        self.make_ready(handle)
        return handle

    def make_ready(self, handle: asyncio.Handle) -> None:
        """Run a handle as soon as those before it have run."""
        self._ready.append(handle)
        if len(self._ready) == 1:
            self._turn.start()

    def call_later(
        self, delay: float, callback: Callable[..., Any], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        return self.call_at(self.time() + max(0.0, delay), callback, *args, context=context)

    def call_at(
        self, when: float, callback: Callable[..., Any], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        handle = asyncio.TimerHandle(when, callback, args, self, context)
        self._timer.add(handle)
        return handle

    def _add_callback(self, handle: asyncio.Handle, delay: float = 0) -> asyncio.Handle:
        """Called by asyncio itself for what a signal or a closed pipe wakes."""
        self.make_ready(handle)
        return handle

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        self._timer.forget_cancelled()

    def _work_off(self) -> None:
        end = time.perf_counter() + SLICE
        ready = self._ready
        while ready:
            handle = ready.popleft()
            if not handle.cancelled():
                handle._run()
            if time.perf_counter() > end:
                break
        if not ready:
            self._turn.stop()

    def close(self) -> None:
        self._turn.stop()
        super().close()


class _Timers(QObject):
    """The waits of a loop in a heap, and one precise Qt timer for the earliest of them."""

    def __init__(self, loop: EventLoop) -> None:
        super().__init__()
        self._loop = loop
        self._heap: list[tuple[float, int, asyncio.TimerHandle]] = []
        self._count = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._fire)

    def add(self, handle: asyncio.TimerHandle) -> None:
        """Have a handle run once its time has come."""
        self._count += 1
        heapq.heappush(self._heap, (handle.when(), self._count, handle))
        if self._heap[0][2] is handle:
            self._wait()

    def forget_cancelled(self) -> None:
        """Drop cancelled waits from the head; those further back go when their turn comes."""
        while self._heap and self._heap[0][2].cancelled():
            heapq.heappop(self._heap)

    def stop(self) -> None:
        """Wait for nothing any more. Called by qasync when the loop is closed."""
        self._timer.stop()
        self._heap.clear()

    def set_debug(self, enabled: bool) -> None:
        """Called by qasync; there is nothing to do."""

    def _wait(self) -> None:
        self.forget_cancelled()
        if self._heap:
            # Rounded up: a sleeper that wakes early would find its deadline not yet passed.
            missing = math.ceil((self._heap[0][0] - self._loop.time()) * 1000)
            self._timer.start(min(max(0, missing), 2**31 - 1))
        else:
            self._timer.stop()

    def _fire(self) -> None:
        now = self._loop.time()
        while self._heap and self._heap[0][0] <= now:
            handle = heapq.heappop(self._heap)[2]
            if not handle.cancelled():
                self._loop.make_ready(handle)
        self._wait()
