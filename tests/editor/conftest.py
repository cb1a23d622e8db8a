"""What tests of the editor stand on: its event loop, and windows that do not outlive them."""

import asyncio
import gc
import inspect
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from agentflow_editor.app import build, build_windows, end_window, make_app
from agentflow_editor.main_window import MainWindow
from agentflow_editor.process.event_loop import EventLoop
from agentflow_editor.windows import Windows
from editor.fronting import in_front


def pytest_itemcollected(item: pytest.Item) -> None:
    """Let every `async def` test of the editor run on the editor's own loop, and no test hang.

    What a signal's handler raises does not get out of a Qt loop; only ending the process does.
    """
    seconds = (found := item.get_closest_marker("timeout")) and found.args[0]
    item.add_marker(pytest.mark.timeout(seconds, method="thread"), append=False)
    if isinstance(item, pytest.Function) and inspect.iscoroutinefunction(item.obj):
        item.fixturenames.append("run_async")


@pytest.fixture
def run_async(qapp: QApplication) -> Iterator[Callable[[Coroutine[Any, Any, Any]], Any]]:
    """Runs a coroutine to its end on asyncio over Qt."""
    loop = EventLoop(qapp)
    asyncio.set_event_loop(loop)
    yield loop.run_until_complete
    loop.close()
    asyncio.set_event_loop(None)


@pytest.fixture
def window(qtbot, tmp_path: Path, run_async) -> Iterator[MainWindow]:
    made = build(make_app(), tmp_path / "settings")
    made.resize(1280, 800)
    in_front(qtbot, made)
    yield made
    made.workbench.document.undo_stack.clear()
    run_async(made.workbench.run.close())
    made._may_close = True
    made.close()
    made.deleteLater()


@pytest.fixture
def windows(qtbot, tmp_path: Path, run_async) -> Iterator[Windows]:
    made = build_windows(make_app(), tmp_path / "settings")
    closed: list[MainWindow] = []

    async def end_each(ending: list[MainWindow]) -> None:
        for window in ending:
            await end_window(window)

    def end() -> None:
        ending, closed[:] = list(closed), []
        if ending:
            run_async(end_each(ending))

    def end_soon(window: MainWindow) -> None:
        # Not at once: what closes it may be a click into it, or into a question of its own.
        closed.append(window)
        QTimer.singleShot(0, end)

    made.window_closed.connect(end_soon)
    yield made
    for window in made.windows:
        window.close_for_good()
    end()


@pytest.fixture(autouse=True)
def no_window_is_left(qapp: QApplication) -> Iterator[None]:
    """Fail the test that leaves a window behind."""
    before = set(_windows())
    yield
    if any(window not in before for window in _windows()):
        gc.collect()
    left = [window for window in _windows() if window not in before]
    assert not left, f"windows outlived the test: {left}"


def _windows() -> list[QWidget]:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    # Qt keeps its own tool tips for the next time.
    return [
        it for it in QApplication.topLevelWidgets() if it.metaObject().className() != "QTipLabel"
    ]
