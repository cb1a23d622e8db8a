"""A flow is first seen so that it can be read: all of it, or where it begins."""

import pytest
from PySide6.QtCore import QRectF

from agentflow.flow.flow import Flow
from agentflow_editor.canvas.ink import LEGIBLE
from agentflow_editor.canvas.paint import CLOSE
from editor.canvas.flows import chain, flow, parallel, sequence
from editor.canvas.stage import Stage

STEPS = [f"step{number}" for number in range(30)]
WIDE, HIGH = flow(*STEPS), flow(parallel("p", *map(chain, STEPS)))
EVERYTHING = flow(*STEPS[:15], parallel("p", *map(chain, STEPS[15:])))


def node(stage: Stage, path: str) -> QRectF:
    return stage.drawing.node(path).scene_rect()


def first_seen(stage: Stage, flow: Flow) -> QRectF:
    stage.show(flow)
    stage.canvas.looking.begin()
    return stage.view.in_sight


def test_what_can_be_read_as_a_whole_is_seen_as_a_whole(stage: Stage) -> None:
    seen = first_seen(stage, flow("a", "b", "c"))

    assert seen.contains(stage.drawing.rect())
    assert stage.view.zoom == 1.0


def test_as_long_as_its_names_can_be_read_a_flow_is_seen_as_a_whole(stage: Stage) -> None:
    seen = first_seen(stage, flow(*STEPS[:9]))

    assert seen.contains(stage.drawing.rect())
    assert 0.4 <= stage.view.zoom < 0.65


@pytest.mark.parametrize("flow", [WIDE, HIGH, EVERYTHING], ids=["wide", "high", "both"])
def test_what_is_too_large_for_that_is_seen_where_it_begins(stage: Stage, flow: Flow) -> None:
    seen = first_seen(stage, flow)

    assert stage.view.zoom >= max(LEGIBLE, CLOSE)
    assert not seen.contains(stage.drawing.rect())
    assert seen.contains(node(stage, ""))
    # No more of the ground around it than there would be if all of it were seen.
    room = 40 / stage.view.zoom
    assert stage.drawing.rect().adjusted(-room, -room, room, room).intersected(seen).width() >= (
        min(seen.width(), stage.drawing.rect().width())
    )


def test_a_start_in_the_middle_of_everything_is_seen_with_what_is_around_it(stage: Stage) -> None:
    stage.show(WIDE)
    middle = node(stage, "step15")
    stage.bench.document.edit(
        "Move",
        stage.bench.document.sheet.with_layout(
            stage.bench.document.sheet.layout.with_positions(
                {"": (round(middle.x()), round(middle.y()) + 300)}
            )
        ),
    )
    stage.canvas.looking.begin()

    assert stage.view.in_sight.contains(node(stage, ""))


def test_what_one_goes_into_is_first_seen_where_it_begins(stage: Stage) -> None:
    stage.show(flow("a", sequence("s", *STEPS)))
    stage.canvas.diving.enter("s")

    assert stage.view.zoom >= LEGIBLE
    assert stage.view.in_sight.contains(node(stage, "s"))
    assert stage.view.in_sight.contains(node(stage, "s/step0"))


def test_all_of_it_is_seen_on_demand(stage: Stage) -> None:
    first_seen(stage, WIDE)
    stage.canvas.looking.frame_all()

    assert stage.view.in_sight.contains(stage.drawing.rect())
