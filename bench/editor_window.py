"""Measures the editor's own window: python bench/editor_window.py MEASURE FLOW [--quick] [--parts].

Each measure runs in a process of its own. With `--parts` it tells on stderr what took its time.
"""

import cProfile
import json
import pstats
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from editor_clock import figure, frames, settled, stalls
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QDockWidget

from agentflow.runner import RunOutcome
from agentflow.state import State
from agentflow.trace import RunFinished, RunStarted, StepOutput, StepStarted, StepSucceeded
from agentflow_editor.app import build, make_app
from agentflow_editor.canvas.items import NodeItem
from agentflow_editor.canvas.view import FlowView
from agentflow_editor.document import edits
from agentflow_editor.document.document import Document
from agentflow_editor.main_window import MainWindow

WIDTH, HEIGHT = 1920, 1080
RATE, SECONDS = 10_000, 3.0
"""Entries of a trace a second, and for how long."""
EDITS, PAUSE = 20, 0.5
"""Edits of a kind, and seconds after each: in these the window does all that follows from it."""
TOKENS, STREAM = 100_000, 4.0
"""Pieces of an answer, and in how many seconds they come."""


def shown(folder: Path) -> tuple[Any, MainWindow]:
    """The window as it is shown after the start."""
    app = make_app()
    window = build(app, folder)
    window.resize(WIDTH, HEIGHT)
    window.show()
    app.processEvents()
    return app, window


def opened(app: QApplication, window: MainWindow, flow: Path) -> float:
    """Open a flow and draw all of it; milliseconds of work."""
    took = settled(app, lambda: window.files.open_flow(flow)) * 1000
    steps = [place.path for place in window.workbench.document.sheet.flow.places()]
    assert steps, f"{flow} was not opened"
    assert len(nodes(window)) == len(steps) + 1, f"{flow} is not drawn"
    return took


def view_of(window: MainWindow) -> FlowView:
    """What the canvas is seen through."""
    view = window.canvas.findChild(FlowView)
    assert isinstance(view, FlowView)
    return view


def nodes(window: MainWindow) -> dict[str, NodeItem]:
    """What stands on the canvas, by path."""
    items = view_of(window).scene().items()
    return {it.box.path: it for it in items if isinstance(it, NodeItem)}


def reveal(window: MainWindow, pane: str) -> None:
    """Bring a pane to the front."""
    dock = window.findChild(QDockWidget, f"dock.{pane}")
    assert isinstance(dock, QDockWidget)
    dock.show()
    dock.raise_()


@contextmanager
def window_at_work() -> Iterator[tuple[QApplication, MainWindow]]:
    """A window that is shown, and ends in order."""
    with tempfile.TemporaryDirectory() as settings:
        app, window = shown(Path(settings))
        settled(app, lambda: None)
        yield app, window
        window.workbench.document.close()
        window.workbench.keeper.close()


def canvas(flow: Path) -> dict[str, Any]:
    """Opening, the camera, dragging."""
    with window_at_work() as (app, window):
        found: dict[str, Any] = {"open": opened(app, window, flow)}
        found |= _camera(app, view_of(window))
        found["drag"] = _drag(app, window)
        return found


def _camera(app: QApplication, view: FlowView) -> dict[str, Any]:
    found: dict[str, Any] = {"viewport": view.viewport().size().toTuple()}
    for name, zoom in (("overview", view.zoom), ("close", 1.0)):
        view.look_at(view.center, zoom)
        pan = lambda _: view.look_at(view.center + QPointF(9, 0) / view.zoom, view.zoom)  # noqa: E731
        found[f"{name} pan"] = frames(app, pan)
        found[f"{name} zoom"] = frames(app, lambda it: view.zoom_by(1.01 ** (1 - it % 3)))
    return found


def _drag(app: QApplication, window: MainWindow) -> dict[str, float]:
    """A node follows the mouse, by real events."""
    view, middle = view_of(window), nodes(window)["fetch1"].scene_rect().center()
    port = view.viewport()
    view.look_at(middle, 1.0)
    begin = view.mapFromScene(middle)
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton

    def send(kind: QEvent.Type, at: QPoint, button: Qt.MouseButton) -> None:
        where = QPointF(port.mapToGlobal(at))
        event = QMouseEvent(kind, QPointF(at), where, button, left, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(port, event)

    send(QEvent.Type.MouseButtonPress, begin, left)
    found = frames(
        app, lambda it: send(QEvent.Type.MouseMove, begin + QPoint(9 * it, 5 * it), none)
    )
    assert nodes(window)["fetch1"].scene_rect().center() != middle, "nothing was dragged"
    view.give_up()
    return found


def editing(flow: Path) -> dict[str, Any]:
    """What edits cost, with all that follows: the flow is checked a moment after the last one."""
    with window_at_work() as (app, window):
        opened(app, window, flow)
        document, found = window.workbench.document, dict[str, Any]()

        def times(edit: Callable[[Document, int], None], count: int) -> list[float]:
            return [settled(app, lambda it=it: edit(document, it), PAUSE) for it in range(count)]

        for name, edit in (("move", _move), ("set", _set)):
            found[f"edit: {name}"] = asdict(figure(times(edit, EDITS + 1)[1:]))
        reveal(window, "source")
        settled(app, lambda: None, 4 * PAUSE)
        found["edit: set, source in sight"] = asdict(figure(times(_set_again, 3)))
        return found


def _move(document: Document, number: int) -> None:
    document.edit("Move", edits.place(document.sheet, {"fetch3": (8 * number + 8, 40)}))


def _set(document: Document, number: int) -> None:
    after = edits.set_agent(document.sheet, "fetch5", "description", f"number {number}")
    document.edit("Set", after)


def _set_again(document: Document, number: int) -> None:
    _set(document, number + EDITS + 1)


def journal(flow: Path) -> dict[str, Any]:
    """How long the window waits for the edit journal: all of it but the wait for the disk."""
    with window_at_work() as (app, window):
        opened(app, window, flow)
        document, journal = window.workbench.document, window.workbench.keeper.journal
        times: list[float] = []
        for number in range(EDITS):
            document.blockSignals(True)  # else it has kept the edit already
            _set(document, number)
            document.blockSignals(False)
            begun = time.thread_time()
            assert journal.flush(), "it could not be kept"
            times.append(time.thread_time() - begun)
        return {"keep": asdict(figure(times[1:]))}


def run(flow: Path) -> dict[str, Any]:
    """10,000 entries a second for three seconds, as they come from a run of the open flow."""
    with tempfile.TemporaryDirectory() as settings:
        app, window = shown(Path(settings))
        settled(app, lambda: window.files.open_flow(flow))
        return _fed(app, window)


def _fed(app: Any, window: MainWindow) -> dict[str, Any]:
    trace, drawing = window.workbench.trace, window.canvas._drawing
    paths = [path for path in drawing.scene.boxes if path]
    trace.feed(RunStarted(0, 0.0, "r", "", "flow", State()))
    fed = 0
    late: list[float] = []
    waiting: list[tuple[str, float]] = []

    def feed(elapsed: float) -> bool:
        nonlocal fed
        while waiting and drawing.node(waiting[0][0])._mark.status == "done":
            late.append(time.thread_time() - waiting.pop(0)[1])
        while fed < min(elapsed, SECONDS) * RATE:
            path = paths[fed // 2 % len(paths)]
            if fed % 2:
                trace.feed(StepSucceeded(fed, elapsed, "r", path, {"n": fed}, (), 0.1))
                if fed < 2 * len(paths) and fed % 40 == 1:
                    waiting.append((path, time.thread_time()))
            else:
                trace.feed(StepStarted(fed, elapsed, "r", path, "agent", path, 0))
            fed += 1
        return elapsed < SECONDS

    turns = stalls(app, feed)
    return {
        "run: a turn": asdict(figure(turns)),
        "run: longest turn": max(turns) * 1000,
        "run: until shown": asdict(figure(late)),
        "run: entries a second": round(fed / SECONDS),
    }


def results(flow: Path) -> dict[str, Any]:
    """A result of 10 MB, a line of a million characters, 100,000 streamed tokens."""
    with tempfile.TemporaryDirectory() as settings:
        app, window = shown(Path(settings))
        settled(app, lambda: window.files.open_flow(flow))
        texts = {
            "10 MB": "A line of a result that goes on and on.\n" * 250_000,
            "a line of 1,000,000": "x" * 1_000_000,
        }
        found = {f"{name}: longest turn": _result(app, window, it) for name, it in texts.items()}
        return {**found, "100,000 tokens: longest turn": _stream(app, window)}


def _result(app: Any, window: MainWindow, text: str) -> float:
    """A run ends with a text, and every pane that shows it is looked at."""
    bench, reveal = window.workbench, window._docks.reveal
    state, changes = State({"response": text}), {"response": text}
    begin = (
        RunStarted(0, 0.0, "r", "", "flow", State()),
        StepStarted(1, 0.0, "r", "fetch0", "agent", "fetch0", 0),
        StepSucceeded(2, 0.1, "r", "fetch0", changes, (), 0.1),
        RunFinished(3, 0.2, "r", "", "succeeded", state, "", 0.2),
    )
    outcome = RunOutcome(run_id="r", status="succeeded", state=state, error="", entries=begin)
    steps: list[Callable[[], object]] = [
        bench.trace.clear,
        *(lambda entry=entry: bench.trace.feed(entry) for entry in begin),
        lambda: bench.run.ended.emit(outcome),
        *(lambda pane=pane: reveal(pane) for pane in ("result", "state", "trace", "result")),
        lambda: bench.selection.select(("fetch0",)),
        lambda: reveal("state"),
    ]

    def feed(_elapsed: float) -> bool:
        steps.pop(0)()
        return bool(steps)

    longest = max(stalls(app, feed)) * 1000
    bench.selection.select(())
    return longest


def _stream(app: Any, window: MainWindow) -> float:
    trace = window.workbench.trace
    trace.clear()
    window._docks.reveal("result")
    trace.feed(RunStarted(0, 0.0, "r", "", "flow", State()))
    trace.feed(StepStarted(1, 0.0, "r", "fetch0", "agent", "fetch0", 0))
    window.workbench.run.started.emit()
    told = 0

    def feed(elapsed: float) -> bool:
        nonlocal told
        while told < min(elapsed / STREAM, 1.0) * TOKENS:
            trace.feed(StepOutput(told + 2, elapsed, "r", "fetch0", "token "))
            told += 1
        return told < TOKENS

    return max(stalls(app, feed)) * 1000


MEASURES = {
    "canvas": canvas,
    "edits": editing,
    "journal": journal,
    "run": run,
    "results": results,
}


def main() -> None:
    """Measure what the arguments say, and print JSON."""
    global EDITS, PAUSE
    measure, flow, flags = MEASURES[sys.argv[1]], Path(sys.argv[2]), sys.argv[3:]
    if "--quick" in flags:
        EDITS, PAUSE = 3, 0.2
    profile = cProfile.Profile()
    found = profile.runcall(measure, flow) if "--parts" in flags else measure(flow)
    if "--parts" in flags:
        pstats.Stats(profile, stream=sys.stderr).sort_stats("cumulative").print_stats(80)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
