"""On the welcome page only that can be done which needs no flow; with a flow, all the rest, too."""

import asyncio
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMenu

from agentflow.event import Event
from agentflow_editor.widgets.link_button import LinkButton
from editor.benches import TWO_STEPS

BEGINNINGS = {"file.new", "file.template", "file.open", "file.recover", "file.import"}
ALWAYS = BEGINNINGS | {
    "file.quit",
    "edit.preferences",
    "view.theme",
    "view.full-screen",
    "window.new",
    "window.close",
    "help.commands",
    "help.shortcuts",
    "help.about",
}
WITH_A_FLOW = ALWAYS | {"run.run", "run.step", "run.input", "edit.add", "edit.find", "file.save-as"}


@pytest.fixture
def flow(tmp_path: Path) -> Path:
    file = tmp_path / "flow" / "agentflow.toml"
    file.parent.mkdir()
    file.write_text(TWO_STEPS, "utf-8")
    return file


def _possible(window) -> set[str]:
    return {row.id for row in window.action_set.rows() if window.action_set[row.id].isEnabled()}


def _panes(window) -> list[bool]:
    menu = next(it for it in window.menuBar().findChildren(QMenu) if it.title() == "&View")
    toggles = [dock.toggleViewAction() for dock in window._docks._docks.values()]
    assert set(toggles) <= set(menu.actions())
    return [it.isEnabled() for it in toggles]


def test_at_the_start_only_what_needs_no_flow_can_be_done(window):
    assert _possible(window) == ALWAYS
    assert not any(_panes(window))


def _submenu(window, title):
    return next(it for it in window.menuBar().findChildren(QMenu) if it.title() == title)


def test_a_menu_inside_of_a_menu_opens_only_where_something_in_it_can_be_done(window, flow):
    wrap = _submenu(window, "&Wrap in").menuAction()
    assert not wrap.isEnabled()

    window.files.open_flow(flow)
    assert not wrap.isEnabled()
    window.workbench.selection.select(("sequential/first",))
    assert wrap.isEnabled()
    window.workbench.selection.select(())
    assert not wrap.isEnabled()


def _new(window, _flow):
    window.action_set["file.new"].trigger()


def _open(window, flow):
    window.files.open_flow(flow)


def _example(window, _flow):
    window.findChildren(LinkButton)[-1].click()


def _restore(window, flow):
    window.workbench.settings.remember_session([flow])
    window._starting.show_page()
    next(it for it in window.findChildren(LinkButton) if it.text() == "Continue").click()


def _other_editor(window, flow):
    window._windows.open_flows([flow])


def _drop(window, flow):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(flow))])
    where, copy = window.rect().center(), Qt.DropAction.CopyAction
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    assert QApplication.sendEvent(window, QDragEnterEvent(where, copy, mime, left, none))
    QApplication.sendEvent(window, QDropEvent(QPointF(where), copy, mime, left, none))


@pytest.mark.parametrize("begin", [_new, _open, _example, _restore, _other_editor, _drop])
def test_whichever_way_a_flow_is_opened_it_can_be_worked_on(windows, flow, begin):
    window = windows.make_window()
    window.show()
    begin(window, flow)

    assert _possible(window) >= WITH_A_FLOW
    assert all(_panes(window))
    assert windows.windows == (window,)


def test_back_on_the_welcome_page_nothing_is_done_to_a_flow_that_nobody_sees(window, flow):
    window.files.open_flow(flow)
    window.workbench.selection.select(("sequential/first",))
    window.action_set["file.welcome"].trigger()

    assert _possible(window) == ALWAYS
    assert not any(_panes(window))


def test_unsaved_work_behind_the_welcome_page_can_be_saved(window, flow):
    window.files.open_flow(flow)
    window.workbench.selection.select(("sequential/second",))
    window.action_set["edit.delete"].trigger()
    window.show_welcome()

    assert _possible(window) == ALWAYS | {"file.save"}
    window.action_set["file.save"].trigger()
    assert "second" not in flow.read_text("utf-8").partition("[agents")[0].partition("agents =")[2]
    assert _possible(window) == ALWAYS


async def test_a_run_behind_the_welcome_page_can_be_paused_and_stopped(window, flow):
    slow = TWO_STEPS.replace('type = "scripted"', 'type = "scripted"\ndelay = "30s"')
    flow.write_text(slow, "utf-8")
    window.files.open_flow(flow)
    window.workbench.run.run(Event.from_input("hello"))
    window.show_welcome()
    assert _possible(window) == ALWAYS | {"run.pause", "run.stop"}

    window.action_set["run.stop"].trigger()
    await _at_rest(window)
    assert _possible(window) == ALWAYS


async def _at_rest(window) -> None:
    for _ in range(500):
        if not window.workbench.run.is_running:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never ended")


def test_from_the_welcome_page_a_click_leads_back_to_the_flow_as_it_was(window, flow):
    assert "Back" not in [it.text() for it in window.findChildren(LinkButton)]
    window.files.open_flow(flow)
    window.workbench.selection.select(("sequential/second",))
    window.action_set["edit.delete"].trigger()
    sheet = window.workbench.document.sheet
    window.show_welcome()
    next(it for it in window.findChildren(LinkButton) if it.text() == "Back").click()

    assert window.canvas.isVisible()
    assert window.workbench.document.sheet is sheet
    assert window.action_set["edit.undo"].isEnabled()
