"""Draws the editor's graph with what it is compared with: bare Qt, and NodeGraphQt as it comes."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from editor_clock import frames
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QTransform
from PySide6.QtWidgets import QApplication, QGraphicsItem, QGraphicsScene, QGraphicsView

from agentflow.catalogue import Catalogue
from agentflow.flow.load import load
from agentflow_editor.canvas.drafting import build_scene
from agentflow_editor.canvas.scene import Scene
from agentflow_editor.document.sheet import Sheet

WIDTH, HEIGHT = 1382, 732
"""The canvas's size in the editor's window."""


def drawn(flow: Path) -> Scene:
    """What the editor draws for a file."""
    catalogue = Catalogue.installed()
    file = load(flow, catalogue)
    return build_scene(Sheet.of(file), catalogue)


def bare(scene: Scene) -> dict[str, Any]:
    """Rectangles, texts and lines, painted by Qt alone: the floor."""
    app = QApplication([])
    begun = time.thread_time()
    canvas, items = QGraphicsScene(), {}
    for box in scene.boxes.values():
        items[box.path] = canvas.addRect(QRectF(0, 0, box.width, box.height))
        items[box.path].setPos(box.x, box.y)
        canvas.addSimpleText(box.title).setParentItem(items[box.path])
    for link in scene.links.values():
        one, other = scene.boxes[link.source], scene.boxes[link.target]
        path = QPainterPath(QPointF(one.rect.right, one.y + 28))
        path.cubicTo(one.rect.right + 60, one.y + 28, other.x - 60, other.y + 28, other.x, other.y)
        canvas.addPath(path)
    view = QGraphicsView(canvas)
    view.setRenderHint(QPainter.RenderHint.Antialiasing)
    view.setSceneRect(QRectF(-4e6, -4e6, 8e6, 8e6))
    for show in (
        view.setHorizontalScrollBarPolicy,
        view.setVerticalScrollBarPolicy,
    ):
        show(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.resize(WIDTH, HEIGHT)
    view.show()

    def pan(_: int) -> None:
        view.horizontalScrollBar().setValue(view.horizontalScrollBar().value() + 9)

    def zoom(number: int) -> None:
        view.scale(*[1.01 ** (1 - number % 3)] * 2)

    def look(at_zoom: float) -> None:
        view.setTransform(QTransform.fromScale(at_zoom, at_zoom))
        view.centerOn(canvas.itemsBoundingRect().center())

    node = items["fetch1"]
    look(0.08)
    app.processEvents()
    opened = (time.thread_time() - begun) * 1000
    return {"open": opened, **_frames(app, look, pan, zoom, node, lambda: view.centerOn(node))}


def _frames(
    app: Any,
    look: Callable[[float], None],
    pan: Callable[[int], None],
    zoom: Callable[[int], None],
    node: QGraphicsItem,
    find: Callable[[], None],
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, at_zoom in (("overview", 0.08), ("close", 1.0)):
        look(at_zoom)
        found[f"{name} pan"] = frames(app, pan, 12)
        look(at_zoom)
        found[f"{name} zoom"] = frames(app, zoom, 12)
    look(1.0)
    find()
    found["drag"] = frames(app, lambda it: node.setPos(node.pos() + QPointF(9, 5)), 12)
    return found


def stock(scene: Scene) -> dict[str, Any]:
    """NodeGraphQt with its own items."""
    # It is heavy, and the other reference does without.
    from NodeGraphQt import BaseNode, NodeGraph  # noqa: PLC0415

    class Step(BaseNode):
        __identifier__, NODE_NAME = "bench", "Step"

    app = QApplication([])
    begun = time.thread_time()
    graph = NodeGraph()
    nodes: dict[str, BaseNode] = {}
    for box in scene.boxes.values():
        node = nodes[box.path] = Step()
        node.add_input("in", multi_input=True)
        for name in ("next", *(port.name for port in box.ports)):
            node.add_output(name)
        node.set_name(box.path)
        graph.add_node(node, pos=[box.x, box.y], selected=False, push_undo=False)
    for source, port, target in scene.links:
        begin, end = nodes[source].get_output(port), nodes[target].get_input("in")
        begin.connect_to(end, push_undo=False)
    viewer = graph.viewer()
    viewer.resize(WIDTH, HEIGHT)
    graph.widget.resize(WIDTH, HEIGHT)
    graph.widget.show()
    app.processEvents()
    opened = (time.thread_time() - begun) * 1000

    def look(at_zoom: float) -> None:
        centre = viewer.scene().itemsBoundingRect().center() if at_zoom < 1 else QPointF(900, 300)
        size = QPointF(WIDTH, HEIGHT) / at_zoom
        viewer._scene_range = QRectF(centre - size / 2, centre + size / 2)
        viewer._update_scene()

    def zoom(number: int) -> None:
        viewer._set_viewer_zoom(0.1 * (1 - number % 3), 0.0)

    item = nodes["fetch1"].view
    found = _frames(
        app, look, lambda _: viewer._set_viewer_pan(9, 0), zoom, item, lambda: viewer.centerOn(item)
    )
    return {"open": opened, **found}


if __name__ == "__main__":
    print(json.dumps({"bare": bare, "stock": stock}[sys.argv[1]](drawn(Path(sys.argv[2])))))
