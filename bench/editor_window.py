"""Measures the editor's own window; each measure runs in a process of its own."""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from editor_clock import figure, frames, settled, stalls
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from agentflow.runner import RunOutcome
from agentflow.state import State
from agentflow.trace import RunFinished, RunStarted, StepOutput, StepStarted, StepSucceeded
from agentflow_editor.app import build, make_app
from agentflow_editor.document import edits
from agentflow_editor.main_window import MainWindow

WIDTH, HEIGHT = 1920, 1080
RATE, SECONDS = 10_000, 3.0
"""Entries of a trace a second, and for how long."""
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


def start(_: Path) -> dict[str, Any]:
    """From the first instruction of the interpreter to the window's first picture."""
    with tempfile.TemporaryDirectory() as settings:
        shown(Path(settings))
        return {"start": time.thread_time() * 1000}


def canvas(flow: Path) -> dict[str, Any]:
    """Opening, the camera, dragging, editing."""
    with tempfile.TemporaryDirectory() as settings:
        app, window = shown(Path(settings))
        settled(app, lambda: None)
        found = {"open": settled(app, lambda: window.files.open_flow(flow)) * 1000}
        view, document = window.canvas._view, window.workbench.document
        found["viewport"] = view.viewport().size().toTuple()
        for name, zoom in (("overview", view.zoom), ("close", 1.0)):
            view.look_at(view.center, zoom)
            pan = lambda _: view.look_at(view.center + QPointF(9, 0) / view.zoom, view.zoom)  # noqa: E731
            found[f"{name} pan"] = frames(app, pan)
            found[f"{name} zoom"] = frames(app, lambda it: view.zoom_by(1.01 ** (1 - it % 3)))
        found["drag"] = _drag(app, window)
        window.canvas.frame_all()

        def moved(number: int) -> None:
            at = {"fetch3": (8 * number, 40)}
            document.edit("Move", edits.place(document.sheet, at))

        def set_to(number: int) -> None:
            after = edits.set_agent(document.sheet, "fetch5", "description", f"number {number}")
            document.edit("Set", after)

        for name, edit in (("move", moved), ("set", set_to)):
            # The flow is checked a moment after the last edit; that is part of what an edit costs.
            times = [settled(app, lambda it=it, edit=edit: edit(it + 1), 0.8) for it in range(9)]
            found[f"edit: {name}"] = asdict(figure(times[1:]))
        window._docks.reveal("source")
        settled(app, lambda: None, 2.0)
        times = [settled(app, lambda it=it: set_to(it + 50), 1.5) for it in range(3)]
        found["edit: set, source in sight"] = asdict(figure(times))
        return found


def _drag(app: Any, window: MainWindow) -> dict[str, float]:
    """A node follows the mouse, by real events."""
    view, port = window.canvas._view, window.canvas._view.viewport()
    box = window.canvas._drawing.scene.boxes["fetch1"]
    view.look_at(QPointF(*box.rect.middle), 1.0)
    begin = view.mapFromScene(QPointF(*box.rect.middle))
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton

    def send(kind: QEvent.Type, at: QPoint, button: Qt.MouseButton) -> None:
        where = QPointF(port.mapToGlobal(at))
        event = QMouseEvent(kind, QPointF(at), where, button, left, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(port, event)

    send(QEvent.Type.MouseButtonPress, begin, left)
    found = frames(
        app, lambda it: send(QEvent.Type.MouseMove, begin + QPoint(9 * it, 5 * it), none)
    )
    view.give_up()
    return found


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


if __name__ == "__main__":
    MEASURES = {"start": start, "canvas": canvas, "run": run, "results": results}
    print(json.dumps(MEASURES[sys.argv[1]](Path(sys.argv[2]))))
