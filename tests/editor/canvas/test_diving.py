"""One can go into an orchestrator and come up again, with mouse and keyboard; no edit is made."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from agentflow_editor.document import edits
from editor.document.drawn import CATALOGUE, chain, loop, router, sequence, sheet

LEFT, NONE, SHIFT = (
    Qt.MouseButton.LeftButton,
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


@pytest.fixture
def deep(window):
    """A window on a flow of a sequence, with a loop in it, and a router in that."""
    window.files.new_flow()
    flow = sheet("a", sequence("s", "b", loop("l", router("r", chain("c", case="x")))), "d").flow
    drawn = edits.place(window.workbench.document.sheet.with_flow(flow), {})
    window.workbench.document.edit("Begin", drawn)
    window.canvas.placing.arrange()
    window.canvas.setFocus()
    return window


def presses(window, key: Qt.Key, modifiers=NONE) -> None:
    QTest.keyClick(window.focusWidget() or window.canvas._view, key, modifiers)


def shown(window) -> list[str]:
    return list(window.canvas._drawing.scene.boxes)


def crumbs(window) -> list[str]:
    bar = window.canvas.breadcrumb
    return [it.text() for it in bar.findChildren(QToolButton) if it.isVisible()]


def undo_text(window) -> str:
    return window.workbench.document.undo_stack.undoText()


def test_enter_goes_into_an_orchestrator_and_escape_up_again(deep):
    before, camera = shown(deep), deep.canvas.looking.camera
    deep.workbench.selection.select(("s",))
    presses(deep, Qt.Key.Key_Return)
    assert shown(deep) == ["s", "s/b", "s/l", "s/l/r", "s/l/r/c"]
    assert crumbs(deep) == ["Whole flow", "s"]
    deep.workbench.selection.select(("s/l",))
    presses(deep, Qt.Key.Key_Return)
    assert shown(deep) == ["s/l", "s/l/r", "s/l/r/c"]
    assert crumbs(deep) == ["Whole flow", "s", "l"]
    presses(deep, Qt.Key.Key_Escape)
    assert shown(deep) == ["s", "s/b", "s/l", "s/l/r", "s/l/r/c"]
    assert deep.workbench.selection.paths == ("s/l",)
    presses(deep, Qt.Key.Key_Return, SHIFT)
    assert shown(deep) == before
    assert deep.canvas.looking.camera == camera
    assert crumbs(deep) == []
    assert undo_text(deep) == "Begin"


def test_a_collapsed_orchestrator_is_gone_into_by_a_double_click_and_stays_collapsed(deep):
    deep.workbench.selection.select(("s",))
    presses(deep, Qt.Key.Key_C)
    view, box = deep.canvas._view, deep.canvas._drawing.scene.boxes["s"]
    at = view.mapFromScene(box.rect.middle[0], box.y + 16)
    QTest.mouseDClick(view.viewport(), LEFT, NONE, at)
    assert "s/b" in shown(deep)
    presses(deep, Qt.Key.Key_Escape)
    assert shown(deep) == ["", "a", "s", "d"]


def test_the_way_up_is_clicked(deep):
    deep.workbench.selection.select(("s/l/r",))
    deep.canvas.diving.go_into()
    assert crumbs(deep) == ["Whole flow", "s", "l", "r"]
    buttons = deep.canvas.breadcrumb.findChildren(QToolButton)
    QTest.mouseClick(next(it for it in buttons if it.text() == "s"), LEFT)
    assert deep.canvas.diving.inside == "s"
    buttons = deep.canvas.breadcrumb.findChildren(QToolButton)
    QTest.mouseClick(next(it for it in buttons if it.text() == "Whole flow"), LEFT)
    assert deep.canvas.diving.inside == ""
    assert deep.canvas._view.hasFocus()


def test_the_way_up_is_walked_with_the_keyboard_alone(deep):
    deep.workbench.selection.select(("s/l/r",))
    presses(deep, Qt.Key.Key_Return)
    presses(deep, Qt.Key.Key_Tab, SHIFT)
    focused = deep.focusWidget()
    assert (focused.text(), focused.accessibleName()) == ("r", "r")
    presses(deep, Qt.Key.Key_Left)
    presses(deep, Qt.Key.Key_Left)
    assert deep.focusWidget().accessibleName() == "Go up to s"
    presses(deep, Qt.Key.Key_Return)
    assert deep.canvas.diving.inside == "s"
    assert deep.workbench.selection.paths == ("s/l/r",)
    assert deep.canvas._view.hasFocus()


def test_edits_inside_stay_inside_and_what_was_gone_into_is_followed(deep):
    deep.workbench.selection.select(("s",))
    presses(deep, Qt.Key.Key_Return)
    document = deep.workbench.document
    document.edit("Rename", edits.rename(document.sheet, "s", "t"))
    assert deep.canvas.diving.inside == "t"
    assert crumbs(deep) == ["Whole flow", "t"]
    document.edit("Wrap", edits.wrap(document.sheet, ["t"], "loop", catalogue=CATALOGUE))
    assert deep.canvas.diving.inside == "loop/t"
    document.edit("Dissolve", edits.dissolve(document.sheet, ["loop/t"]))
    assert deep.canvas.diving.inside == "loop"
    document.undo_stack.setIndex(0)
    assert deep.canvas.diving.inside == ""


def test_a_step_elsewhere_that_is_selected_is_shown(deep):
    deep.workbench.selection.select(("s/l",))
    presses(deep, Qt.Key.Key_Return)
    deep.workbench.selection.select(("s/b",))
    assert deep.canvas.diving.inside == "s"
    deep.workbench.selection.select(("d",))
    assert deep.canvas.diving.inside == ""
    assert deep.canvas._drawing.selected_paths() == ("d",)


def test_enter_on_an_agent_opens_its_settings(deep, qtbot):
    deep.workbench.selection.select(("a",))
    with qtbot.waitSignal(deep.canvas.activated) as activated:
        presses(deep, Qt.Key.Key_Return)
    assert activated.args == ["a"]


def test_going_in_and_up_is_in_the_menu_and_can_be_done_when_it_says_so(deep):
    enter, up = deep.action_set["view.enter"], deep.action_set["view.up"]
    deep.workbench.selection.select(())
    assert not enter.isEnabled()
    deep.workbench.selection.select(("s",))
    enter.trigger()
    deep.action_set.refresh()
    assert deep.canvas.diving.inside == "s"
    up.trigger()
    assert deep.canvas.diving.inside == ""


def test_the_way_up_says_names_whole_within_the_canvas(window):
    long = [f"a name of level {number} that says all that there is to say" for number in range(4)]
    step = sequence(long[3], "a")
    for name in reversed(long[:3]):
        step = sequence(name, step)
    window.files.new_flow()
    window.workbench.document.edit("Begin", edits.place(sheet(step), {}))
    window.canvas.diving.enter("/".join(long))
    bar = window.canvas.breadcrumb
    for width in (1400, 900, 760):
        window.resize(width, 700)
        QTest.qWait(50)
        assert bar.geometry().right() < window.canvas.width()
        said = [it.text().replace("\n", " ") for it in bar._buttons]
        assert said[0] == "Whole flow"
        assert said[1:] == long[-len(said[1:]) :]
        assert len(said) >= 2
