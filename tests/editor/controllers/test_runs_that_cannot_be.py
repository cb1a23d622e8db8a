"""A flow that cannot run says so when it is to run: at once, and where."""

import asyncio
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton

from agentflow_editor.dialogs.messages import InputDialog, ListDialog
from agentflow_editor.main_window import MainWindow
from editor.fronting import in_front

STEPS = """\
[orchestration]
mode = "sequential"

[orchestration.sequential]
agents = ["first", "code", "second"]

[agents.first]
type = "scripted"
output = { note = "from first" }

[agents.second]
type = "scripted"
output = { response = "{{ note }}" }
"""
CODE = """
[agents.code]
type = "python"
call = "work:go"
"""
STAND_IN = """
[agents.code]
type = "scripted"
output = { x = 1 }
"""
NONE = Qt.KeyboardModifier.NoModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
STARTS = [
    (Qt.Key.Key_F5, NONE),
    (Qt.Key.Key_F5, SHIFT),
    (Qt.Key.Key_F10, NONE),
]


@pytest.fixture
def opened(window: MainWindow, tmp_path: Path):
    def open_text(text: str, given: str = "") -> MainWindow:
        file = tmp_path / "flow" / "agentflow.toml"
        file.parent.mkdir()
        file.write_text(text, "utf-8")
        window.files.open_flow(file)
        if given:
            window.workbench.settings.remember_input(file, {"text": given})
        window.workbench.document.check_now()
        return window

    return open_text


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(QApplication.focusWidget(), key, modifiers)


def asked() -> list[QDialog]:
    shown = (it for it in QApplication.topLevelWidgets() if it.isVisible())
    return [it for it in shown if isinstance(it, QDialog)]


def told(window: MainWindow) -> str:
    toast = window.canvas._toast
    return toast._label.text() if toast.isVisible() else ""


def mend(window: MainWindow) -> None:
    """Take the first fix of the selected problem."""
    buttons = window._docks.pane("problems")._fixes.findChildren(QPushButton)
    QTest.mouseClick(next(it for it in buttons if it.isVisible()), Qt.MouseButton.LeftButton)


async def ended(window: MainWindow) -> str:
    """Wait for the end of a run that has begun; its status."""
    bench = window.workbench
    for _ in range(1000):
        if bench.trace.finished is not None and not bench.run.is_running:
            return bench.trace.finished.status
        await asyncio.sleep(0.01)
    raise AssertionError("it never came to that")


@pytest.mark.parametrize(("key", "modifiers"), STARTS)
def test_the_first_problem_has_the_keyboard_and_nothing_is_asked(opened, qtbot, key, modifiers):
    window = opened(STEPS)
    window._docks.reveal("trace")
    window.canvas.setFocus()
    press(key, modifiers)

    table = window._docks.pane("problems").table
    qtbot.waitUntil(table.hasFocus)
    assert not table.visibleRegion().isEmpty(), "the pane is in front"
    assert table.currentIndex().row() == 0
    assert window.workbench.selection.paths == ("sequential/code",)
    assert asked() == []
    assert not window.workbench.run.is_running
    assert told(window).startswith("The flow cannot run yet: orchestration.sequential.agents[1]: ")
    assert "no agent named 'code'" in told(window)
    assert "define" in told(window)


async def test_what_was_just_mended_runs_and_what_was_just_broken_does_not(opened):
    window = opened(STEPS, given="x")
    bench = window.workbench
    press(Qt.Key.Key_F5)
    mend(window)
    press(Qt.Key.Key_F5)
    assert await ended(window) == "succeeded"

    bench.trace.clear()
    window.canvas.setFocus()
    press(Qt.Key.Key_Z, CTRL)
    press(Qt.Key.Key_F5)
    assert not bench.run.is_running
    assert "no agent named 'code'" in told(window)


def test_an_edit_in_the_source_that_breaks_the_flow_counts_at_once(opened, qtbot):
    window = opened(STEPS + STAND_IN, given="x")
    window._docks.reveal("source")
    text = window._docks.pane("source").text
    qtbot.waitUntil(lambda: 'type = "scripted"' in text.lines)
    text.setFocus()
    text.setTextCursor(text.document().find("[agents.code]"))
    QTest.keyClicks(text, "[agents.core]")
    press(Qt.Key.Key_F5)

    assert not window.workbench.run.is_running
    assert "no agent named 'code'" in told(window)
    qtbot.waitUntil(window._docks.pane("problems").table.hasFocus)


def test_what_the_file_says_wrongly_is_refused_as_the_command_refuses_it(opened):
    window = opened(STEPS + STAND_IN + "timeout = 5\n", given="x")
    press(Qt.Key.Key_F5)
    assert not window.workbench.run.is_running
    assert told(window).startswith("The flow cannot run yet: agents.code.timeout: ")


async def test_a_flow_with_warnings_alone_runs(opened):
    window = opened(
        STEPS + STAND_IN + '[agents.idle]\ntype = "scripted"\ntimout = "5s"\n', given="x"
    )
    bench = window.workbench
    assert {it.severity for it in bench.document.problems} <= {"warning", "info"} != set()
    assert bench.document.problems
    press(Qt.Key.Key_F5)
    assert await ended(window) == "succeeded"


def test_input_and_trust_are_asked_for_once_nothing_is_wrong(opened, qtbot):
    window = opened(STEPS.replace('"second"]', '"secnod"]') + CODE)
    press(Qt.Key.Key_F5)
    assert asked() == []
    assert "no agent named 'secnod'; use 'second' instead" in told(window)

    mend(window)
    press(Qt.Key.Key_F5)
    (dialog,) = asked()
    assert isinstance(dialog, InputDialog)
    in_front(qtbot, dialog)
    press(Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: [type(it) for it in asked()] == [ListDialog])
    in_front(qtbot, asked()[0])
    press(Qt.Key.Key_Escape)


def test_a_problem_of_an_agent_selects_a_step_that_is_it(opened, qtbot):
    window = opened(STEPS + STAND_IN.replace("scripted", "scriptd"))
    press(Qt.Key.Key_F5)
    assert told(window).startswith("The flow cannot run yet: agents.code.type: ")
    assert window.workbench.selection.paths == ("sequential/code",)
    qtbot.waitUntil(window._docks.pane("problems").table.hasFocus)


def test_several_errors_are_counted(opened):
    window = opened(STEPS.replace('"second"]', '"secnod"]'))
    press(Qt.Key.Key_F5)
    assert told(window).endswith("(and 1 more error)")
