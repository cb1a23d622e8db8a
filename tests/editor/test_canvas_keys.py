"""Every key of the canvas, pressed in a window: what it does, and that it is one step back."""

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from agentflow_editor.canvas.note_field import NoteField
from agentflow_editor.canvas.rename import NameField
from agentflow_editor.canvas.search import QuickAdd
from agentflow_editor.document import edits
from agentflow_editor.document.layout import arrange, completed
from agentflow_editor.document.sheet import Layout, Sheet
from editor.document.drawn import CATALOGUE, chain, loop, parallel, sheet

NONE, CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
KEY = Qt.Key


class Person:
    """Somebody at the keyboard of a window on a flow."""

    def __init__(self, window) -> None:
        self.window, self.bench = window, window.workbench
        self.canvas, self.view = window.canvas, window.canvas._view
        window.files.new_flow()
        flow = sheet("a", parallel("p", chain("b"), chain("c", loop("l", "d"))), "e").flow
        self.bench.document.edit("Begin", completed(Sheet(flow, Layout()), CATALOGUE))
        self.canvas.looking.frame_all()
        self.canvas.setFocus()

    def selects(self, *keys: str) -> None:
        self.bench.selection.select(keys)

    def presses(self, key: Qt.Key, modifiers=NONE) -> None:
        QTest.keyClick(self.window.focusWidget() or self.view, key, modifiers)

    @property
    def selected(self) -> tuple[str, ...]:
        return self.bench.selection.paths

    @property
    def done(self) -> str:
        return self.bench.document.undo_stack.undoText()

    @property
    def sheet(self) -> Sheet:
        return self.bench.document.sheet

    def sees(self, path: str) -> bool:
        seen = self.view.mapToScene(self.view.viewport().rect()).boundingRect()
        return seen.contains(self.canvas._drawing.node(path).scene_rect())


@pytest.fixture
def person(window) -> Person:
    return Person(window)


def test_arrows_move_between_nodes(person):
    person.selects("a")
    way = [KEY.Key_Right, KEY.Key_Right, KEY.Key_Left, KEY.Key_Left, KEY.Key_Left]
    seen = []
    for key in way:
        person.presses(key)
        seen.append(person.selected[0])
    assert seen == ["p", "e", "p", "a", ""]
    person.selects("p/b")
    person.presses(KEY.Key_Down)
    assert person.selected == ("p/c",)
    person.presses(KEY.Key_Up)
    assert person.selected == ("p/b",)


def test_arrows_come_to_notes_and_enter_writes_in_them(person):
    below = edits.write_note(person.sheet, None, "why", (0, 1500))
    person.bench.document.edit("Add Note", below)
    person.selects("a")
    for _ in range(8):
        person.presses(KEY.Key_Down)
    assert person.bench.selection.keys == ("#1",)
    person.presses(KEY.Key_Return)
    field = person.view.findChild(NoteField)
    QTest.keyClicks(field, "because")
    QTest.keyClick(field, KEY.Key_Return, CTRL)
    assert person.sheet.sketch.notes["1"].text == "because"
    person.presses(KEY.Key_Up)
    assert person.selected


def test_f_zooms_to_the_selection_and_home_fits_everything(person):
    person.selects("p/l/d")
    person.view.look_at(QPointF(9000, 9000), 0.3)
    person.presses(KEY.Key_F)
    assert person.sees(person.selected[0])
    near = person.view.zoom
    person.presses(KEY.Key_Home)
    assert all(person.sees(path) for path in person.canvas._drawing.scene.boxes)
    assert person.view.zoom < near


def test_the_zoom_has_keys(person):
    before = person.view.zoom
    person.presses(KEY.Key_Plus, CTRL)
    assert person.view.zoom > before
    person.presses(KEY.Key_Minus, CTRL)
    person.presses(KEY.Key_Minus, CTRL)
    assert person.view.zoom < before
    person.presses(KEY.Key_0, CTRL)
    assert person.view.zoom == 1.0


def test_l_lays_everything_out_and_shift_l_the_selection(person):
    document = person.bench.document
    document.edit("Move", edits.place(person.sheet, {"a": (0, 900), "e": (50, 50)}))
    person.selects("a")
    person.presses(KEY.Key_L, SHIFT)
    assert person.sheet.layout["e"] == (50, 50)
    person.presses(KEY.Key_L)
    assert person.sheet.layout == arrange(person.sheet, CATALOGUE)
    assert person.done == "Lay Out"
    person.presses(KEY.Key_Z, CTRL)
    assert person.sheet.layout["e"] == (50, 50)
    person.presses(KEY.Key_Z, CTRL | SHIFT)
    assert person.done == "Lay Out"


def test_tab_adds_a_step_after_the_selected_one(person):
    person.selects("a")
    person.presses(KEY.Key_Tab)
    search = person.window.findChild(QuickAdd)
    field = search.findChild(QLineEdit)
    QTest.keyClicks(field, "router")
    QTest.keyClick(field, KEY.Key_Return)
    assert [it.name for it in person.sheet.flow.root.steps] == ["a", "router", "p", "e"]
    assert (person.done, person.selected) == ("Add Step", ("router",))


def test_f2_renames_in_place(person):
    person.selects("a")
    person.presses(KEY.Key_F2)
    field = person.view.findChild(NameField)
    QTest.keyClicks(field, "first")
    QTest.keyClick(field, KEY.Key_Return)
    assert person.sheet.flow.root.steps[0].name == "first"
    assert person.done == "Rename"


@pytest.mark.parametrize("key", [KEY.Key_Delete, KEY.Key_Backspace])
def test_delete_takes_a_step_with_all_it_owns(person, key):
    person.selects("p")
    person.presses(key)
    assert [it.name for it in person.sheet.flow.root.steps] == ["a", "e"]
    assert person.done == "Delete"
    person.presses(KEY.Key_Z, CTRL)
    assert person.selected == ()
    assert len(person.sheet.flow.root.steps) == 3


def test_ctrl_d_copies_beside_and_selects_the_copies(person):
    person.selects("a", "p")
    person.presses(KEY.Key_D, CTRL)
    assert [it.name for it in person.sheet.flow.parked[0].steps] == ["a-2", "p-2"]
    assert person.done == "Duplicate"
    assert "|0/a-2" in person.selected


def test_ctrl_a_selects_all_and_escape_nothing(person):
    person.presses(KEY.Key_A, CTRL)
    assert set(person.selected) == {it.path for it in person.sheet.flow.places()}
    person.presses(KEY.Key_Escape)
    assert person.selected == ()


def test_ctrl_and_arrows_move_nodes_and_all_they_own(person):
    before = person.sheet.layout
    person.selects("p")
    person.presses(KEY.Key_Down, CTRL)
    person.presses(KEY.Key_Down, CTRL)
    after = person.sheet.layout
    assert {after[path][1] - before[path][1] for path in before if path.startswith("p")} == {16}
    assert after["a"] == before["a"]
    person.presses(KEY.Key_Z, CTRL)
    assert person.sheet.layout == before


def test_c_collapses_and_expands(person):
    person.selects("p")
    person.presses(KEY.Key_C)
    assert set(person.canvas._drawing.scene.boxes) == {"", "a", "p", "e"}
    assert (person.done, person.sheet.sketch.collapsed) == ("Collapse", {"p"})
    person.presses(KEY.Key_C)
    assert (person.done, person.sheet.sketch.collapsed) == ("Expand", frozenset())


def test_every_key_of_the_canvas_has_a_row_in_a_menu_and_in_the_palette(person):
    rows = {row.id: row for row in person.window.action_set.rows()}
    listed = {action.text() for _, _, action in person.window.action_set.commands()}
    assert len(listed) == len(rows)
    menus = {action for menu in person.window.menuBar().actions() for action in _all(menu.menu())}
    assert {person.window.action_set[it] for it in rows} <= menus


def _all(menu):
    for action in menu.actions():
        if action.menu() is not None:
            yield from _all(action.menu())
        yield action


def test_a_key_that_needs_a_step_does_nothing_without_one(person):
    person.selects()
    before = person.sheet
    for key, modifiers in (
        (KEY.Key_D, NONE),
        (KEY.Key_C, NONE),
        (KEY.Key_M, NONE),
        (KEY.Key_G, CTRL),
        (KEY.Key_G, CTRL | SHIFT),
        (KEY.Key_Delete, NONE),
        (KEY.Key_Right, ALT),
        (KEY.Key_Return, NONE),
    ):
        person.presses(key, modifiers)
    assert person.sheet is before
    assert person.canvas.diving.inside == ""
