"""Writer: the thread that writes a journal, many entries at a time.

Whoever records only appends to a backlog. The thread takes what has come together, writes it in one
transaction, and wakes those who wait for it: what happens while it writes shares the next one, so
that a thousand runs cost hardly more commits than one does.
"""

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from agentflow.errors import JournalError
from agentflow.journal.database import explained, open_for_writing
from agentflow.journal.kept_run import KeptRun
from agentflow.journal.lock import Lock
from agentflow.journal.rows import Rows
from agentflow.trace_rows import Row

__all__ = ["Writer"]

_LOG = logging.getLogger(__name__)

_LINGER = 0.01
"""Seconds in which more may come together while nobody waits."""

_STALL = 0.05
"""Seconds that an append may take at most, where it finds far too much before it."""


_AT_A_TURN = 50
"""How many of those who waited go on in one turn of their loop."""


class Writer:
    """Writes one journal, as the only one who does. To be closed."""

    def __init__(self, path: Path, *, at_once: int = 4096, bound: int = 10_000) -> None:
        """Open the journal, or make it.

        Args:
            path: the file.
            at_once: how many entries one transaction holds at most.
            bound: how many entries may wait before runs wait, too.

        Raises:
            JournalError: it cannot be written.
        """
        self.path = path
        self._at_once, self._bound = at_once, bound
        self._lock = Lock(path)
        try:
            self._connection = open_for_writing(path)
        except BaseException:
            self._lock.close()
            raise
        self._rows = Rows(self._connection, path)
        self._backlog: deque[tuple[KeptRun, Row]] = deque()
        self._waiting: deque[_Waiting] = deque()
        self._appended = self._committed = 0
        self._broken: JournalError | None = None
        self._closing = self._asleep = False
        self._wake, self._hurry = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._serve, name="agentflow: journal", daemon=True)
        self._thread.start()

    def sink(self, run: KeptRun) -> Callable[[Row], None]:
        """What takes the rows of a run. Once the journal is broken it drops them; see `settled`."""
        backlog = self._backlog

        def append(row: Row) -> None:
            if self._broken is not None:
                return
            backlog.append((run, row))
            self._appended += 1
            if self._asleep:
                self._wake.set()
            elif self._appended - self._committed > 4 * self._bound:
                self._stall()

        return append

    @property
    def is_full(self) -> bool:
        """Whether runs should wait for `room` before they go on, or hear that it is broken."""
        return self._appended - self._committed > self._bound or self._broken is not None

    @property
    def is_broken(self) -> bool:
        """Whether nothing is written any more."""
        return self._broken is not None

    async def room(self) -> None:
        """Wait until half of what may wait has been written.

        Raises:
            JournalError: it cannot be written.
        """
        await self._written(self._appended - self._bound // 2)

    async def settled(self) -> None:
        """Wait until all that was appended before is on the disk.

        Raises:
            JournalError: it cannot be written.
        """
        await self._written(self._appended)

    def close(self) -> None:
        """Write what is left, and end the thread.

        Raises:
            JournalError: it could not all be written.
        """
        self._closing = True
        self._hurry.set()
        self._wake.set()
        self._thread.join()
        self._connection.close()
        self._lock.close()
        if self._broken is not None:
            raise self._told_again(self._broken)

    async def _written(self, target: int) -> None:
        if self._committed >= target and self._broken is None:
            return
        waiting = _Waiting(target, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        self._hurry.set()
        if self._broken is not None:
            raise self._told_again(self._broken)
        await waiting.future
        if self._broken is not None and self._committed < target:
            raise self._told_again(self._broken)

    @staticmethod
    def _told_again(error: JournalError) -> JournalError:
        return JournalError(error.where, error.what, error.fix)

    def _stall(self) -> None:
        """Give the writer a moment: what an agent says may come faster than it can be written."""
        self._hurry.set()
        end = time.monotonic() + _STALL
        while self._appended - self._committed > 4 * self._bound and time.monotonic() < end:
            time.sleep(0.001)

    def _serve(self) -> None:
        while self._awaited():
            batch = [self._backlog.popleft() for _ in range(min(len(self._backlog), self._at_once))]
            try:
                with explained(self.path):
                    self._write(batch)
            except JournalError as error:
                self._break(error)
                return
            except Exception as bug:  # noqa: BLE001 - whatever it is, nothing more is written
                what = f"cannot be written ({type(bug).__name__}: {bug})"
                self._break(JournalError(self.path, what, "run without a journal"))
                return
            self._committed += len(batch)
            self._wake_those_who_waited()
        try:
            with explained(self.path):
                self._rows.empty_the_log(at_least=0)
        except JournalError as error:
            _LOG.info("all is written, but not all in the journal's own file: %s", error)

    def _awaited(self) -> bool:
        """Wait until there is something to write; False when there will be nothing any more."""
        self._wake.clear()
        self._asleep = True
        if not (self._backlog or self._closing):
            self._wake.wait()
        self._asleep = False
        if len(self._backlog) < self._at_once and not (self._waiting or self._closing):
            self._hurry.wait(_LINGER)
        self._hurry.clear()
        return bool(self._backlog) or not self._closing

    def _write(self, batch: list[tuple[KeptRun, Row]]) -> None:
        self._rows.begin()
        try:
            for run, rows in _by_run(batch).items():
                self._rows.add(run, rows)
        except BaseException:
            self._rows.give_up()
            raise
        self._rows.commit()
        self._rows.empty_the_log()

    def _break(self, error: JournalError) -> None:
        _LOG.error("runs are kept no longer: %s", error, extra={"is_told": True})
        self._broken = error
        self._backlog.clear()
        self._wake_those_who_waited(everyone=True)

    def _wake_those_who_waited(self, *, everyone: bool = False) -> None:
        woken: dict[asyncio.AbstractEventLoop, list[asyncio.Future[None]]] = {}
        while self._waiting and (everyone or self._waiting[0].target <= self._committed):
            future = self._waiting.popleft().future
            woken.setdefault(future.get_loop(), []).append(future)
        for loop, futures in woken.items():
            with suppress(RuntimeError):  # a loop that is closed has nobody left who waits
                loop.call_soon_threadsafe(_wake, futures)


class _Waiting(NamedTuple):
    """Somebody who waits until so many entries have been written."""

    target: int
    future: "asyncio.Future[None]"


def _wake(futures: "list[asyncio.Future[None]]") -> None:
    """Wake some in each turn of the loop: all at once would hold up whoever else lives there."""
    for future in futures[:_AT_A_TURN]:
        if not future.done():
            future.set_result(None)
    if rest := futures[_AT_A_TURN:]:
        asyncio.get_running_loop().call_soon(_wake, rest)


def _by_run(batch: list[tuple[KeptRun, Row]]) -> dict[KeptRun, list[Row]]:
    runs: dict[KeptRun, list[Row]] = {}
    for run, row in batch:
        known = runs.get(run)
        if known is None:
            runs[run] = [row]
        else:
            known.append(row)
    return runs
