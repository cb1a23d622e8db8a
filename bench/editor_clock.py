"""What the benches of the editor measure with: the time that the window's thread was at work."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

__all__ = ["Figure", "figure", "frames", "settled", "stalls"]


@dataclass(frozen=True, slots=True)
class Figure:
    """Milliseconds of the thread's own time; other programs on the machine take none of it."""

    median: float
    p95: float


def figure(seconds: Sequence[float]) -> Figure:
    """The median and the 95th percentile of some times."""
    ordered = sorted(seconds)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]
    return Figure(round(statistics.median(ordered) * 1000, 2), round(p95 * 1000, 2))


def frames(app: QApplication, move: Callable[[int], object], count: int = 30) -> dict[str, float]:
    """How long it takes to do something and draw it, again and again; the first three warm up."""
    times: list[float] = []
    for number in range(count + 3):
        begun = time.thread_time()
        move(number)
        app.processEvents()
        times.append(time.thread_time() - begun)
    return asdict(figure(times[3:]))


def settled(app: QApplication, do: Callable[[], object], wait: float = 0.4) -> float:
    """Seconds of work for something and for all that follows from it soon after."""
    waiting = QEventLoop()
    begun = time.thread_time()
    do()
    QTimer.singleShot(round(wait * 1000), waiting.quit)
    waiting.exec()
    app.processEvents()
    return time.thread_time() - begun


def stalls(app: QApplication, feed: Callable[[float], bool]) -> list[float]:
    """How long the window could not be drawn, turn by turn, while something is fed to it.

    Args:
        app: the application.
        feed: given the seconds since the beginning; whether there is more to come.
    """
    begun = time.perf_counter()
    turns: list[float] = []
    is_going = True
    while is_going:
        before = time.thread_time()
        is_going = feed(time.perf_counter() - begun)
        app.processEvents()
        turns.append(time.thread_time() - before)
        time.sleep(0.001)
    for _ in range(60):
        before = time.thread_time()
        app.processEvents()
        turns.append(time.thread_time() - before)
        time.sleep(0.005)
    return turns
