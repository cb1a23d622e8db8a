"""Whatever is edited, the canvas shows the document: no more, no less, and in the right place."""

import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, QPointF

from agentflow.catalogue import Catalogue
from agentflow_editor.canvas.drafting import build_scene
from agentflow_editor.canvas.folding import folded
from agentflow_editor.canvas.sockets import socket_points
from agentflow_editor.document.room import settled
from editor.canvas.flows import nested_flow
from editor.canvas.stage import Stage
from editor.document.random_edits import random_edit

SEQUENCES = int(os.environ.get("SEQUENCES", "200"))
"""How many sequences of edits are tried; `make test-long` tries 5,000."""


def check(stage: Stage, catalogue: Catalogue) -> None:
    """Compare what stands on the canvas, item by item, with what the document says."""
    QCoreApplication.processEvents()  # problems are told soon after the edit, not within it
    document, drawing = stage.bench.document, stage.drawing
    scene = build_scene(document.sheet, catalogue, document.problems)
    scene = folded(scene, document.sheet.sketch.collapsed)
    assert drawing.scene == scene
    nodes = {item.box.path: item for item in drawing.nodes()}
    assert {path: item.box for path, item in nodes.items()} == scene.boxes
    for path, item in nodes.items():
        assert item.pos() == QPointF(scene.boxes[path].x, scene.boxes[path].y)
        points = {s.name: (s.x(), s.y()) for s in (*item.inputs, *item.outputs)}
        assert points == socket_points(scene.boxes[path])
    assert {item.link.key: item.link for item in drawing.links()} == scene.links
    sockets = [it for item in nodes.values() for it in (*item.inputs, *item.outputs)]
    hung = [link for socket in sockets for link in socket.connected_pipes]
    assert len(hung) == 2 * len(scene.links)
    standing = [item for item in stage.view.scene().items() if hasattr(item, "region")]
    assert {item.region.path: item.region for item in standing} == scene.regions
    noted = {item.name: item for item in drawing.notes()}
    assert {name: item.note for name, item in noted.items()} == scene.notes
    assert all(item.scene() is stage.view.scene() for item in noted.values())


@settings(
    max_examples=SEQUENCES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.data())
def test_the_canvas_shows_the_document_after_any_edits(
    stage: Stage, catalogue: Catalogue, data: st.DataObject
) -> None:
    stage.bench.document.new()
    stage.show(nested_flow())
    stack = stage.bench.document.undo_stack
    for _ in range(data.draw(st.integers(1, 9))):
        if data.draw(st.integers(0, 9)) == 0:
            stack.setIndex(data.draw(st.integers(0, stack.count())))
        else:
            before = stage.bench.document.sheet
            after = random_edit(data.draw, before)
            if data.draw(st.booleans()):
                after = settled(before, after, catalogue, ())
            stage.bench.document.edit("Edit", after)
        stage.bench.document.check_now()
        check(stage, catalogue)
    stack.setIndex(0)
    stage.bench.document.check_now()
    check(stage, catalogue)
