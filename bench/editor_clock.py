"""What the benches of the editor measure with: the time that the window's thread was at work."""

import cProfile
import json
import pstats
import statistics
import sys
import time
from bisect import bisect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

__all__ = ["Figure", "FrameClock", "figure", "frames", "settled", "stalls", "tell"]

FRAME = 16
"""Milliseconds between two frames that are asked for."""


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


class FrameClock(QObject):
    """How much its thread works between two frames of a widget that wants to be drawn always."""

    def __init__(self, widget: QWidget, on_frame: Callable[[], object] = lambda: None) -> None:
        """Begin.

        Args:
            widget: the one that is drawn.
            on_frame: called before each frame.
        """
        super().__init__(widget)
        self._on_frame = on_frame
        self._frames: list[tuple[float, float]] = []
        timer = QTimer(self, interval=FRAME)
        timer.timeout.connect(lambda: widget.update(0, 0, 1, 1))
        timer.start()
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note the beginning of a frame."""
        if event.type() == QEvent.Type.Paint:
            self._frames.append((time.time(), time.thread_time()))
            self._on_frame()
        return False

    @property
    def gaps(self) -> list[float]:
        """Seconds of work from each frame to the next one."""
        worked = [work for _, work in self._frames]
        return [after - before for before, after in pairwise(worked)]

    def after(self, number: int) -> float:
        """How long the thread had worked when a frame was followed by the next; counted from 1."""
        return self._frames[min(number, len(self._frames) - 1)][1]

    def worked(self, at: float) -> float:
        """How long the thread had worked at a time of day, between the frames around it."""
        place = min(max(bisect(self._frames, (at,)), 1), len(self._frames) - 1)
        (begin, before), (end, after) = self._frames[place - 1 : place + 1]
        return before + (after - before) * min(max((at - begin) / (end - begin), 0.0), 1.0)


def tell(measures: Mapping[str, Callable[[Path], Any]]) -> None:
    """Measure what the arguments say, MEASURE FLOW, and print JSON.

    With `--parts` it tells on stderr what took the time.
    """
    measure, flow = measures[sys.argv[1]], Path(sys.argv[2])
    if "--parts" not in sys.argv:
        print(json.dumps(measure(flow)))
        return
    profile = cProfile.Profile()
    found = profile.runcall(measure, flow)
    pstats.Stats(profile, stream=sys.stderr).sort_stats("cumulative").print_stats(80)
    print(json.dumps(found))
