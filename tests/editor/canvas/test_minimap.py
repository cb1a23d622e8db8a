"""What a run says of a step is told in the minimap by its shape, not by its colour alone."""

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QCursor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from agentflow_editor.canvas.marks import Mark
from agentflow_editor.canvas.note_field import NoteField
from agentflow_editor.document import edits
from agentflow_editor.looks.theme import DARK, LIGHT
from editor.canvas.flows import flow
from editor.canvas.stage import Stage

STATUSES = ("waiting", "running", "done", "failed", "skipped", "paused", "cancelled")


def shown(stage: Stage, count: int = 12) -> None:
    stage.show(flow(*(f"step{number}" for number in range(count))))
    stage.canvas.looking.begin()
    assert stage.canvas.minimap.isVisible()


def marked(stage: Stage, qtbot, status: str, path: str = "step9") -> QImage:
    """The minimap, soon after a run has said something of a step."""
    before = stage.canvas.minimap.grab().toImage()
    stage.drawing.set_marks({path: Mark(status=status)}, {})
    qtbot.waitUntil(lambda: stage.canvas.minimap.grab().toImage() != before)
    return stage.canvas.minimap.grab().toImage()


def around(stage: Stage, picture: QImage, path: str = "step9") -> QImage:
    middle = stage.canvas.minimap._map().map(*stage.drawing.scene.boxes[path].rect.middle)
    return picture.copy(QRect(int(middle[0]) - 8, int(middle[1]) - 8, 16, 16))


def shape(picture: QImage) -> tuple[bool, ...]:
    """Where it is not as its ground, whatever its colours."""
    ground = picture.pixelColor(0, 0).lightness()
    points = ((x, y) for x in range(picture.width()) for y in range(picture.height()))
    return tuple(abs(picture.pixelColor(x, y).lightness() - ground) > 30 for x, y in points)


def test_each_status_has_a_shape_of_its_own_in_both_themes(stage: Stage, qtbot) -> None:
    shown(stage)
    for theme in (LIGHT, DARK):
        stage.bench.theme.switch(theme)
        shapes = {shape(around(stage, marked(stage, qtbot, status))) for status in STATUSES}
        assert len(shapes) == len(STATUSES)


def test_what_is_over_is_told_no_longer(stage: Stage, qtbot) -> None:
    shown(stage)
    before = stage.canvas.minimap.grab().toImage()
    marked(stage, qtbot, "failed")

    assert marked(stage, qtbot, "") == before


def test_of_signs_that_would_lie_over_each_other_one_is_seen(stage: Stage, qtbot) -> None:
    shown(stage, count=200)
    paths = [path for path in stage.drawing.scene.boxes if path]
    stage.drawing.set_marks({path: Mark(status="failed") for path in paths}, {})
    place = stage.canvas.minimap._map()

    signs = list(stage.canvas.minimap._signs(stage.drawing.scene, place))
    assert 1 < len(signs) < len(paths) / 5


class Paints(QObject):
    """Counts how often a widget is painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


def test_it_is_painted_again_only_when_it_shows_something_else(stage: Stage, qtbot) -> None:
    shown(stage)
    qtbot.wait(400)
    document, paints = stage.bench.document, Paints(stage.canvas.minimap)
    for change, times in (
        (lambda: edits.set_agent(document.sheet, "step3", "description", "other"), 0),
        (lambda: edits.place(document.sheet, {"step9": (40, 900)}), 1),
    ):
        paints.count = 0
        document.edit("Edit", change())
        qtbot.wait(400)
        assert min(paints.count, 1) == times
    paints.count = 0
    stage.view.look_at(stage.view.center + QPointF(40, 0), stage.view.zoom)
    qtbot.waitUntil(lambda: paints.count > 0)


def test_the_map_gives_way_to_a_field_that_is_written_in_under_it(stage: Stage) -> None:
    shown(stage)
    minimap = stage.canvas.minimap
    corner = stage.view.mapToScene(minimap.geometry().topLeft() - QPoint(40, 20))
    stage.canvas.noting.add(corner)
    assert not minimap.isVisible()
    QTest.keyClicks(stage.canvas.findChild(NoteField), "seen")
    QTest.keyClick(stage.canvas.findChild(NoteField), Qt.Key.Key_Escape)
    assert minimap.isVisible()

    stage.canvas.noting.add(stage.view.mapToScene(QPoint(40, 40)))
    assert minimap.isVisible()
    QTest.keyClick(stage.canvas.findChildren(NoteField)[-1], Qt.Key.Key_Escape)


def test_what_is_said_lies_over_the_map_also_when_the_camera_moves(stage: Stage) -> None:
    shown(stage)
    toast, minimap = stage.canvas._toast, stage.canvas.minimap
    QCursor.setPos(stage.canvas.mapToGlobal(minimap.geometry().center()))
    stage.canvas.tell("This is said over the map, whatever is done then.")
    stage.view.look_at(stage.view.center + QPointF(30, 0), stage.view.zoom)

    assert minimap.isVisible()
    assert toast.geometry().intersects(minimap.geometry())
    children = stage.canvas.children()
    assert children.index(toast) > children.index(minimap)


def test_a_step_that_is_selected_elsewhere_comes_out_from_under_the_map(stage: Stage) -> None:
    shown(stage)
    minimap = stage.canvas.minimap
    under = stage.view.mapToScene(minimap.geometry().center()) - stage.view.center
    stage.view.look_at(stage.drawing.place("step3").center() - under, stage.view.zoom)
    stage.bench.selection.select(("step3",))

    assert stage.canvas._sight.has("step3")
