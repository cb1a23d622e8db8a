"""Errors that nobody expected, raised where they really are: in slots, tasks and drawing."""

import asyncio
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from agentflow_editor.app import build_windows, catch_crashes, end_window, make_app
from agentflow_editor.dialogs.crash import CrashDialog
from agentflow_editor.document.document import Document
from agentflow_editor.main_window import MainWindow
from agentflow_editor.process.event_loop import EventLoop
from agentflow_editor.recovery.shelf import Shelf
from editor.document.drawn import CATALOGUE, sheet
from editor.fronting import in_front

Wait = Callable[[float], None]


class Unlucky(QWidget):
    """It cannot be drawn."""

    def paintEvent(self, event: QPaintEvent) -> None:
        raise ValueError("drawn in vain")


@pytest.fixture
def wait(qapp, run_async) -> Wait:
    return lambda seconds: run_async(asyncio.sleep(seconds))


@pytest.fixture
def window(qtbot, tmp_path: Path, run_async) -> Iterator[MainWindow]:
    windows = build_windows(make_app(), tmp_path / "settings")
    windows.window_closed.connect(lambda window: run_async(end_window(window)))
    hooks = sys.excepthook, threading.excepthook
    loop = asyncio.get_event_loop_policy().get_event_loop()
    assert isinstance(loop, EventLoop)
    catch_crashes(loop, windows)
    made = windows.make_window()
    made.resize(1280, 800)
    in_front(qtbot, made)
    made.files.new_flow()
    made.workbench.document.edit("Begin", sheet("a"))
    yield made
    sys.excepthook, threading.excepthook = hooks
    made.close_for_good()


def _dialogs() -> list[CrashDialog]:
    return [it for it in QApplication.topLevelWidgets() if isinstance(it, CrashDialog)]


def _check(window: MainWindow, error: str) -> CrashDialog:
    """Say that one dialog shows an error, that the work is kept, and that work goes on."""
    [dialog] = _dialogs()
    assert dialog.isVisible()
    assert dialog.report.count("Traceback") == 1
    assert error in dialog.report
    assert list(window.workbench.keeper.shelf.folder.glob("*.journal"))
    dialog.reject()
    before = window.workbench.document.sheet
    window.workbench.document.edit("More", sheet("a", "b"))
    assert window.workbench.document.sheet != before
    window.action_set["edit.undo"].trigger()
    assert window.workbench.document.sheet == before
    return dialog


def _failing_button(window: MainWindow) -> QPushButton:
    def fail() -> None:
        raise ValueError("clicked in vain")

    button = QPushButton("Fail", window)
    button.clicked.connect(fail)
    button.show()
    return button


def test_an_error_in_a_slot_is_shown_once_and_counted(window, wait, capfd):
    button = _failing_button(window)
    for _ in range(3):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    wait(0.1)

    dialog = _check(window, "ValueError: clicked in vain")
    assert "happened 3 times" in dialog.report


def test_an_error_that_was_closed_opens_no_dialog_again_and_is_told(window, wait, capfd):
    button = _failing_button(window)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    wait(0.1)
    dialog = _check(window, "clicked in vain")
    told: list[str] = []
    window.files.told.connect(told.append)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    wait(0.1)

    assert not dialog.isVisible()
    assert told == ["The same unexpected error as before happened again"]
    assert "happened 2 times" in dialog.report


def test_an_error_in_a_task_is_shown_once(window, run_async, wait, capfd):
    async def fail() -> None:
        raise ValueError("awaited in vain")

    async def forget() -> None:
        for _ in range(3):
            asyncio.get_running_loop().create_task(fail())
        await asyncio.sleep(0)

    run_async(forget())
    wait(0.1)

    assert "happened 3 times" in _check(window, "ValueError: awaited in vain").report


def test_an_error_in_a_thread_is_shown_once(window, wait, capfd):
    def fail() -> None:
        raise ValueError("threaded in vain")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    wait(0.1)

    _check(window, "ValueError: threaded in vain")


def test_an_error_in_every_drawing_is_shown_once_and_never_again(window, wait, capfd):
    unlucky = Unlucky(window)
    unlucky.resize(window.size())
    unlucky.show()
    for _ in range(20):
        unlucky.update()
        wait(0.01)
    dialog = _check(window, "ValueError: drawn in vain")
    for _ in range(20):
        window.update()
        wait(0.01)

    assert not dialog.isVisible()
    assert dialog.report.count("Traceback") == 1
    unlucky.hide()
    assert window.isVisible()


def test_other_errors_stand_in_the_same_dialog(window, wait, capfd):
    loop: Any = asyncio.get_event_loop_policy().get_event_loop()
    for text in ("one", "other"):
        loop.call_exception_handler({"exception": ValueError(text), "message": ""})
    wait(0.1)

    [dialog] = _dialogs()
    assert "ValueError: one" in dialog.report
    assert "ValueError: other" in dialog.report
    dialog.reject()


def test_an_error_before_the_journal_had_its_turn_costs_no_work(window, wait, capfd):
    window.workbench.document.edit("Last", sheet("a", "last"))
    QTest.mouseClick(_failing_button(window), Qt.MouseButton.LeftButton)
    wait(0.1)
    journal = window.workbench.keeper.journal
    journal._soon.stop()
    journal._place.let_go()

    [kept] = Shelf(window.workbench.keeper.shelf.folder, CATALOGUE).left_behind()
    again = Document(CATALOGUE)
    again.restore(kept.draft.base, kept.draft.path, kept.draft.sheet)
    assert [it.path for it in again.sheet.flow.places()] == ["a", "last"]
    kept.keep_for_later()
    _dialogs()[0].reject()
