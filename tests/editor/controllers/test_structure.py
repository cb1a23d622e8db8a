"""The tree is changed from the keyboard: wrapped, dissolved, reordered, switched, copied."""

import os
import subprocess
import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from agentflow.flow.flow import Flow
from agentflow_editor.document.layout import completed
from agentflow_editor.document.sheet import Layout, Sheet
from agentflow_editor.main_window import MainWindow
from editor.document.drawn import CATALOGUE, chain, loop, parallel, router, sequence, sheet

CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
NONE = Qt.KeyboardModifier.NoModifier


class Person:
    """Somebody at the keyboard."""

    def __init__(self, window: MainWindow) -> None:
        self.window, self.bench = window, window.workbench
        window.files.new_flow()

    def draws(self, *steps, parked=()) -> None:
        drawn = completed(Sheet(sheet(*steps, parked=parked).flow, Layout()), CATALOGUE)
        self.bench.document.edit("Begin", drawn)

    def selects(self, *paths: str) -> None:
        self.bench.selection.select(paths)

    def presses(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(self.window.canvas._view, key, modifiers)

    def chooses(self, key: Qt.Key) -> None:
        menu = next(it for it in self.window.findChildren(QMenu) if it.isVisible())
        QTest.keyClick(menu, key)

    @property
    def flow(self) -> Flow:
        return self.bench.document.sheet.flow

    @property
    def root(self):
        return self.flow.root

    @property
    def undo_text(self) -> str:
        return self.bench.document.undo_stack.undoText()


@pytest.fixture
def person(window: MainWindow) -> Person:
    return Person(window)


@pytest.mark.parametrize(
    ("key", "wrapped"),
    [
        (Qt.Key.Key_S, sequence("sequence", "b", "c")),
        (Qt.Key.Key_P, parallel("parallel", chain("b"), chain("c"))),
        (Qt.Key.Key_R, router("router", chain("b", case="b"), chain("c", case="c"))),
        (Qt.Key.Key_L, loop("loop", "b", "c")),
    ],
)
def test_ctrl_g_and_a_letter_wrap_the_selection_as_one_step_back(person, key, wrapped):
    person.draws("a", "b", "c", "d")
    person.selects("b", "c")

    person.presses(Qt.Key.Key_G, CTRL)
    person.chooses(key)

    assert person.root == chain("a", wrapped, "d")
    assert person.bench.selection.paths == (wrapped.name,)
    person.presses(Qt.Key.Key_Z, CTRL)
    assert person.root == chain("a", "b", "c", "d")
    assert person.undo_text == "Begin"


def test_ctrl_shift_g_dissolves_and_selects_the_members(person):
    person.draws("a", loop("l", "b", "c"))
    person.selects("l")

    person.presses(Qt.Key.Key_G, CTRL | SHIFT)

    assert person.root == chain("a", "b", "c")
    assert person.bench.selection.paths == ("b", "c")


def test_m_and_a_letter_change_the_mode(person):
    person.draws(sequence("s", "a", "b"))
    person.selects("s")

    person.presses(Qt.Key.Key_M)
    person.chooses(Qt.Key.Key_P)

    assert person.root == chain(parallel("s", chain("a"), chain("b")))
    assert person.bench.selection.paths == ("s",)


def test_ctrl_del_removes_the_orchestrator_and_leaves_its_members(person):
    person.draws("a", loop("l", "b"), "c")
    person.selects("l", "c")

    person.presses(Qt.Key.Key_Delete, CTRL)

    assert person.root == chain("a", "b")


def test_alt_and_arrows_reorder_a_chain_and_keep_the_selection(person):
    person.draws("a", "b", "c")
    person.selects("a")

    person.presses(Qt.Key.Key_Right, ALT)
    assert person.root == chain("b", "a", "c")
    assert person.bench.selection.paths == ("a",)
    person.presses(Qt.Key.Key_Left, ALT)
    assert person.root == chain("a", "b", "c")


def test_alt_and_arrows_reorder_branches(person):
    person.draws(parallel("p", chain("a"), chain("b", "c")))
    person.selects("p/a")

    person.presses(Qt.Key.Key_Down, ALT)

    assert person.root == chain(parallel("p", chain("b", "c"), chain("a")))
    layout = person.bench.document.sheet.layout
    assert layout["p/b"][1] < layout["p/a"][1]


def test_ctrl_shift_x_takes_a_step_out_of_its_orchestrator(person):
    person.draws(sequence("s", "a", "b"), "c")
    person.selects("s/a")

    person.presses(Qt.Key.Key_X, CTRL | SHIFT)

    assert person.root == chain(sequence("s", "b"), "a", "c")
    assert person.bench.selection.paths == ("a",)


def test_d_disables_and_enables(person):
    person.draws("a")
    person.selects("a")

    person.presses(Qt.Key.Key_D)
    assert not person.flow.agents["a"].enabled
    person.presses(Qt.Key.Key_D)
    assert person.flow.agents["a"].enabled


def test_steps_are_copied_and_pasted_as_the_text_of_a_flow(person):
    person.draws("a", loop("l", "b"))
    person.selects("a", "l")

    person.presses(Qt.Key.Key_C, CTRL)
    assert "[agents.a]" in QGuiApplication.clipboard().text()
    person.presses(Qt.Key.Key_V, CTRL)

    assert person.flow.parked == (chain("a-2", loop("l-2", "b-2")),)
    assert person.bench.selection.paths == ("|0/a-2", "|0/l-2")
    assert person.undo_text == "Paste"


def test_cut_steps_keep_their_names_where_they_are_pasted(person):
    person.draws("a", "b", "c")
    person.selects("a")
    person.presses(Qt.Key.Key_X, CTRL)
    assert person.root == chain("b", "c")

    person.selects("b")
    person.presses(Qt.Key.Key_V, CTRL | SHIFT)

    assert person.root == chain("b", "a", "c")
    assert person.flow.agents.keys() == {"a", "b", "c"}


COPIED = """
from pathlib import Path
from sys import argv
from agentflow_editor.app import build, make_app
app = make_app()
window = build(app, Path(argv[1]))
window.files.new_flow()
from agentflow_editor.document import edits
document, catalogue = window.workbench.document, window.workbench.catalogue
document.edit("Add", edits.add_agent(document.sheet, "scripted", (0, 0), catalogue=catalogue))
window.workbench.selection.select([place.path for place in document.sheet.flow.places()])
window.action_set["edit.copy"].trigger()
assert "[agents." in app.clipboard().text()
"""


def test_an_editor_that_has_copied_steps_ends_in_order(tmp_path):
    command = [sys.executable, "-c", COPIED, str(tmp_path)]
    env = os.environ | {"QT_QPA_PLATFORM": "offscreen"}

    assert subprocess.run(command, env=env, timeout=120, check=False).returncode == 0


@pytest.mark.parametrize("text", ["<b>words</b>", "", "import os; os.remove('x')", "a = [" * 999])
def test_a_foreign_clipboard_is_explained_and_changes_nothing(person, text, qtbot):
    person.draws("a")
    QGuiApplication.clipboard().setText(text)

    with qtbot.waitSignal(person.window.canvas.message) as told:
        person.presses(Qt.Key.Key_V, CTRL)

    assert told.args[0].startswith("Clipboard: it holds no steps")
    assert person.root == chain("a")


def test_what_cannot_be_done_is_explained_and_changes_nothing(person, qtbot):
    person.draws("a", "b")
    person.selects("b")

    with qtbot.waitSignal(person.window.canvas.message) as told:
        person.presses(Qt.Key.Key_Right, ALT)

    assert "last of its chain" in told.args[0]
    assert person.undo_text == "Begin"


def test_only_what_can_be_done_is_enabled(person):
    def enabled() -> set[str]:
        rows = (row.id for row in person.window.action_set.rows())
        mine = (it for it in rows if it.startswith("structure."))
        return {it for it in mine if person.window.action_set[it].isEnabled()}

    person.draws("a", parallel("p", chain("b"), chain("c")))
    person.selects()
    assert enabled() == {"structure.add-after"}
    person.selects("p/b")
    assert "structure.release" in enabled()
    assert "structure.branch-later" in enabled()
    assert "structure.dissolve" not in enabled()
    person.selects("p")
    assert {"structure.dissolve", "structure.mode", "structure.earlier"} <= enabled()
    assert "structure.release" not in enabled()


def test_no_two_actions_have_the_same_shortcut(window):
    keys = [
        QKeySequence(key).toString() for row in window.action_set.rows() for key in row.shortcuts
    ]

    assert sorted(keys) == sorted(set(keys))
