"""Gate: what a controller holds a run with, before each of its steps."""

import asyncio
import re
import time
from collections import deque
from typing import Protocol

from agentflow.state import State

__all__ = ["Gate", "Held", "without_passes"]

_PASS = re.compile(r"#\d+")


def without_passes(path: str) -> str:
    """The path as the flow knows it: "refine#3/critic" is "refine/critic"."""
    return _PASS.sub("", path)


class Held(Protocol):
    """What a gate tells a run, for its record."""

    def breakpoint_hit(self, path: str) -> None:
        """A step with a breakpoint is about to begin."""
        ...

    def paused(self, path: str) -> None:
        """The run waits before this step."""
        ...

    def resumed(self, path: str) -> None:
        """This step waits no longer."""
        ...


class Gate:
    """Holds runs before their steps while it is closed. To stop a run, cancel it.

    Of steps that wait at the same time, in branches, `step` lets the one go that came first.
    """

    def __init__(self) -> None:
        self.breakpoints: set[str] = set()
        """Paths without passes; a step that begins at one of them closes the gate."""
        self._closed = False
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._held = 0.0
        self._held_since: float | None = None

    @property
    def is_paused(self) -> bool:
        """Whether the next step will be held."""
        return self._closed

    @property
    def is_holding(self) -> bool:
        """Whether a step waits."""
        return bool(self._waiting)

    def pause(self) -> None:
        """Hold every step from the next one on."""
        self._closed = True

    def step(self) -> None:
        """Let exactly one waiting step begin; with none waiting, hold the next one."""
        self._closed = True
        if self._waiting:
            self._let_go(self._waiting.popleft())

    def resume(self) -> None:
        """Let all go on."""
        self._closed = False
        while self._waiting:
            self._let_go(self._waiting.popleft())

    async def before(self, run: Held, path: str, state: State) -> None:
        """A step is about to begin with this state: returns when it may."""
        if self.breakpoints and without_passes(path) in self.breakpoints:
            self._closed = True
            run.breakpoint_hit(path)
        if not self._closed:
            return
        run.paused(path)
        await self._turn()
        run.resumed(path)

    def held_seconds(self) -> float:
        """For how long steps have been held so far: time that no timeout should count."""
        since = self._held_since
        return self._held + (0.0 if since is None else time.monotonic() - since)

    async def _turn(self) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if not self._waiting:
            self._held_since = time.monotonic()
        self._waiting.append(turn)
        try:
            await turn
        finally:
            if turn in self._waiting:
                self._waiting.remove(turn)
                self._count_held_time()

    def _let_go(self, turn: "asyncio.Future[None]") -> None:
        if not turn.done():
            turn.set_result(None)
        self._count_held_time()

    def _count_held_time(self) -> None:
        if not self._waiting and self._held_since is not None:
            self._held += time.monotonic() - self._held_since
            self._held_since = None
