"""The view goes along with a run whose steps are out of sight, until a person looks elsewhere."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from agentflow.state import State
from agentflow.trace import (
    RunFinished,
    RunPaused,
    RunStarted,
    StepStarted,
    StepSucceeded,
    TraceEntry,
)
from agentflow_editor.canvas import watching
from agentflow_editor.document import edits
from agentflow_editor.settings.preferences import Preferences
from editor.canvas.flows import chain, flow, parallel, sequence
from editor.canvas.stage import LEFT, NONE, Stage

RUN = (0, 0.0, "r1")
MIDDLE = Qt.MouseButton.MiddleButton


def began() -> RunStarted:
    return RunStarted(*RUN, "", "drawn", State())


def started(path: str, kind: str = "agent") -> StepStarted:
    return StepStarted(*RUN, path, kind, path, 0)


def done(path: str) -> StepSucceeded:
    return StepSucceeded(*RUN, path, {}, (), 0.1)


def ended() -> RunFinished:
    return RunFinished(*RUN, "", "succeeded", State(), "", 0.2)


class Eyes:
    """A person before a canvas on which a flow runs that is larger than the view."""

    def __init__(self, stage: Stage, qtbot) -> None:
        self.stage, self._qtbot = stage, qtbot
        self.view, self.canvas = stage.view, stage.canvas
        self.path: list[QPointF] = []
        self.view.camera_moved.connect(lambda: self.path.append(self.view.center))

    def run(self, *entries: TraceEntry) -> None:
        for entry in (began(), *entries):
            self.stage.bench.trace.feed(entry)
        self.stage.bench.trace.tell()

    def tell(self, *entries: TraceEntry) -> None:
        for entry in entries:
            self.stage.bench.trace.feed(entry)
        self.stage.bench.trace.tell()

    def see(self, key: str) -> bool:
        rect = self.stage.drawing.place(key)
        return self.view.in_sight.contains(rect)

    def wait_for(self, key: str) -> None:
        self._qtbot.waitUntil(lambda: self.see(key), timeout=3000)

    def rest(self, milliseconds: int = watching.REST + 400) -> None:
        """Let pass what a move would take."""
        self._qtbot.wait(milliseconds)


@pytest.fixture
def eyes(stage: Stage, qtbot) -> Eyes:
    """Twenty steps in a row, seen where they begin."""
    stage.show(flow(*(f"s{number}" for number in range(20))))
    return _looking(stage, qtbot)


def _looking(stage: Stage, qtbot) -> Eyes:
    stage.canvas.looking.begin()
    return Eyes(stage, qtbot)


@pytest.fixture
def moving(eyes: Eyes) -> Eyes:
    """The same where things move by themselves."""
    eyes.stage.bench.preferences.try_out(Preferences())
    return eyes


def test_a_step_out_of_sight_comes_into_sight_when_it_runs_at_the_same_zoom(moving: Eyes) -> None:
    zoom = moving.view.zoom
    assert not moving.see("s12")
    moving.run(started("s12"))
    moving.wait_for("s12")
    moving.rest(watching.BRIEF + 300)
    assert moving.view.zoom == zoom
    assert len(moving.path) > 2, "it glides there"
    assert all(later.x() >= earlier.x() for earlier, later in pairwise(moving.path))
    assert moving.see("s13"), "what runs next is seen as well"


def test_with_reduced_motion_it_is_there_at_once(eyes: Eyes) -> None:
    eyes.run(started("s12"))
    eyes.wait_for("s12")
    assert len(eyes.path) == 1


def test_the_height_stays_as_long_as_the_step_is_seen_from_there(eyes: Eyes) -> None:
    eyes.view.look_at(eyes.view.center + QPointF(0, 90), eyes.view.zoom)
    before = eyes.view.center.y()
    eyes.run(started("s12"))
    eyes.wait_for("s12")
    assert eyes.view.center.y() == before


def test_nothing_moves_for_a_step_that_is_in_sight(moving: Eyes) -> None:
    moving.run(started("s0"), done("s0"), started("s1"))
    moving.rest()
    assert moving.path == []


def test_a_step_under_the_minimap_is_not_in_sight(eyes: Eyes) -> None:
    minimap = eyes.canvas.minimap
    assert minimap.isVisible()
    corner = eyes.view.mapToScene(minimap.geometry().center())
    at = {"s3": (round(corner.x()) - 60, round(corner.y()) - 20)}
    eyes.canvas.edit("Move", lambda sheet: edits.place(sheet, at))
    assert eyes.see("s3")
    eyes.run(started("s3"))
    eyes.rest()

    def is_covered() -> bool:
        place = eyes.view.mapFromScene(eyes.stage.drawing.place("s3")).boundingRect()
        return minimap.geometry().intersects(place)

    assert eyes.see("s3")
    assert not is_covered()


def test_many_quick_steps_make_few_moves_and_the_newest_counts(eyes: Eyes) -> None:
    eyes.run(started("s0"))
    for number in range(200):
        at = ("s0", "s19")[number % 2]
        eyes.tell(started(at))
        QTest.qWait(5)
        eyes.tell(done(at))
    eyes.tell(started("s19"))
    eyes.wait_for("s19")
    assert 1 <= len(eyes.path) <= 4, "in a second"


def test_the_view_is_still_while_any_of_several_running_steps_is_in_sight(
    stage: Stage, qtbot
) -> None:
    rows = (chain(*(f"{row}{number}" for number in range(16))) for row in "abc")
    stage.show(flow(parallel("p", *rows)))
    eyes = _looking(stage, qtbot)
    assert eyes.see("p/a0")
    eyes.run(started("p", "collaborative"), started("p/a0"), started("p/b15"))
    eyes.rest()
    assert eyes.path == []
    eyes.tell(done("p/a0"))
    eyes.tell(started("p/c12"))
    eyes.wait_for("p/c12")
    assert len(eyes.path) == 1


def test_a_hidden_step_counts_by_the_node_that_is_drawn_for_it(stage: Stage, qtbot) -> None:
    names = [f"s{number}" for number in range(16)]
    stage.show(flow(*names, sequence("outer", sequence("inner", "deep"))))
    stage.canvas.edit("Collapse", lambda sheet: edits.collapse(sheet, ["outer"], is_collapsed=True))
    eyes = _looking(stage, qtbot)
    assert not stage.drawing.has("outer/inner/deep")
    assert not eyes.see("outer")
    eyes.run(started("outer", "sequential"), started("outer/inner", "sequential"))
    eyes.tell(started("outer/inner/deep"))
    eyes.wait_for("outer")
    assert stage.canvas.diving.inside == "", "nothing is gone into"


def test_inside_an_orchestrator_what_runs_elsewhere_moves_nothing(stage: Stage, qtbot) -> None:
    inside = [f"s{number}" for number in range(20)]
    stage.show(flow("first", sequence("outer", *inside), "last"))
    stage.canvas.diving.enter("outer")
    eyes = _looking(stage, qtbot)
    eyes.path.clear()
    eyes.run(started("first"))
    eyes.rest()
    assert eyes.path == []
    eyes.tell(done("first"), started("outer", "sequential"), started("outer/s15"))
    eyes.wait_for("outer/s15")
    assert stage.canvas.diving.inside == "outer"


def test_going_into_an_orchestrator_while_it_runs_goes_on_following(stage: Stage, qtbot) -> None:
    inside = [f"s{number}" for number in range(20)]
    stage.show(flow("first", sequence("outer", *inside), "last"))
    eyes = _looking(stage, qtbot)
    eyes.run(started("outer", "sequential"), started("outer/s0"))
    stage.bench.selection.select(("outer",))
    stage.canvas.diving.go_into()
    assert stage.canvas.watching.is_on
    eyes.tell(done("outer/s0"), started("outer/s15"))
    eyes.wait_for("outer/s15")


def pan(eyes: Eyes) -> None:
    port, begin = eyes.view.viewport(), QPoint(300, 600)
    QTest.mousePress(port, MIDDLE, NONE, begin)
    QTest.mouseMove(port, begin + QPoint(40, 20))
    QTest.mouseRelease(port, MIDDLE, NONE, begin + QPoint(40, 20))


def wheel(eyes: Eyes) -> None:
    at = QPointF(300, 300)
    turned = QWheelEvent(
        at,
        QPointF(eyes.view.mapToGlobal(at.toPoint())),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        NONE,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(eyes.view.viewport(), turned)


def drag_a_node(eyes: Eyes) -> None:
    at = eyes.stage.at("s1")
    eyes.stage.drag(at, at + QPoint(30, 80))


def draw_a_rubber_band(eyes: Eyes) -> None:
    eyes.stage.drag(QPoint(200, 600), QPoint(400, 700))


def press_the_minimap(eyes: Eyes) -> None:
    minimap = eyes.canvas.minimap
    QTest.mouseClick(minimap, LEFT, NONE, minimap.rect().center())


def zoom_in(eyes: Eyes) -> None:
    eyes.canvas.looking.zoom_in()


LOOKS = (pan, wheel, drag_a_node, draw_a_rubber_band, press_the_minimap, zoom_in)


@pytest.mark.parametrize("look", LOOKS)
def test_whoever_looks_elsewhere_is_left_alone_until_the_next_run(eyes: Eyes, look) -> None:
    eyes.run(started("s0"))
    look(eyes)
    assert not eyes.canvas.watching.is_on
    assert eyes.stage.messages[-1].startswith("This run is not followed any more")
    eyes.path.clear()
    eyes.tell(done("s0"), started("s19"))
    eyes.rest()
    assert eyes.path == []

    eyes.tell(done("s19"), ended())
    assert eyes.canvas.watching.is_on
    eyes.view.look_at(QPointF(0, 5000), eyes.view.zoom)
    eyes.run(started("s10"))
    eyes.wait_for("s10")


def test_who_has_left_a_run_can_ask_for_it_again(eyes: Eyes) -> None:
    eyes.run(started("s12"))
    eyes.wait_for("s12")
    wheel(eyes)
    eyes.view.look_at(QPointF(0, 5000), eyes.view.zoom)
    eyes.canvas.watching.toggle()
    assert eyes.canvas.watching.is_on
    eyes.wait_for("s12")
    assert eyes.stage.bench.preferences.current.follow_run


def test_a_click_and_a_key_are_no_looking_elsewhere(eyes: Eyes) -> None:
    eyes.run(started("s0"))
    eyes.stage.click(eyes.stage.at("s1"))
    QTest.keyClick(eyes.view, Qt.Key.Key_Escape)
    assert eyes.canvas.watching.is_on
    eyes.tell(done("s0"), started("s12"))
    eyes.wait_for("s12")


def test_more_room_is_no_looking_elsewhere(eyes: Eyes) -> None:
    eyes.run(started("s0"))
    eyes.canvas.resize(900, 700)
    QApplication.processEvents()
    assert eyes.canvas.watching.is_on


def test_a_run_that_is_looked_at_before_it_begins_is_followed(eyes: Eyes) -> None:
    wheel(eyes)
    eyes.run(started("s15"))
    eyes.wait_for("s15")


def test_what_is_pressed_stays_under_the_mouse(moving: Eyes) -> None:
    port = moving.view.viewport()
    moving.run(started("s12"))
    QTest.qWait(watching.BRIEF + 60)
    at = QPoint(300, 600)
    QTest.mousePress(port, LEFT, NONE, at)
    there = moving.view.center
    moving.rest()
    assert moving.view.center == there
    QTest.mouseRelease(port, LEFT, NONE, at)
    moving.wait_for("s12")


def test_nothing_moves_away_from_under_a_field_over_the_canvas(eyes: Eyes) -> None:
    eyes.stage.bench.selection.select(("s0",))
    eyes.canvas.chosen.rename()
    QTest.keyClicks(QApplication.focusWidget(), "bett")
    eyes.run(started("s12"))
    eyes.rest()
    assert eyes.path == []
    QTest.keyClicks(QApplication.focusWidget(), "er")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert eyes.stage.drawing.has("better")
    eyes.wait_for("s12")


def test_a_held_step_is_gone_to_and_selected(moving: Eyes) -> None:
    moving.run(started("s0"), done("s0"), RunPaused(*RUN, "s12"))
    moving.stage.bench.selection.select(("s12",))
    assert not moving.see("s12"), "it glides there"
    moving.wait_for("s12")
    assert moving.canvas.watching.is_on


def test_a_held_step_is_shown_to_who_has_left_the_run_as_well(eyes: Eyes) -> None:
    eyes.run(started("s0"))
    wheel(eyes)
    eyes.tell(done("s0"), RunPaused(*RUN, "s12"))
    eyes.stage.bench.selection.select(("s12",))
    eyes.wait_for("s12")


def test_switched_off_it_stays_off(eyes: Eyes) -> None:
    eyes.canvas.watching.toggle()
    assert not eyes.stage.bench.preferences.current.follow_run
    assert not eyes.stage.bench.settings.preferences["follow_run"]
    eyes.run(started("s12"))
    eyes.rest()
    assert eyes.path == []


def test_between_two_agents_the_view_stays_where_the_last_one_was(eyes: Eyes) -> None:
    eyes.run(started("s12"))
    eyes.wait_for("s12")
    eyes.path.clear()
    eyes.tell(done("s12"), started("s1", "sequential"))
    eyes.rest()
    assert eyes.path == []


def test_steps_that_are_over_at_once_are_gone_along_with(eyes: Eyes) -> None:
    eyes.run(started("s12"), done("s12"))
    eyes.wait_for("s12")


def test_a_branch_that_goes_on_in_sight_in_a_moment_is_waited_for(stage: Stage, qtbot) -> None:
    rows = (chain(*(f"{row}{number}" for number in range(16))) for row in "abc")
    stage.show(flow(parallel("p", *rows)))
    eyes = _looking(stage, qtbot)
    eyes.run(started("p", "collaborative"), started("p/b14"), started("p/c15"), started("p/a0"))
    for _ in range(6):
        eyes.tell(done("p/a0"))
        eyes.rest(2 * watching.BRIEF)
        eyes.tell(started("p/a0"))
        eyes.rest(2 * watching.BRIEF)
    assert eyes.path == []
    eyes.tell(done("p/a0"))
    eyes.wait_for("p/c15")
