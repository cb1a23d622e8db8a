"""Measures the editor's own window: python bench/editor_window.py MEASURE FLOW [--quick] [--parts].

Each measure runs in a process of its own. With `--parts` it tells on stderr what took its time.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from editor_clock import figure, frames, settled, tell
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QDockWidget

from agentflow_editor.app import build, make_app
from agentflow_editor.canvas.items import NodeItem
from agentflow_editor.canvas.view import FlowView
from agentflow_editor.document import edits
from agentflow_editor.document.document import Document
from agentflow_editor.main_window import MainWindow

WIDTH, HEIGHT = 1920, 1080
EDITS, PAUSE = 20, 0.5
"""Edits of a kind, and seconds after each: in these the window does all that follows from it."""


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
        found |= _camera(app, window)
        found["drag"] = _drag(app, window)
        return found


def see_all(app: QApplication, window: MainWindow) -> FlowView:
    """Look at the whole flow, from however far away."""
    window.canvas.looking.frame_all()
    app.processEvents()
    return view_of(window)


def _camera(app: QApplication, window: MainWindow) -> dict[str, Any]:
    view = see_all(app, window)
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
        window.canvas.looking.frame_all()
        document, found = window.workbench.document, dict[str, Any]()

        def times(edit: Callable[[Document, int], None], count: int) -> list[float]:
            return [settled(app, lambda it=it: edit(document, it), PAUSE) for it in range(count)]

        for name, edit in (("move", _move), ("set", _set)):
            found[f"edit: {name}"] = asdict(figure(times(edit, EDITS + 1)[1:]))
        reveal(window, "source")
        settled(app, lambda: None, 4 * PAUSE)
        found["edit: set, source in sight"] = asdict(figure(times(_set_again, 3)))
        return found


def mending(flow: Path) -> dict[str, Any]:
    """What an edit costs while hundreds of values are wrong."""
    with window_at_work() as (app, window):
        opened(app, window, _misread(flow))
        document = window.workbench.document
        times = [settled(app, lambda it=it: _set(document, it), PAUSE) for it in range(EDITS + 1)]
        assert len(document.known_problems) >= len(document.sheet.flow.agents), "all can be read"
        return {"edit: set, values wrong": asdict(figure(times[1:]))}


def _misread(flow: Path) -> Path:
    """The same flow beside it; of each agent one value cannot be read."""
    text = flow.read_text(encoding="utf-8")
    target = flow.with_name("misread.toml")
    wrong = text.replace('type = "scripted"', 'type = "scripted"\ntimeout = 7')
    target.write_text(wrong, encoding="utf-8")
    return target


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


def main() -> None:
    """Measure what the arguments say, and print JSON."""
    global EDITS, PAUSE
    if "--quick" in sys.argv:
        EDITS, PAUSE = 3, 0.2
    tell({"canvas": canvas, "edits": editing, "misread": mending, "journal": journal})


if __name__ == "__main__":
    main()
