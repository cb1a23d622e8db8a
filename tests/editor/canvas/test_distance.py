"""What is seen depends on how near it is, and moving the camera shows what standing there shows."""

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect
from PySide6.QtGui import QImage, QRegion
from PySide6.QtTest import QTest

from agentflow.state import State
from agentflow.trace import RunStarted, StepFailed, StepStarted
from agentflow_editor.canvas.ink import Ink
from agentflow_editor.canvas.marks import Mark
from agentflow_editor.canvas.paint import FAR
from agentflow_editor.document import edits
from agentflow_editor.document.ports import NEXT
from agentflow_editor.looks.theme import LIGHT
from editor.canvas.flows import chain, flow, parallel
from editor.canvas.stage import LEFT, NONE, Stage

RUN = (0, 0.0, "r1")


def picture(stage: Stage) -> QImage:
    return stage.view.viewport().grab().toImage()


def middle(stage: Stage, path: str) -> QPoint:
    return stage.view.mapFromScene(QPointF(*stage.drawing.scene.boxes[path].rect.middle))


def seen_at(stage: Stage, path: str) -> int:
    return picture(stage).pixel(middle(stage, path))


def far_away(stage: Stage) -> None:
    stage.view.look_at(stage.drawing.rect().center(), FAR / 2)


@pytest.mark.parametrize("zoom", [0.1, 0.3, 0.5, 1.0])
def test_panning_shows_what_looking_there_at_once_shows(nested: Stage, qtbot, zoom: float) -> None:
    there = nested.drawing.rect().center()
    nested.view.look_at(there, zoom)
    told: list[object] = []
    nested.bench.document.problems_changed.connect(told.append)
    qtbot.waitUntil(lambda: bool(told))  # badges come once the check has ended
    wanted = picture(nested)
    for number in range(8, 0, -1):
        nested.view.look_at(there + QPointF(17, -9) * number / zoom, zoom)
        qtbot.wait(1)
    nested.view.look_at(there, zoom)
    qtbot.wait(1)
    assert picture(nested) == wanted


def seen_anew(stage: Stage) -> QImage:
    """What is seen when the camera comes from elsewhere."""
    there = stage.view.center
    stage.view.look_at(there + QPointF(500, 300), stage.view.zoom)
    picture(stage)
    stage.view.look_at(there, stage.view.zoom)
    return picture(stage)


def test_from_far_away_whatever_changes_is_seen_at_once_while_the_camera_rests(
    nested: Stage,
) -> None:
    far_away(nested)
    document = nested.bench.document
    changes = [
        lambda: None,
        lambda: document.edit("Move", edits.place(document.sheet, {"research": (40, -90)})),
        lambda: document.edit("Set", edits.set_agent(document.sheet, "web", "role", "r")),
        lambda: nested.drawing.glow("research"),
        lambda: nested.drawing.select(["refine"]),
        lambda: nested.drawing.set_ink(Ink(LIGHT)),
        lambda: document.edit("Remove", edits.remove(document.sheet, ["refine"])),
        lambda: nested.canvas.resize(1300, 800),
    ]
    for change in changes:
        change()
        nested.view.give_up()
        at_rest = [picture(nested) for _ in range(3)]
        assert at_rest == [seen_anew(nested)] * 3


def test_from_far_away_each_part_is_painted_as_it_is_in_the_whole(nested: Stage) -> None:
    far_away(nested)
    statuses = ["running", "done", "waiting", "failed", "running"]
    paths = ["research/web", "research", "refine", "deliver", ""]
    marks = {path: Mark(status=it) for path, it in zip(paths, statuses, strict=True)}
    nested.drawing.set_marks(marks, {})
    nested.drawing.select(["refine"])
    port = nested.view.viewport()
    wanted = picture(nested)
    found = QImage(wanted.size(), wanted.format())
    tile = 97
    for x in range(0, port.width(), tile):
        for y in range(0, port.height(), tile):
            port.render(found, QPoint(x, y), QRegion(x, y, tile, tile))
    assert found == wanted


def test_from_far_away_a_node_is_a_patch_of_its_kind(nested: Stage) -> None:
    far_away(nested)
    for path in ("research", "refine", "deliver", "research/web"):
        assert seen_at(nested, path) == nested.drawing.node(path).patch.rgb()


def test_from_far_away_a_run_colours_the_patches(nested: Stage, qtbot) -> None:
    far_away(nested)
    before = seen_at(nested, "research/web")
    for entry in (
        RunStarted(*RUN, "", "drawn", State()),
        StepStarted(*RUN, "research/web", "agent", "web", 0),
        StepFailed(*RUN, "research/web", "research/web: no", 0.1),
    ):
        nested.bench.trace.feed(entry)
    qtbot.waitUntil(lambda: seen_at(nested, "research/web") != before)
    left = nested.drawing.scene.boxes["research/web"]  # a sign stands in its middle
    at = nested.view.mapFromScene(QPointF(left.x + left.width / 6, left.y + left.height / 2))
    assert picture(nested).pixel(at) == nested.drawing.node("research/web").patch.rgb()


def test_from_far_away_each_status_has_a_shape_of_its_own(nested: Stage, qtbot) -> None:
    """Whoever sees no colours tells them apart by what stands in the patch."""
    nested.view.look_at(nested.drawing.rect().center(), FAR * 0.95)
    box = nested.drawing.scene.boxes["research/web"]
    corner, end = (
        nested.view.mapFromScene(QPointF(*at))
        for at in ((box.x, box.y), (box.rect.right, box.rect.bottom))
    )

    def shape(status: str) -> tuple[bool, ...]:
        nested.drawing.set_marks({box.path: Mark(status=status)}, {})
        patch = picture(nested).copy(QRect(corner, end))
        edge = patch.pixelColor(patch.width() // 8, patch.height() // 2).lightness()
        return tuple(
            abs(patch.pixelColor(x, y).lightness() - edge) > 30
            for x in range(patch.width())
            for y in range(patch.height())
        )

    statuses = ("waiting", "running", "done", "failed", "skipped", "paused", "cancelled")
    assert len({shape(status) for status in statuses}) == len(statuses)


def test_from_far_away_an_edit_and_a_theme_are_seen_too(nested: Stage) -> None:
    far_away(nested)
    at = middle(nested, "refine")
    drawn = picture(nested).pixel(at)
    nested.bench.selection.select(("refine",))
    nested.canvas.chosen.delete()
    ground = picture(nested).pixel(at)
    assert ground != drawn
    nested.bench.theme.switch(LIGHT)
    assert picture(nested).pixel(at) != ground


def test_from_far_away_a_selected_node_has_a_ring(nested: Stage) -> None:
    far_away(nested)
    before = picture(nested)
    nested.bench.selection.select(("deliver",))
    assert picture(nested) != before
    nested.bench.selection.select(())
    assert picture(nested) == before


def test_from_far_away_a_link_that_is_drawn_is_seen(nested: Stage) -> None:
    far_away(nested)
    before = picture(nested)
    begin = nested.at("deliver/archive", NEXT)
    nested.press_and_move(begin, begin + QPoint(90, 60))
    while_drawn = picture(nested)
    QTest.keyClick(nested.view, "\x1b")
    QTest.mouseRelease(nested.view.viewport(), LEFT, NONE, begin)
    assert while_drawn != before
    assert picture(nested) == before


def test_a_long_title_is_written_from_near_and_left_out_from_far(stage: Stage) -> None:
    stage.show(flow("a title that is far too long to be read", "b"))
    path = next(iter(stage.drawing.scene.boxes.keys() - {"", "b"}))

    def title(zoom: float) -> QImage:
        box = stage.drawing.scene.boxes[path]
        stage.view.look_at(QPointF(*box.rect.middle), zoom)
        corner = stage.view.mapFromScene(QPointF(box.x + 60, box.y + 8))
        end = stage.view.mapFromScene(QPointF(box.rect.right - 20, box.y + 48))
        return picture(stage).copy(corner.x(), corner.y(), end.x() - corner.x(), 8)

    def colours(image: QImage) -> int:
        points = ((x, y) for x in range(image.width()) for y in range(image.height()))
        return len({image.pixel(x, y) for x, y in points})

    assert colours(title(0.25)) == 1
    assert colours(title(0.5)) > 5


def test_the_number_of_a_branch_is_read_from_near_and_left_out_from_far(stage: Stage) -> None:
    stage.show(flow(parallel("p", chain("a"), chain("b"))))
    label = next(item._label for item in stage.drawing.links() if item._label)

    def shows(zoom: float) -> bool:
        stage.view.look_at(label._rect.center(), zoom)
        with_label = picture(stage)
        label.hide()
        without = picture(stage)
        label.show()
        return with_label != without

    assert shows(0.6)
    assert not shows(0.5)
