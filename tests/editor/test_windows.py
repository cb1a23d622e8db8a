"""Several windows in one process: each with its own flow, none in another's way."""

import asyncio
import gc
import threading
import weakref
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QMessageBox
from shiboken6 import isValid

from agentflow.event import Event
from agentflow_editor.windows import Windows
from editor.benches import TWO_STEPS

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def flows(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / name / "agentflow.toml" for name in ("a & b", "two", "three")]
    for path in paths:
        path.parent.mkdir()
        path.write_text(TWO_STEPS, "utf-8")
    return paths


def _delete_second(window: Any) -> None:
    window.workbench.selection.select(("sequential/second",))
    window.action_set["edit.delete"].trigger()
    assert window.isWindowModified()


def _boxes() -> list[QMessageBox]:
    found = QApplication.topLevelWidgets()
    return [it for it in found if isinstance(it, QMessageBox) and it.isVisible()]


def _answer(label: str) -> str:
    """Answer the only question; the window that it was about."""
    (box,) = _boxes()
    button = next(it for it in box.buttons() if it.text().replace("&", "") == label)
    asked_by = box.parentWidget().windowTitle()
    QTest.mouseClick(button, LEFT)
    return asked_by


def _drop(window: Any, *paths: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    target = window.canvas._view.viewport() if window.canvas.isVisible() else window
    copy = Qt.DropAction.CopyAction
    where = target.rect().center()
    entered = QDragEnterEvent(where, copy, mime, LEFT, NONE)
    assert QApplication.sendEvent(target, entered)
    QApplication.sendEvent(target, QDropEvent(QPointF(where), copy, mime, LEFT, NONE))


def test_each_file_has_a_window_with_a_document_and_an_undo_history_of_its_own(windows, flows):
    windows.open_flows(flows[:2])
    one, two = windows.windows

    _delete_second(one)

    assert [it.workbench.document.path for it in (one, two)] == flows[:2]
    assert not two.isWindowModified()
    assert not two.action_set["edit.undo"].isEnabled()
    assert one.pos() != two.pos()


def test_closing_one_window_leaves_the_other_at_work(windows, flows, qtbot):
    windows.open_flows(flows[:2])
    one, two = windows.windows
    one.action_set["window.close"].trigger()
    qtbot.waitUntil(lambda: not isValid(one))

    two.action_set["view.theme"].trigger()
    _delete_second(two)

    assert windows.windows == (two,)
    assert windows.front is two


def test_a_file_that_is_open_comes_to_the_front_instead_of_being_opened_twice(windows, flows):
    windows.open_flows(flows[:2])
    one, two = windows.windows
    one.showMinimized()

    two.files.open_flow(flows[0])
    windows.open_flows([flows[0].parent / ".." / flows[0].parent.name / flows[0].name])

    assert windows.windows == (one, two)
    assert not one.isMinimized()
    assert two.workbench.document.path == flows[1]


def test_the_first_file_is_opened_in_the_window_that_nobody_has_used_yet(windows, flows):
    windows.open_flows([])
    windows.open_flows(flows[:1])

    assert [it.workbench.document.path for it in windows.windows] == flows[:1]


def test_the_window_menu_lists_every_window_and_leads_to_it(windows, flows, qtbot):
    windows.open_flows(flows[:2])
    one, two = windows.windows
    _delete_second(two)
    menu = next(it for it in one.menuBar().findChildren(QMenu) if it.title() == "&Window")

    menu.aboutToShow.emit()
    menu.aboutToShow.emit()
    listed = [it for it in menu.actions() if it.isCheckable()]

    assert [(it.text(), it.isChecked()) for it in listed] == [
        ("a && b/agentflow.toml", True),
        ("two/agentflow.toml *", False),
    ]
    with qtbot.waitActive(two):
        listed[1].trigger()


def _presses(window: Any, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
    window.come_forward()
    assert QTest.qWaitForWindowActive(window, 3000)
    window.canvas.setFocus()
    QTest.keyClick(window.canvas._view, key, modifiers)


def test_steps_go_from_window_to_window_as_the_text_of_a_flow(windows, flows):
    windows.open_flows(flows[:2])
    one, two = windows.windows
    assert QTest.qWaitForWindowActive(two, 3000)  # the one that was opened last
    one.workbench.selection.select(("sequential/first",))
    _presses(one, Qt.Key.Key_C, CTRL)
    assert "[agents.first]" in QApplication.clipboard().text()
    _presses(two, Qt.Key.Key_V, CTRL)
    document = two.workbench.document
    assert [it.name for it in document.sheet.flow.parked[0].steps] == ["first-2"]
    assert document.undo_stack.undoText() == "Paste"
    assert not one.workbench.document.is_modified

    _presses(two, Qt.Key.Key_X, CTRL)
    assert not document.sheet.flow.parked
    one.workbench.selection.select(("sequential/second",))
    _presses(one, Qt.Key.Key_V, CTRL | SHIFT)
    steps = one.workbench.document.sheet.flow.root.steps[0].chains[0].steps
    assert [it.name for it in steps] == ["first", "second", "first-2"]


def test_quitting_asks_for_every_unsaved_flow_and_saves_what_is_wanted(windows, flows, qtbot):
    windows.open_flows(flows)
    one, _, three = windows.windows
    _delete_second(one)
    _delete_second(three)

    with qtbot.waitSignal(windows.all_closed):
        one.action_set["file.quit"].trigger()
        assert "a & b" in _answer("Save")
        assert "three" in _answer("Discard")

    assert '"second"' not in flows[0].read_text("utf-8")
    assert flows[2].read_text("utf-8") == TWO_STEPS


def test_nothing_is_closed_when_quitting_is_called_off_at_the_last_question(windows, flows):
    windows.open_flows(flows[:2])
    for window in windows.windows:
        _delete_second(window)

    windows.quit()
    _answer("Discard")
    _answer("Cancel")

    assert all(window.isVisible() and window.isWindowModified() for window in windows.windows)
    assert len(windows.windows) == 2


def test_what_was_edited_after_it_was_given_up_is_asked_about_again(windows, flows):
    windows.open_flows(flows[:2])
    one, two = windows.windows
    _delete_second(one)
    _delete_second(two)

    windows.quit()
    _answer("Discard")
    one.workbench.document.undo_stack.undo()
    one.workbench.selection.select(("sequential/first",))
    one.action_set["edit.delete"].trigger()
    _answer("Discard")

    assert "a & b" in _answer("Cancel")
    assert len(windows.windows) == 2


def test_several_files_dropped_on_a_window_are_opened_in_a_window_each(windows, flows):
    windows.open_flows(flows[:1])

    _drop(windows.windows[0], *flows[1:])

    assert [it.workbench.document.path for it in windows.windows] == flows


def test_a_file_dropped_on_the_canvas_is_opened_in_that_window(windows, flows):
    windows.open_flows(flows[:1])

    _drop(windows.windows[0], flows[1])

    assert [it.workbench.document.path for it in windows.windows] == flows[1:2]


def test_runs_of_two_windows_go_on_side_by_side(windows, flows, run_async):
    import asyncio

    windows.open_flows(flows[:2])
    given = {"text": "x", "data": "", "metadata": ""}

    async def run() -> list[str]:
        loop = asyncio.get_running_loop()
        ended: list[asyncio.Future[str]] = []
        for window in windows.windows:
            bench = window.workbench
            bench.settings.remember_input(bench.document.path, given)
            future: asyncio.Future[str] = loop.create_future()
            bench.run.ended.connect(lambda outcome, to=future: to.set_result(outcome.status))
            ended.append(future)
        for window in windows.windows:
            window.action_set["run.run"].trigger()
        assert all(window.workbench.run.is_running for window in windows.windows)
        async with asyncio.timeout(20):
            return [await it for it in ended]

    assert run_async(run()) == ["succeeded", "succeeded"]


def _used_and_closed(windows: Windows, flow: Path, run_async) -> list[weakref.ref[Any]]:
    """What held the flow of a window that was worked in, run, and closed with unsaved work."""
    window = windows.make_window()
    window.files.open_flow(flow)
    window.show()
    bench = window.workbench
    bench.selection.select(("sequential/first",))
    bench.source.type(bench.document.text.replace("second", "third"))
    bench.source.leave()
    bench.document.undo_stack.undo()

    async def run() -> str:
        ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        told = bench.run.ended.connect(lambda outcome: ended.set_result(outcome.status))
        bench.run.run(Event.from_input("Hi"))
        async with asyncio.timeout(20):
            status = await ended
        bench.run.ended.disconnect(told)
        return status

    assert run_async(run()) == "succeeded"
    _delete_second(window)
    keeper = bench.keeper
    owned = (window, bench.document, bench.source, bench.run, bench.trace)
    window.close_for_good()
    QCoreApplication.processEvents()
    return [weakref.ref(it) for it in (*owned, keeper.journal, keeper.watch, keeper.claim)]


def _gone() -> None:
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()
        gc.collect()


def test_a_closed_window_leaves_nothing_of_its_document_in_memory(windows, flows, run_async):
    held = _used_and_closed(windows, flows[0], run_async)
    _gone()
    assert [it() for it in held if it() is not None] == []


def test_twenty_windows_that_were_worked_in_leave_no_thread_behind(
    windows, flows, run_async, qtbot
):
    before = set(threading.enumerate())
    for _ in range(20):
        _used_and_closed(windows, flows[0], run_async)
    _gone()
    qtbot.waitUntil(lambda: set(threading.enumerate()) <= before)
