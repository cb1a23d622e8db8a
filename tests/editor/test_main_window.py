"""The whole window, used with keyboard and mouse: draw, save, run, step, close."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QPlainTextEdit

from agentflow import Memory
from agentflow.flow.flow import AgentUse
from agentflow_editor.dialogs.messages import InputDialog, ListDialog
from agentflow_editor.main_window import MainWindow
from editor.benches import TWO_STEPS

ROOT = Path(__file__).parents[2]
SEQUENTIAL = ROOT / "examples/sequential/agentflow.toml"
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def two_steps(tmp_path: Path) -> Path:
    file = tmp_path / "flow" / "agentflow.toml"
    file.parent.mkdir()
    file.write_text(TWO_STEPS, "utf-8")
    return file


def _press(window: MainWindow, action: str) -> None:
    assert window.action_set[action].isEnabled(), action
    window.action_set[action].trigger()


def _dialog(kind: type) -> Any:
    return next(
        it for it in QApplication.topLevelWidgets() if isinstance(it, kind) and it.isVisible()
    )


def _answer(box: QMessageBox, label: str) -> None:
    button = next(it for it in box.buttons() if it.text().replace("&", "") == label)
    QTest.mouseClick(button, LEFT)


async def _ended(window: MainWindow) -> Any:
    ended: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    window.workbench.run.ended.connect(lambda outcome: ended.done() or ended.set_result(outcome))
    window.workbench.run.failed_to_start.connect(
        lambda why: ended.done() or ended.set_exception(AssertionError(why))
    )
    async with asyncio.timeout(20):
        return await ended


async def _until(holds: Any) -> None:
    for _ in range(400):
        if holds():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came to that")


def test_it_opens_on_the_welcome_page_with_every_example(window):
    shown = {
        it.text() for it in window._welcome.findChildren(type(window._welcome._button("", "", "")))
    }

    assert {"New Flow", "Open…", "Sequential", "Research assistant"} <= shown


def test_a_flow_drawn_with_the_keyboard_runs_headless_with_the_same_result(
    window, run_async, qtbot, tmp_path
):
    file = tmp_path / "drawn" / "agentflow.toml"
    file.parent.mkdir()
    _press(window, "file.new")
    for _ in range(2):
        QTest.keyClick(window.canvas._view, Qt.Key.Key_Tab)
        QTest.keyClicks(QApplication.focusWidget(), "stand-in")
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    document = window.workbench.document
    names = [it.agent for it in document.sheet.flow.root.steps if isinstance(it, AgentUse)]
    document.save_as(file)

    async def run() -> Any:
        ended = asyncio.ensure_future(_ended(window))
        _press(window, "run.run")
        dialog = _dialog(InputDialog)
        QTest.keyClicks(dialog._message, "hello")
        next(it for it in dialog._buttons.buttons() if it.isDefault()).click()
        return await ended

    outcome = run_async(run())
    command = [sys.executable, "-m", "agentflow", "run", str(file), "--input", "hello", "--json"]
    headless = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)

    assert len(names) == 2
    assert outcome.status == headless["status"] == "succeeded"
    assert outcome.state.to_dict() == headless["state"]


def test_the_title_tells_what_is_unsaved_and_closing_asks(window, two_steps, qtbot):
    window.files.open_flow(two_steps)
    assert not window.isWindowModified()

    window.workbench.selection.select(("sequential/first",))
    _press(window, "edit.duplicate")
    assert window.isWindowModified()
    window.close()
    _answer(_dialog(QMessageBox), "Cancel")

    assert window.isVisible()
    assert two_steps.read_text("utf-8") == TWO_STEPS


def test_closing_can_save_first(window, two_steps, qtbot):
    window.files.open_flow(two_steps)
    window.workbench.selection.select(("sequential/second",))
    _press(window, "edit.delete")

    with qtbot.waitSignal(window.closed):
        window.close()
        _answer(_dialog(QMessageBox), "Save")

    saved = two_steps.read_text("utf-8")
    assert 'agents = ["first"]' in saved
    assert saved.startswith("# Two steps, one after the other.")


def test_stepping_waits_before_each_step_and_a_breakpoint_stops_a_run(window, two_steps, run_async):
    window.files.open_flow(two_steps)
    window.workbench.settings.remember_input(two_steps, {"text": "x", "data": "", "metadata": ""})
    bench = window.workbench

    def status(path: str) -> str:
        view = bench.trace.step(path)
        return view.status if view else ""

    async def run() -> Any:
        ended = asyncio.ensure_future(_ended(window))
        bench.selection.select(("sequential/second",))
        _press(window, "run.breakpoint")
        bench.selection.select(())
        _press(window, "run.run")
        await _until(lambda: bench.run.is_paused)
        await _until(lambda: bench.selection.paths == ("sequential/second",))
        assert status("sequential/first") == "done"
        await _until(lambda: window._status.run_state.text() == "Paused")
        _press(window, "run.step")
        return await ended

    outcome = run_async(run())

    assert outcome.status == "succeeded"
    assert outcome.state["response"] == "from first, then second"


def test_runs_of_a_session_share_what_the_flow_remembers(window, tmp_path, run_async):
    file = tmp_path / "agentflow.toml"
    output = """{ note = "{{ recall('note', 'nothing') }}" }"""
    text = TWO_STEPS.replace('{ note = "from first" }', output)
    text += '[memory]\npath = "memory.db"\n'
    file.write_text(text, "utf-8")
    memory = Memory(tmp_path / "memory.db")
    memory.session("ann").remember("note", "something")
    memory.close()
    window.files.open_flow(file)

    async def run(session: str) -> Any:
        given = {"text": "x", "data": "", "metadata": "", "session": session}
        window.workbench.settings.remember_input(file, given)
        ended = asyncio.ensure_future(_ended(window))
        _press(window, "run.run")
        return (await ended).state["note"]

    assert run_async(run("ann")) == "something"
    assert run_async(run("ben")) == "nothing"


def test_a_run_can_be_stopped(window, tmp_path, run_async):
    file = tmp_path / "agentflow.toml"
    file.write_text(
        TWO_STEPS.replace('{ note = "from first" }', '{ note = "x" }\ndelay = "1h"'), "utf-8"
    )
    window.files.open_flow(file)
    window.workbench.settings.remember_input(file, {"text": "x", "data": "", "metadata": ""})

    async def run() -> Any:
        ended = asyncio.ensure_future(_ended(window))
        _press(window, "run.run")
        await _until(lambda: window.workbench.trace.step("sequential/first"))
        _press(window, "run.stop")
        return await ended

    assert run_async(run()).status == "cancelled"
    assert window.action_set["run.run"].isEnabled()


def test_code_of_a_strangers_flow_runs_only_after_it_was_shown(window, tmp_path, run_async):
    for name in ("agentflow.toml", "agents.py"):
        text = (SEQUENTIAL.parent / name).read_text("utf-8")
        (tmp_path / name).write_text(text, "utf-8")
    flow = tmp_path / "agentflow.toml"
    window.files.open_flow(flow)
    window.workbench.settings.remember_input(flow, {"text": "x", "data": "", "metadata": ""})

    async def refuse() -> list[str]:
        _press(window, "run.run")
        dialog = _dialog(ListDialog)
        shown = dialog.findChildren(QPlainTextEdit)[0].toPlainText().splitlines()
        dialog.reject()
        await asyncio.sleep(0.05)
        return shown

    shown = run_async(refuse())

    assert any("agents" in line for line in shown)
    assert not window.workbench.run.is_running
    assert window.workbench.trace.entries == []


def test_a_file_that_is_no_flow_is_told_and_the_open_flow_stays(window, two_steps, tmp_path):
    window.files.open_flow(two_steps)
    wrong = tmp_path / "wrong.toml"
    wrong.write_text("[orchestration\nmode=", "utf-8")

    window.files.open_flow(wrong)
    box = _dialog(QMessageBox)

    assert "wrong.toml:1" in box.text()
    assert box.textFormat() is Qt.TextFormat.PlainText
    assert window.workbench.document.path == two_steps
    box.close()


def test_a_file_dropped_on_the_window_is_opened(window, two_steps):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(two_steps))])
    action = Qt.DropAction.CopyAction

    window.dropEvent(QDropEvent(QPointF(5, 5), action, mime, LEFT, NONE))

    assert window.workbench.document.path == two_steps
    assert window.workbench.settings.recent == (two_steps,)


def test_every_action_has_a_title_and_no_two_share_a_shortcut(window):
    rows = list(window.action_set.rows())
    shortcuts = [key for row in rows for key in row.shortcuts]

    assert all(row.title for row in rows)
    assert len(set(shortcuts)) == len(shortcuts)
    assert len({row.id for row in rows}) == len(rows)


def test_the_theme_can_be_switched_while_a_flow_is_open(window, two_steps):
    window.files.open_flow(two_steps)
    before = window.workbench.theme.theme.name

    _press(window, "view.theme")

    assert window.workbench.settings.preferences["theme"] not in ("system", before)
