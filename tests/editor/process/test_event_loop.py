"""The event loop: order, waits, threads, nested loops."""

import asyncio
import os
import signal
import time

import pytest
from PySide6.QtCore import QEventLoop, QTimer

from agentflow_editor.process.event_loop import EventLoop


@pytest.fixture
def loop(qapp):
    loop = EventLoop(qapp)
    asyncio.set_event_loop(loop)
    yield loop
    loop.close()
    asyncio.set_event_loop(None)


def test_callbacks_run_in_the_order_in_which_they_were_asked_for(loop):
    seen = []

    async def ask():
        for number in range(200):
            asyncio.get_running_loop().call_soon(seen.append, number)
        await asyncio.sleep(0.01)

    loop.run_until_complete(ask())

    assert seen == list(range(200))


def test_a_sleeper_never_wakes_early(loop):
    async def nap(seconds):
        started = time.monotonic()
        await asyncio.sleep(seconds)
        return time.monotonic() - started - seconds

    async def naps():
        return [await nap(0.0013 * number) for number in range(1, 20)]

    assert min(loop.run_until_complete(naps())) >= 0


def test_waits_end_in_the_order_of_their_times_and_cancelled_ones_never(loop):
    seen = []

    async def ask():
        running = asyncio.get_running_loop()
        late = running.call_later(0.03, seen.append, "late")
        running.call_later(0.02, seen.append, "second")
        running.call_later(0.01, seen.append, "first")
        late.cancel()
        await asyncio.sleep(0.05)

    loop.run_until_complete(ask())

    assert seen == ["first", "second"]


def test_another_thread_can_wake_the_loop(loop):
    async def work():
        return await asyncio.to_thread(lambda: 7)

    assert loop.run_until_complete(work()) == 7


def test_a_signal_wakes_the_loop(loop):
    async def main():
        heard = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, heard.set)
        os.kill(os.getpid(), signal.SIGUSR1)
        async with asyncio.timeout(5):
            await heard.wait()
        asyncio.get_running_loop().remove_signal_handler(signal.SIGUSR1)

    loop.run_until_complete(main())


def test_tasks_survive_a_nested_qt_loop_in_a_slot(loop):
    async def main():
        ticks = []

        async def tick():
            while True:
                ticks.append(1)
                await asyncio.sleep(0.002)

        def nested():
            inner = QEventLoop()
            QTimer.singleShot(30, inner.quit)
            inner.exec()

        ticker = asyncio.create_task(tick())
        QTimer.singleShot(0, nested)
        await asyncio.sleep(0.08)
        ticker.cancel()
        return len(ticks)

    assert loop.run_until_complete(main()) > 10
