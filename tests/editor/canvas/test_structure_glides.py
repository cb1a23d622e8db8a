"""Whatever an edit of the structure moves goes to its place, so that eyes can follow."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from agentflow_editor.canvas.glide import FEW
from agentflow_editor.canvas.note_item import NoteItem
from agentflow_editor.document import edits
from agentflow_editor.document.layout import completed
from agentflow_editor.document.sheet import Layout, Sheet
from agentflow_editor.main_window import MainWindow
from agentflow_editor.settings.preferences import Preferences
from editor.document.drawn import CATALOGUE, chain, loop, parallel, sheet

KEY, LEFT = Qt.Key, Qt.MouseButton.LeftButton
NONE, CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)

Places = dict[str, tuple[float, float]]


class Eyes:
    """Somebody at a window who sees where nodes are, by their titles: each is used once."""

    def __init__(self, window: MainWindow) -> None:
        self.window, self.bench = window, window.workbench
        self.canvas, self.view = window.canvas, window.canvas._view
        window.files.new_flow()
        self.draw("a", loop("l", "b", "c"), parallel("p", chain("d"), chain("e")), "f")

    def draw(self, *steps, parked=()) -> None:
        drawn = completed(Sheet(sheet(*steps, parked=parked).flow, Layout()), CATALOGUE)
        self.bench.document.edit("Begin", drawn)
        self.canvas._glide.finish()
        self.canvas.looking.frame_all()
        self.canvas.setFocus()

    def seen(self) -> Places:
        return {it.box.title: it.pos().toTuple() for it in self.canvas._drawing.nodes()}

    def meant(self) -> Places:
        boxes = self.canvas._drawing.scene.boxes.values()
        return {box.title: (box.x, box.y) for box in boxes}

    def presses(self, key: Qt.Key, modifiers=NONE) -> None:
        QTest.keyClick(self.view, key, modifiers)

    def chooses(self, key: Qt.Key) -> None:
        menu = next(it for it in self.window.findChildren(QMenu) if it.isVisible())
        QTest.keyClick(menu, key)

    def at(self, path: str) -> QPoint:
        box = self.canvas._drawing.scene.boxes[path]
        return self.view.mapFromScene(QPointF(box.x + box.width * 0.6, box.y + 16))

    def drags(self, begin: QPoint, end: QPoint) -> None:
        port = self.view.viewport()
        QTest.mousePress(port, LEFT, NONE, begin)
        for step in range(1, 6):
            QTest.mouseMove(port, begin + (end - begin) * step / 5)
        QTest.mouseRelease(port, LEFT, NONE, end)

    def goes_half_way(self) -> None:
        """However slow the machine is: in two steps, as in many, it comes to where it belongs."""
        animation = self.canvas._glide._animation
        animation.setCurrentTime(animation.duration() // 2)

    @property
    def is_gliding(self) -> bool:
        return self.canvas._glide.is_gliding

    def undo(self) -> None:
        self.bench.document.undo_stack.undo()


def turn_wheel(port: QWidget) -> None:
    at, none = QPointF(9, 9), Qt.MouseButton.NoButton
    phase, turn = Qt.ScrollPhase.NoScrollPhase, QPoint(0, 15)
    where = port.mapToGlobal(at)
    wheel = QWheelEvent(at, where, QPoint(), turn, none, NONE, phase, False)
    QApplication.sendEvent(port, wheel)


@pytest.fixture
def eyes(window: MainWindow) -> Eyes:
    return Eyes(window)


def wrap_in(letter: Qt.Key) -> Callable[[Eyes], None]:
    def wraps(eyes: Eyes) -> None:
        eyes.presses(KEY.Key_G, CTRL)
        eyes.chooses(letter)

    return wraps


def key(pressed: Qt.Key, modifiers=NONE) -> Callable[[Eyes], None]:
    return lambda eyes: eyes.presses(pressed, modifiers)


def to_parallel(eyes: Eyes) -> None:
    eyes.presses(KEY.Key_M)
    eyes.chooses(KEY.Key_P)


@pytest.mark.parametrize(
    ("path", "do", "moves"),
    [
        pytest.param("a", wrap_in(KEY.Key_S), "f", id="wrap in a sequence"),
        pytest.param("a", wrap_in(KEY.Key_P), "f", id="wrap in a parallel"),
        pytest.param("a", wrap_in(KEY.Key_R), "f", id="wrap in a router"),
        pytest.param("a", wrap_in(KEY.Key_L), "a", id="wrap in a loop"),
        pytest.param("l", key(KEY.Key_G, CTRL | SHIFT), "b", id="dissolve"),
        pytest.param("l", to_parallel, "c", id="change mode"),
        pytest.param("l/b", key(KEY.Key_Delete, CTRL), "c", id="delete and heal"),
        pytest.param("a", key(KEY.Key_Right, ALT), "a", id="reorder"),
        pytest.param("p/e", key(KEY.Key_Up, ALT), "d", id="reorder branches"),
        pytest.param("l/c", key(KEY.Key_X, CTRL | SHIFT), "c", id="take out"),
        pytest.param("l", key(KEY.Key_C), "f", id="collapse"),
    ],
)
def test_what_changes_place_goes_there_and_back(eyes: Eyes, qtbot, path, do, moves) -> None:
    eyes.bench.selection.select((path,))
    stood = eyes.seen()

    do(eyes)

    goal = eyes.meant()
    assert eyes.is_gliding
    assert eyes.seen()[moves] == stood[moves] != goal[moves]
    assert all(at == stood.get(title, at) for title, at in eyes.seen().items())
    eyes.goes_half_way()
    assert eyes.seen()[moves] not in (stood[moves], goal[moves])
    qtbot.waitUntil(lambda: not eyes.is_gliding, timeout=3000)
    assert eyes.seen() == goal == eyes.meant()

    eyes.undo()
    assert eyes.is_gliding
    qtbot.waitUntil(lambda: not eyes.is_gliding, timeout=3000)
    assert eyes.seen() == stood


def test_what_was_collapsed_comes_out_of_its_orchestrator(eyes: Eyes, qtbot) -> None:
    eyes.bench.selection.select(("l",))
    eyes.presses(KEY.Key_C)
    eyes.canvas._glide.finish()
    stood = eyes.seen()
    assert "b" not in stood

    eyes.presses(KEY.Key_C)

    assert eyes.seen()["b"] == eyes.seen()["c"] == stood["l"]
    qtbot.waitUntil(lambda: not eyes.is_gliding, timeout=3000)
    assert eyes.seen() == eyes.meant()


def test_a_step_dragged_past_another_lets_that_glide_to_its_place(eyes: Eyes, qtbot) -> None:
    eyes.draw("a", "b", "c")
    stood = eyes.seen()
    way = QPoint(round((stood["b"][0] - stood["a"][0]) * 1.2 * eyes.view.zoom), 0)
    eyes.drags(eyes.at("a"), eyes.at("a") + way)

    assert [step.name for step in eyes.bench.document.sheet.flow.root.steps] == ["b", "a", "c"]
    assert eyes.is_gliding
    assert eyes.seen()["b"] == stood["b"]
    qtbot.waitUntil(lambda: not eyes.is_gliding, timeout=3000)
    assert eyes.seen() == eyes.meant()


def test_notes_glide_with_the_nodes_that_they_stand_beside(eyes: Eyes, qtbot) -> None:
    x, y = eyes.bench.document.sheet.layout["f"]
    noted = edits.write_note(eyes.bench.document.sheet, None, "f's", (x, y - 150))
    eyes.bench.document.edit("Add Note", noted)
    eyes.bench.selection.select(("a",))
    wrap_in(KEY.Key_L)(eyes)

    item = eyes.canvas._drawing.item("#1")
    assert isinstance(item, NoteItem)
    assert (item.note.x, item.note.y) == (x, y - 150)
    qtbot.waitUntil(lambda: not eyes.is_gliding, timeout=3000)
    to_x, to_y = eyes.bench.document.sheet.layout["f"]
    assert (item.note.x, item.note.y) == (to_x, to_y - 150) != (x, y - 150)


@pytest.mark.parametrize("touch", ["key", "press", "wheel"])
def test_any_input_on_the_canvas_finds_everything_in_its_place(eyes: Eyes, touch: str) -> None:
    eyes.bench.selection.select(("a",))
    wrap_in(KEY.Key_L)(eyes)
    assert eyes.is_gliding
    if touch == "key":
        eyes.presses(KEY.Key_Shift)
    elif touch == "press":
        QTest.mousePress(eyes.view.viewport(), LEFT, NONE, QPoint(3, 3))
        QTest.mouseRelease(eyes.view.viewport(), LEFT, NONE, QPoint(3, 3))
    else:
        turn_wheel(eyes.view.viewport())
    assert not eyes.is_gliding
    assert eyes.seen() == eyes.meant()


def test_a_second_edit_on_the_way_goes_on_from_there(eyes: Eyes, qtbot) -> None:
    eyes.bench.selection.select(("a",))
    wrap_in(KEY.Key_L)(eyes)
    stood = eyes.seen()
    qtbot.waitUntil(lambda: eyes.seen()["f"] != stood["f"], timeout=3000)
    document = eyes.bench.document
    on_the_way = eyes.seen()["f"]
    document.edit("Remove", edits.remove(document.sheet, ["p"]))  # from a pane: no key here

    assert eyes.seen()["f"] == on_the_way
    qtbot.waitUntil(lambda: not eyes.is_gliding, timeout=3000)
    assert eyes.seen() == eyes.meant()
    assert {*eyes.seen()} == {"Start", "loop", "a", "l", "b", "c", "f"}


def test_problems_that_are_found_on_the_way_end_no_glide(eyes: Eyes, qtbot) -> None:
    eyes.bench.selection.select(("a",))
    wrap_in(KEY.Key_L)(eyes)
    stood = eyes.seen()
    eyes.bench.document.check_now()
    eyes.canvas._on_problems(eyes.bench.document.problems)

    assert eyes.is_gliding
    assert eyes.seen() == stood
    qtbot.waitUntil(lambda: not eyes.is_gliding, timeout=3000)
    assert eyes.seen() == eyes.meant()


def test_another_flow_is_there_at_once(eyes: Eyes, tmp_path) -> None:
    path = tmp_path / "agentflow.toml"
    eyes.bench.document.save_as(path)
    eyes.window.files.new_flow()
    eyes.draw("f", "a")
    eyes.bench.document.undo_stack.clear()
    eyes.bench.document.open(path)

    assert not eyes.is_gliding
    assert eyes.seen() == eyes.meant()


def test_nothing_glides_where_nothing_is_to_move_by_itself(eyes: Eyes) -> None:
    eyes.bench.preferences.try_out(Preferences(reduced_motion=True))
    eyes.bench.selection.select(("a",))
    wrap_in(KEY.Key_L)(eyes)

    assert not eyes.is_gliding
    assert eyes.seen() == eyes.meant()


def test_of_very_many_only_those_in_sight_glide(eyes: Eyes) -> None:
    eyes.draw(*(f"s{number}" for number in range(4 * FEW)))
    eyes.view.look_at(QPointF(600, 0), 1.0)
    eyes.bench.selection.select(("s0",))
    stood = eyes.seen()
    wrap_in(KEY.Key_L)(eyes)

    assert eyes.is_gliding
    assert 0 < len(eyes.canvas._glide._ways) < FEW
    assert eyes.seen()["s1"] == stood["s1"]
    assert eyes.seen()[f"s{3 * FEW}"] == eyes.meant()[f"s{3 * FEW}"] != stood[f"s{3 * FEW}"]


def test_from_far_away_where_nodes_are_patches_all_are_there_at_once(eyes: Eyes) -> None:
    eyes.view.look_at(QPointF(0, 0), 0.1)
    eyes.bench.selection.select(("a",))
    wrap_in(KEY.Key_L)(eyes)

    assert not eyes.is_gliding
