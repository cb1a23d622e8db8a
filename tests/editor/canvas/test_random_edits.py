"""Whatever is edited, the canvas shows the document: no more, no less, and in the right place."""

from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, QPointF

from agentflow.catalogue import Catalogue
from agentflow_editor.canvas.scene import build_scene
from agentflow_editor.canvas.sockets import socket_points
from agentflow_editor.document import edits
from agentflow_editor.document.edits import EditError, Slot
from agentflow_editor.document.sheet import Sheet
from editor.canvas.flows import nested_flow
from editor.canvas.stage import Stage

Draw = st.DataObject
Change = Callable[[Draw, Sheet, Catalogue], Sheet]


def a_path(data: Draw, sheet: Sheet) -> str:
    paths = [place.path for place in sheet.flow.places()]
    return data.draw(st.sampled_from(paths)) if paths else "gone"


def a_link(data: Draw, sheet: Sheet, catalogue: Catalogue) -> tuple[str, str, str]:
    links = list(build_scene(sheet, catalogue).links)
    return data.draw(st.sampled_from(links)) if links else ("", "next", "gone")


def a_position(data: Draw) -> tuple[int, int]:
    return data.draw(st.tuples(st.integers(-900, 900), st.integers(-900, 900)))


def add(data: Draw, sheet: Sheet, catalogue: Catalogue) -> Sheet:
    mode = data.draw(st.sampled_from(sorted(catalogue.modes)))
    owner = data.draw(st.sampled_from(["", a_path(data, sheet)]))
    slot = data.draw(st.sampled_from([None, Slot(owner, 0, 0)]))
    at = a_position(data)
    return edits.add_orchestrator(sheet, mode, at, catalogue=catalogue, slot=slot)


def use(data: Draw, sheet: Sheet, catalogue: Catalogue) -> Sheet:
    agents = sorted(sheet.flow.agents)
    agent = data.draw(st.sampled_from(agents)) if agents else "gone"
    slot = data.draw(st.sampled_from([None, Slot(a_path(data, sheet), 0, 0), Slot("", 0, 1)]))
    return edits.add_use(sheet, agent, a_position(data), slot=slot)


def link(data: Draw, sheet: Sheet, catalogue: Catalogue) -> Sheet:
    source = a_path(data, sheet)
    own = build_scene(sheet, catalogue).boxes.get(source)
    ports = ["next", *(port.name for port in own.ports)] if own else ["next"]
    return edits.link(sheet, source, data.draw(st.sampled_from(ports)), a_path(data, sheet))


def unlink(data: Draw, sheet: Sheet, catalogue: Catalogue) -> Sheet:
    return edits.unlink(sheet, *a_link(data, sheet, catalogue))


def remove(data: Draw, sheet: Sheet, _: Catalogue) -> Sheet:
    return edits.remove(sheet, [a_path(data, sheet)])


def rename(data: Draw, sheet: Sheet, _: Catalogue) -> Sheet:
    return edits.rename(sheet, a_path(data, sheet), data.draw(st.sampled_from(["x", "y", "z"])))


def duplicate(data: Draw, sheet: Sheet, _: Catalogue) -> Sheet:
    return edits.duplicate(sheet, [a_path(data, sheet), a_path(data, sheet)])


def place(data: Draw, sheet: Sheet, _: Catalogue) -> Sheet:
    return edits.place(sheet, {a_path(data, sheet): a_position(data)})


def add_case(data: Draw, sheet: Sheet, _: Catalogue) -> Sheet:
    return edits.add_case(sheet, a_path(data, sheet))


CHANGES: tuple[Change, ...] = (
    *(add, use, link, link, unlink, remove, rename, duplicate, place, add_case),
)


def check(stage: Stage, catalogue: Catalogue) -> None:
    """Compare what stands on the canvas, item by item, with what the document says."""
    QCoreApplication.processEvents()  # problems are told soon after the edit, not within it
    document, drawing = stage.bench.document, stage.drawing
    scene = build_scene(document.sheet, catalogue, document.problems)
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


@settings(
    max_examples=40,
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
        change = data.draw(st.sampled_from([*CHANGES, None]))
        if change is None:
            stack.setIndex(data.draw(st.integers(0, stack.count())))
        else:
            try:
                sheet = change(data, stage.bench.document.sheet, catalogue)
            except EditError:
                continue
            stage.bench.document.edit(change.__name__, sheet)
        check(stage, catalogue)
    stack.setIndex(0)
    check(stage, catalogue)
