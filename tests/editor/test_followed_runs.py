"""Runs in a window that are larger than what is seen of them, followed and left by real keys."""

import asyncio
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from agentflow_editor.main_window import MainWindow
from agentflow_editor.window.command_palette import CommandPalette

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
COUNT = 14
LAST = f"sequential/s{COUNT - 1}"


def text(delay: str) -> str:
    names = [f"s{number}" for number in range(COUNT)]
    agents = "".join(
        f'[agents.{name}]\ntype = "scripted"\ndelay = "{delay}"\noutput = {{ n = 1 }}\n'
        for name in names
    )
    head = '[orchestration]\nmode = "sequential"\n\n[orchestration.sequential]\n'
    return f"{head}agents = {names}\n\n{agents}"


@pytest.fixture
def opened(window: MainWindow, tmp_path: Path, qtbot):
    def open_with(delay: str) -> MainWindow:
        file = tmp_path / "flow" / "agentflow.toml"
        file.parent.mkdir()
        file.write_text(text(delay), "utf-8")
        window.files.open_flow(file)
        window.workbench.settings.remember_input(file, {"text": "x"})
        qtbot.wait(50)  # the window looks at it only once the canvas has its size
        assert sees(window, "sequential/s0")
        assert not sees(window, LAST)
        return window

    return open_with


def sees(window: MainWindow, key: str) -> bool:
    canvas = window.canvas
    return canvas._view.in_sight.contains(canvas._drawing.place(key))


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget(), key, modifiers)


async def until(holds) -> None:
    for _ in range(1500):
        if holds():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came to that")


async def has_ended(window: MainWindow) -> None:
    bench = window.workbench
    await until(lambda: bench.trace.finished is not None and not bench.run.is_running)


def at_work(window: MainWindow) -> list[str]:
    return list(window.workbench.trace.at_work)


async def test_the_step_at_work_is_seen_from_the_first_to_the_last(opened):
    window = opened("250ms")
    seen = set[str]()
    press(Qt.Key.Key_F5)
    await until(lambda: bool(at_work(window)))
    while not window.workbench.trace.finished:
        seen |= {path for path in at_work(window) if sees(window, path)}
        await asyncio.sleep(0.01)
    await has_ended(window)
    assert len(seen) == COUNT


async def test_who_looks_elsewhere_is_left_alone_until_the_key_is_pressed_again(opened):
    window = opened("150ms")
    follow, view = window.action_set["run.follow"], window.canvas._view
    assert follow.isChecked()
    press(Qt.Key.Key_F5)
    await until(lambda: bool(at_work(window)))
    at, none = QPointF(200, 100), Qt.KeyboardModifier.NoModifier
    there, turned = QPointF(view.mapToGlobal(at.toPoint())), QPoint(0, 120)
    begin, buttons = Qt.ScrollPhase.NoScrollPhase, Qt.MouseButton.NoButton
    wheel = QWheelEvent(at, there, QPoint(), turned, buttons, none, begin, False)
    QApplication.sendEvent(view.viewport(), wheel)
    assert not follow.isChecked()
    assert "not followed any more" in window.statusBar().currentMessage()
    camera = view.center
    await until(lambda: at_work(window) and not sees(window, at_work(window)[0]))
    assert view.center == camera

    press(Qt.Key.Key_F7)
    assert follow.isChecked()
    await until(lambda: at_work(window) and sees(window, at_work(window)[0]))
    await has_ended(window)
    assert window.workbench.preferences.current.follow_run


async def test_stepping_shows_the_step_where_it_stopped(opened):
    window = opened("1ms")
    run = window.workbench.run
    for path in ("sequential", *(f"sequential/s{number}" for number in range(COUNT))):
        press(Qt.Key.Key_F10)
        await until(lambda path=path: window.workbench.selection.paths == (path,))
        await until(lambda path=path: sees(window, path))
        await until(lambda: run.is_paused)
    press(Qt.Key.Key_F5)
    await has_ended(window)


def test_it_is_switched_in_the_list_of_commands_and_stays_so(window, qtbot):
    window.files.new_flow()
    window.canvas.setFocus()
    press(Qt.Key.Key_P, CTRL | SHIFT)
    palette = next(it for it in window.findChildren(CommandPalette) if it.isVisible())
    QTest.keyClicks(palette.findChild(QLineEdit), "follow run")
    press(Qt.Key.Key_Return)
    assert not window.action_set["run.follow"].isChecked()
    assert window.workbench.settings.preferences["follow_run"] is False
    press(Qt.Key.Key_F7)
    assert window.action_set["run.follow"].isChecked()
    assert window.workbench.settings.preferences["follow_run"] is True
