"""The outline is a complete editor by itself, for the keyboard and for screen readers."""

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMenu

from agentflow.problem import Problem
from agentflow_editor.canvas.note_field import NoteField
from agentflow_editor.canvas.search import QuickAdd
from agentflow_editor.document import edits
from agentflow_editor.document.outline import outline
from agentflow_editor.document.sheet import Note
from agentflow_editor.panes.outline import Outline
from agentflow_editor.window.command_palette import CommandPalette
from editor.document.drawn import CATALOGUE, chain, loop, parallel, router, sequence, sheet

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def told(rows) -> list[tuple[int, str]]:
    depth: dict[int, int] = {-1: -1}
    for number, row in enumerate(rows):
        depth[number] = depth[row.parent] + 1
    return [(depth[number], row.text) for number, row in enumerate(rows)]


def test_the_outline_is_the_tree():
    flow = sheet(
        "a",
        parallel("p", chain("b"), chain("c", loop("l", "d"))),
        router("r", chain("e", case="x"), chain("f")),
        parked=(chain("g", "h"),),
    ).flow
    notes = {"why": Note("because\nof this", 0, 0)}

    assert told(outline(flow, CATALOGUE, notes=notes)) == [
        (0, "a"),
        (0, "p"),
        (1, "Branch 1"),
        (1, "Branch 2"),
        (2, "b"),
        (2, "c"),
        (2, "l"),
        (3, "d"),
        (0, "r"),
        (1, "Case x"),
        (1, "Default"),
        (2, "e"),
        (2, "f"),
        (0, "Parked"),
        (1, "g"),
        (1, "h"),
        (0, "Notes"),
        (1, "because\nof this"),
    ]


def test_the_problem_of_an_agent_is_told_at_each_of_its_uses():
    flow = sheet("a", loop("l", "a", "b")).flow
    problem = Problem(severity="error", code="x", message="is wrong", where="agents.a.type")

    rows = {row.path: row for row in outline(flow, CATALOGUE, [problem])}

    assert rows["a"].color == rows["l/a"].color == "error"
    assert rows["l/a"].told.endswith("error")
    assert rows["l/b"].color == "agent"


@pytest.fixture
def pane(window, qtbot) -> Outline:
    window.files.new_flow()
    drawn = sheet("a", sequence("s", "b", "c"), parallel("p", chain("d"), chain("e")))
    window.workbench.document.edit("Begin", drawn)
    window._docks.reveal("outline")
    outline_ = window._docks.pane("outline")
    assert isinstance(outline_, Outline)
    soon(outline_, qtbot)
    qtbot.waitUntil(outline_.tree.isVisible)
    window.come_forward()
    assert QTest.qWaitForWindowActive(window, 3000)
    outline_.tree.setFocus()
    return outline_


def shown(pane: Outline) -> list[str]:
    model = pane.tree.model()

    def walk(parent: QModelIndex):
        for row in range(model.rowCount(parent)):
            index = model.index(row, 0, parent)
            assert model.parent(index) == parent
            yield index.data()
            yield from walk(index)

    return list(walk(QModelIndex()))


def soon(pane: Outline, qtbot) -> None:
    qtbot.waitUntil(lambda: not pane._is_stale, timeout=2000)
    pane.tree.setFocus()  # only what is seen can have the keyboard


def test_it_shows_every_step_and_follows_edits(pane, qtbot):
    soon(pane, qtbot)
    assert shown(pane) == ["a", "s", "b", "c", "p", "Branch 1", "d", "Branch 2", "e"]

    document = pane._bench.document
    document.edit("Rename", edits.rename(document.sheet, "a", "first"))
    soon(pane, qtbot)
    assert shown(pane)[0] == "first"
    document.edit("Remove", edits.remove(document.sheet, ["s"]))
    soon(pane, qtbot)
    assert shown(pane) == ["first", "p", "Branch 1", "d", "Branch 2", "e"]


def test_moving_a_node_makes_no_other_outline_and_another_text_tells_of_one_row(pane, qtbot):
    soon(pane, qtbot)
    document, rows = pane._bench.document, pane.tree.model().rows
    told = []
    pane.tree.model().dataChanged.connect(lambda first, _: told.append(first.data()))
    document.edit("Move", edits.place(document.sheet, {"a": (500, 500)}))
    qtbot.wait(50)
    assert pane.tree.model().rows is rows

    document.edit("Disable", edits.set_agent(document.sheet, "a", "enabled", False))
    qtbot.waitUntil(lambda: bool(told), timeout=2000)
    assert told == ["a"]


def test_the_selection_goes_both_ways(pane, qtbot):
    soon(pane, qtbot)
    pane._bench.selection.select(("s/c",))
    assert pane.tree.currentIndex().data() == "c"

    QTest.keyClick(pane.tree, Qt.Key.Key_Up)
    assert pane._bench.selection.paths == ("s/b",)
    QTest.keyClick(pane.tree, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert set(pane._bench.selection.paths) == {"s/b", "s/c"}


def test_f2_renames_in_place(pane, qtbot):
    soon(pane, qtbot)
    pane._bench.selection.select(("s",))
    QTest.keyClick(pane.tree, Qt.Key.Key_F2)
    field = pane.tree.findChild(QLineEdit)
    QTest.keyClicks(field, "stages")
    QTest.keyClick(field, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: "stages" in shown(pane), timeout=2000)
    assert pane._bench.document.undo_stack.undoText() == "Rename"


def test_a_name_that_is_taken_changes_nothing(pane, qtbot):
    soon(pane, qtbot)
    before = pane._bench.document.sheet
    pane._rename(next(it for it in pane._model.rows if it.path == "s"), "a")

    assert pane._bench.document.sheet is before


@pytest.mark.parametrize(
    ("path", "key", "modifiers", "expected"),
    [
        ("a", Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier, ["s", "b", "c"]),
        ("s/b", Qt.Key.Key_Right, ALT, ["a", "s", "c", "b"]),
        ("s", Qt.Key.Key_Delete, CTRL, ["a", "b", "c"]),
        ("s", Qt.Key.Key_Left, ALT, ["s", "b", "c", "a"]),
        ("p/e", Qt.Key.Key_Up, ALT, ["a", "s", "b", "c", "p", "Branch 1", "e", "Branch 2", "d"]),
    ],
)
def test_structure_is_edited_from_the_outline(pane, qtbot, path, key, modifiers, expected):
    soon(pane, qtbot)
    pane._bench.selection.select((path,))
    QTest.keyClick(pane.tree, key, modifiers)
    soon(pane, qtbot)

    assert shown(pane)[: len(expected)] == expected
    pane._bench.document.undo_stack.undo()
    soon(pane, qtbot)
    assert shown(pane)[:4] == ["a", "s", "b", "c"]


def quick_add(pane: Outline) -> QLineEdit:
    search = next(it for it in pane.window().findChildren(QuickAdd) if it.isVisible())
    return search.findChild(QLineEdit)


def adds(pane: Outline, qtbot, key: Qt.Key, modifiers, text: str) -> None:
    QTest.keyClick(pane.window().focusWidget(), key, modifiers)
    field = quick_add(pane)
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(pane.tree.hasFocus, timeout=2000)
    soon(pane, qtbot)


NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
INSERT = Qt.Key.Key_Insert


def test_a_flow_is_built_in_the_outline_alone(pane, qtbot):
    bench = pane._bench
    bench.document.edit("Clear", edits.remove(bench.document.sheet, ["a", "s", "p"]))
    qtbot.waitUntil(pane.hasFocus, timeout=2000)
    adds(pane, qtbot, INSERT, NONE, "router")
    assert bench.selection.paths == ("router",)
    QTest.keyClick(pane.tree, INSERT, SHIFT)
    soon(pane, qtbot)
    assert shown(pane) == ["router", "Case case-1", "Case case-2"]
    assert pane.tree.currentIndex().data() == "Case case-2"
    adds(pane, qtbot, INSERT, CTRL, "stand-in")
    assert shown(pane) == ["router", "Case case-1", "Case case-2", "scripted"]
    adds(pane, qtbot, INSERT, NONE, "loop")
    assert bench.selection.paths == ("router/loop",)
    adds(pane, qtbot, INSERT, CTRL, "scripted this again")
    assert [it.path for it in bench.document.sheet.flow.places()] == [
        "router",
        "router/scripted",
        "router/loop",
        "router/loop/scripted",
    ]


def test_steps_are_wrapped_from_the_outline(pane, qtbot):
    pane._bench.selection.select(("s/b", "s/c"))
    QTest.keyClick(pane.tree, Qt.Key.Key_G, CTRL)
    menu = next(it for it in pane.window().findChildren(QMenu) if it.isVisible())
    QTest.keyClick(menu, Qt.Key.Key_L)
    soon(pane, qtbot)
    assert shown(pane)[:5] == ["a", "s", "loop", "b", "c"]


@pytest.fixture
def routed(pane, qtbot) -> Outline:
    drawn = sheet(router("r", chain("b", case="x"), chain("c", "d", case="y"), chain("e")))
    pane._bench.document.edit("Begin", drawn)
    soon(pane, qtbot)
    pane.tree.setCurrentIndex(pane._model.index_of_chain("r", 0))
    return pane


def test_a_case_is_renamed_moved_and_deleted_in_its_row(routed, qtbot):
    bench = routed._bench
    assert (bench.selection.paths, bench.selection.chain) == (("r",), 0)
    QTest.keyClick(routed.tree, Qt.Key.Key_F2)
    field = routed.tree.findChild(QLineEdit)
    assert field.text() == "x"
    QTest.keyClicks(field, "first")
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Case first" in shown(routed), timeout=2000)

    QTest.keyClick(routed.tree, Qt.Key.Key_Down, ALT)
    soon(routed, qtbot)
    assert shown(routed) == ["r", "Case y", "c", "d", "Case first", "b", "Default", "e"]
    assert routed.tree.currentIndex().data() == "Case first"

    QTest.keyClick(routed.tree, Qt.Key.Key_Delete)
    soon(routed, qtbot)
    assert shown(routed) == ["r", "Case y", "c", "d", "Default", "e", "Parked", "b"]
    bench.document.undo_stack.undo()
    soon(routed, qtbot)
    assert "Case first" in shown(routed)


def test_a_case_that_is_selected_leaves_the_keyboard_with_the_outline(routed, qtbot):
    qtbot.wait(50)
    assert routed.window().isActiveWindow()
    assert routed.tree.hasFocus()


def test_a_branch_is_deleted_in_its_row_and_its_steps_are_parked(pane, qtbot):
    pane.tree.setCurrentIndex(pane._model.index_of_chain("p", 1))
    QTest.keyClick(pane.tree, Qt.Key.Key_Delete)
    soon(pane, qtbot)
    assert shown(pane)[4:] == ["p", "Branch 1", "d", "Parked", "e"]


def test_a_branch_says_whose_it_is_and_how_much_is_in_it(routed):
    index = routed._model.index_of_chain("r", 1)
    said = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "Case y of r, 2 steps"


def test_every_row_says_what_it_is(pane, qtbot):
    soon(pane, qtbot)
    pane._bench.selection.select(("a",))
    QTest.keyClick(pane.tree, Qt.Key.Key_D)
    soon(pane, qtbot)

    index = pane.tree.model().index(0, 0)
    said = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "a, agent, Stand-in, step 1, disabled"
    assert pane.tree.accessibleName() == "Outline of the flow"


def note_field(pane: Outline) -> NoteField:
    return next(it for it in pane.window().findChildren(NoteField) if it.isVisible())


@pytest.fixture
def noted(pane, qtbot) -> Outline:
    document = pane._bench.document
    drawn_ = edits.write_note(document.sheet, None, "why\nso", (4000, 3000))
    document.edit("Begin", edits.write_note(drawn_, None, "and then", (0, 500)))
    soon(pane, qtbot)
    return pane


def test_notes_are_selected_and_deleted_in_their_rows(noted, qtbot):
    bench = noted._bench
    assert shown(noted)[-3:] == ["Notes", "why so", "and then"]
    bench.selection.select(("p/e",))
    for _ in range(3):
        QTest.keyClick(noted.tree, Qt.Key.Key_Down)
    assert bench.selection.keys == ("#2",)
    QTest.keyClick(noted.tree, Qt.Key.Key_Up, SHIFT)
    assert set(bench.selection.keys) == {"#1", "#2"}
    bench.selection.select(("#1",))
    assert noted.tree.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole) == "why\nso, note"
    QTest.keyClick(noted.tree, Qt.Key.Key_Delete)
    soon(noted, qtbot)
    assert shown(noted)[-2:] == ["Notes", "and then"]
    bench.document.undo_stack.undo()
    soon(noted, qtbot)
    assert shown(noted)[-3:] == ["Notes", "why so", "and then"]


def test_f2_writes_a_note_in_sight_and_the_outline_has_the_keyboard_again(noted, qtbot):
    bench = noted._bench
    noted.tree.setCurrentIndex(noted._model.indexes(["#1"])[0])
    QTest.keyClick(noted.tree, Qt.Key.Key_F2)
    qtbot.waitUntil(note_field(noted).hasFocus, timeout=2000)
    assert noted.window().canvas.looking.sees_any_of("#1")
    QTest.keyClicks(note_field(noted), "because")
    QTest.keyClick(note_field(noted), Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(noted.tree.hasFocus, timeout=2000)
    qtbot.waitUntil(lambda: "because" in shown(noted), timeout=2000)
    assert noted.tree.currentIndex().data() == "because"
    assert bench.document.undo_stack.undoText() == "Write Note"


def test_a_note_is_added_beside_the_step_that_is_selected_in_the_outline(pane, qtbot):
    bench, view = pane._bench, pane.window().canvas._view
    QCursor.setPos(view.mapToGlobal(view.rect().center()))
    bench.selection.select(("p/e",))
    QTest.keyClick(pane.tree, Qt.Key.Key_N)
    QTest.keyClicks(note_field(pane), "mind this")
    QTest.keyClick(note_field(pane), Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: shown(pane)[-2:] == ["Notes", "mind this"], timeout=2000)
    soon(pane, qtbot)
    assert bench.selection.keys == ("#1",)
    note, (x, y) = bench.document.sheet.sketch.notes["1"], bench.document.sheet.layout["p/e"]
    assert note.x == x
    assert not y - note.height < note.y < y + 56


def test_a_note_is_written_by_a_command_of_the_palette(noted, qtbot):
    noted._bench.selection.select(("#2",))
    window = noted.window()
    window.show_commands()
    palette = next(it for it in window.findChildren(CommandPalette) if it.isVisible())
    QTest.keyClicks(palette.findChild(QLineEdit), "write note")
    QTest.keyClick(palette.findChild(QLineEdit), Qt.Key.Key_Return)
    assert note_field(noted).toPlainText() == "and then"
