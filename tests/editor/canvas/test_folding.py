"""Collapsed orchestrators are one node, and lose nothing of what they own."""

from PySide6.QtCore import QPoint

from agentflow_editor.document import edits
from editor.canvas.flows import chain, flow, loop, parallel, sequence
from editor.canvas.stage import Stage


def shown(stage: Stage) -> list[str]:
    return list(stage.drawing.scene.boxes)


def collapse(stage: Stage, *paths: str) -> None:
    stage.bench.selection.select(paths)
    stage.canvas.chosen.collapse()


def test_a_collapsed_orchestrator_is_one_node_that_tells_what_is_inside(stage: Stage) -> None:
    stage.show(flow("a", sequence("s", "b", loop("l", "c")), "d"))
    collapse(stage, "s")
    assert shown(stage) == ["", "a", "s", "d"]
    assert stage.drawing.scene.boxes["s"].subtitle == "3 steps inside"
    assert set(stage.drawing.scene.links) == {
        ("", "next", "a"),
        ("a", "next", "s"),
        ("s", "next", "d"),
    }
    assert stage.drawing.scene.regions == {}


def test_it_expands_again_and_each_is_a_step_back(stage: Stage) -> None:
    stage.show(flow(parallel("p", chain("b"), chain("c"))))
    before = stage.drawing.scene
    collapse(stage, "p")
    assert stage.bench.document.undo_stack.undoText() == "Collapse"
    collapse(stage, "p")
    assert stage.drawing.scene == before
    assert stage.bench.document.undo_stack.undoText() == "Expand"
    stage.undo()
    assert shown(stage) == ["", "p"]


def test_what_is_inside_moves_along(stage: Stage) -> None:
    stage.show(flow(sequence("s", "b", "c")))
    before = stage.bench.document.sheet.layout
    collapse(stage, "s")
    stage.drag(stage.at("s"), stage.at("s") + QPoint(0, 160))
    after = stage.bench.document.sheet.layout
    way = after["s"][1] - before["s"][1]
    assert way > 0
    assert {path: after[path][1] - before[path][1] for path in ("s/b", "s/c")} == {
        "s/b": way,
        "s/c": way,
    }


def test_it_stays_collapsed_through_edits_and_under_another_name(stage: Stage) -> None:
    stage.show(flow("a", sequence("s", "b")))
    collapse(stage, "s")
    stage.canvas.edit("Rename", lambda sheet: edits.rename(sheet, "s", "t"))
    stage.canvas.edit("Wrap", lambda sheet: wrapped(stage, sheet))
    assert shown(stage) == ["", "a", "loop", "loop/t"]
    stage.undo()
    stage.undo()
    assert shown(stage) == ["", "a", "s"]


def wrapped(stage: Stage, sheet):
    return edits.wrap(sheet, ["t"], "loop", catalogue=stage.bench.catalogue)


def test_a_step_inside_that_is_selected_elsewhere_is_gone_to(stage: Stage) -> None:
    stage.show(flow(sequence("s", loop("l", "b"))))
    collapse(stage, "s/l", "s")
    stage.bench.selection.select(("s/l/b",))
    assert shown(stage) == ["s/l", "s/l/b"]
    assert stage.drawing.selected_paths() == ("s/l/b",)
    assert stage.bench.document.undo_stack.undoText() == "Collapse"
    stage.canvas.diving.go_to("")
    assert shown(stage) == ["", "s"]


def test_what_follows_moves_up_to_it_and_makes_room_again(stage: Stage) -> None:
    stage.show(flow("a", sequence("s", "b", "c"), "d"))
    before = stage.bench.document.sheet.layout
    collapse(stage, "s")
    after = stage.bench.document.sheet.layout
    assert after["s"][0] < after["d"][0] < before["d"][0]
    assert after["a"][1] == after["s"][1] == after["d"][1]
    collapse(stage, "s")
    assert stage.bench.document.sheet.layout == before
    stage.canvas.edit("Move", lambda sheet: edits.place(sheet, {"d": (2000, 500)}))
    collapse(stage, "s")
    assert stage.bench.document.sheet.layout["d"] == (2000, 500)
