"""Structure is changed with a real mouse: offers, regions, links, slices, arrows, the minimap."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from agentflow.problem import Problem
from agentflow_editor.document.ports import IN, NEXT
from agentflow_editor.settings.preferences import Preferences
from editor.canvas.flows import chain, flow, loop, parallel, sequence
from editor.canvas.stage import Stage
from editor.canvas.test_mouse import drop, mime

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
ALT, SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier


def names(stage: Stage) -> list[str]:
    return [place.path for place in stage.flow.places()]


def menu(stage: Stage) -> QMenu:
    return next(it for it in stage.canvas.findChildren(QMenu) if it.isVisible())


def offered(stage: Stage) -> list[str]:
    return [action.text() for action in menu(stage).actions()]


def choose(stage: Stage, downs: int) -> None:
    shown = menu(stage)
    for _ in range(downs):
        QTest.keyClick(shown, Qt.Key.Key_Down)
    QTest.keyClick(shown, Qt.Key.Key_Return)


def test_a_second_link_offers_parallel_router_and_a_place_between(stage: Stage) -> None:
    stage.show(flow("a", "b", parked=(chain("c"),)))
    stage.drag(stage.at("a", NEXT), stage.at("|0/c"))
    assert offered(stage) == [
        "Run b and c in parallel",
        "Choose between b and c with a router",
        "Put c here, before b",
    ]
    choose(stage, 0)
    assert names(stage) == ["a", "parallel", "parallel/b", "parallel/c"]
    assert stage.bench.document.undo_stack.undoText() == "Run in Parallel"
    stage.undo()
    assert names(stage) == ["a", "b", "|0/c"]


def test_what_an_offer_would_do_is_shown_and_taken_back(stage: Stage) -> None:
    stage.show(flow("a", "b", parked=(chain("c"),)))
    before = stage.drawing.scene
    stage.drag(stage.at("a", NEXT), stage.at("|0/c"))
    QTest.keyClick(menu(stage), Qt.Key.Key_Down)
    assert "router/c" in stage.drawing.scene.boxes
    assert stage.drawing.node("router/c").opacity() < 1
    QTest.keyClick(menu(stage), Qt.Key.Key_Escape)
    assert stage.drawing.scene == before
    assert names(stage) == ["a", "b", "|0/c"]
    assert stage.bench.document.undo_stack.undoText() == "Begin"


def test_a_ghost_stays_while_problems_are_found_and_is_no_farther_than_what_it_showed(
    stage: Stage,
) -> None:
    stage.show(flow("a", "b", parked=(chain("c"),)))
    stage.bench.preferences.try_out(Preferences())  # what moves, glides
    stage.drag(stage.at("a", NEXT), stage.at("|0/c"))
    QTest.keyClick(menu(stage), Qt.Key.Key_Down)
    problem = Problem(severity="error", code="x", message="This is wrong.", path="a")
    stage.bench.document.problems_changed.emit((problem,))
    assert stage.drawing.node("router/c").opacity() < 1
    shown = {path: box.rect for path, box in stage.drawing.scene.boxes.items()}

    QTest.keyClick(menu(stage), Qt.Key.Key_Return)
    assert {path: box.rect for path, box in stage.drawing.shown.boxes.items()} == shown
    assert stage.drawing.scene.boxes["a"].severity == "error"


@pytest.mark.parametrize(
    ("downs", "seen"),
    [(0, "parallel"), (1, "router"), (2, None)],
    ids=["parallel", "router", "put"],
)
def test_each_offer_of_a_second_link_has_a_ghost_and_does_what_it_showed(
    stage: Stage, downs: int, seen: str | None
) -> None:
    stage.show(flow("a", "b", parked=(chain("c"),)))
    stage.drag(stage.at("a", NEXT), stage.at("|0/c"))
    for _ in range(downs):
        QTest.keyClick(menu(stage), Qt.Key.Key_Down)
    ghosts = {it.box.path for it in stage.drawing.nodes() if it.opacity() < 1}
    shown = stage.drawing.scene.boxes
    assert ghosts == ({seen, f"{seen}/b", f"{seen}/c"} if seen else {"c"})
    QTest.keyClick(menu(stage), Qt.Key.Key_Return)
    assert [(path, box.rect) for path, box in stage.drawing.scene.boxes.items()] == [
        (path, box.rect) for path, box in shown.items()
    ]
    assert all(it.opacity() == 1 for it in (*stage.drawing.nodes(), *stage.drawing.links()))


def test_a_link_back_offers_a_loop(stage: Stage) -> None:
    stage.show(flow("a", "b", "c"))
    stage.drag(stage.at("c", NEXT), stage.at("b"))
    assert offered(stage) == ["Repeat b … c in a loop"]
    assert {it.box.path for it in stage.drawing.nodes() if it.opacity() < 1} >= {"loop"}
    choose(stage, 0)
    assert names(stage) == ["a", "loop", "loop/b", "loop/c"]


def test_a_link_into_a_step_that_has_one_offers_to_move_it_or_use_it_again(stage: Stage) -> None:
    stage.show(flow(loop("l", "b"), "c", parked=(chain("d"),)))
    stage.drag(stage.at("|0/d", NEXT), stage.at("l/b"))
    assert offered(stage) == ["Move b here", "Use b again here"]
    choose(stage, 1)
    assert names(stage) == ["l", "l/b", "c", "|0/d", "|0/b"]


def test_a_link_that_means_one_thing_is_drawn_without_a_question(stage: Stage) -> None:
    stage.show(flow(parallel("p", chain("a")), parked=(chain("b"),)))
    stage.drag(stage.at("p", "branches"), stage.at("|0/b"))
    assert names(stage) == ["p", "p/a", "p/b"]


def far_below(stage: Stage) -> QPoint:
    return stage.at("s") + QPoint(60, 330)


def test_a_member_dragged_out_leaves_and_its_neighbours_close_up(stage: Stage) -> None:
    stage.show(flow(sequence("s", "a", "b", "c")))
    stage.press_and_move(stage.at("s/b"), far_below(stage))
    assert stage.messages[-1].startswith("Drop: leaves 's'")
    QTest.mouseRelease(stage.view.viewport(), LEFT, NONE, far_below(stage))
    assert names(stage) == ["s", "s/a", "s/c", "|0/b"]
    stage.undo()
    assert names(stage) == ["s", "s/a", "s/b", "s/c"]


def test_with_alt_held_a_member_only_moves(stage: Stage) -> None:
    stage.show(flow(sequence("s", "a", "b")))
    stage.drag(stage.at("s/b"), far_below(stage), ALT)
    assert names(stage) == ["s", "s/a", "s/b"]
    assert stage.bench.document.undo_stack.undoText() == "Move"


def test_a_member_dragged_to_the_orchestrator_around_its_own_joins_that(stage: Stage) -> None:
    stage.show(flow(sequence("s", loop("l", "a", "b"), "c")))
    stage.drag(stage.at("s/l/b"), stage.at("s/c") + QPoint(60, 0))
    assert names(stage) == ["s", "s/l", "s/l/a", "s/c", "s/b"]


def test_several_steps_dropped_on_a_region_join_it_in_their_order(stage: Stage) -> None:
    stage.show(flow(sequence("s", "a"), parked=(chain("b"), chain("c", "d"))))
    stage.bench.selection.select(("|0/b", "|1/c", "|1/d"))
    where = stage.at("s/a") + QPoint(60, 0)
    stage.press_and_move(stage.at("|0/b"), where)
    assert stage.messages[-1] == "Drop: becomes step 2 of 's'"
    QTest.mouseRelease(stage.view.viewport(), LEFT, NONE, where)
    assert names(stage) == ["s", "s/a", "s/b", "s/c", "s/d"]
    assert stage.bench.document.undo_stack.undoText() == "Move into Orchestrator"
    assert stage.bench.selection.paths == ("s/b", "s/c", "s/d")
    stage.undo()
    assert names(stage) == ["s", "s/a", "|0/b", "|1/c", "|1/d"]


def test_several_steps_dropped_beside_the_branches_get_one_each(stage: Stage) -> None:
    stage.show(flow(parallel("p", chain("a")), parked=(chain("b"), chain("c", "d"))))
    stage.bench.selection.select(("|0/b", "|1/c", "|1/d"))
    stage.drag(stage.at("|0/b"), stage.at("p", "branches") - QPoint(40, 0))
    branches = stage.flow.root.steps[0].chains
    assert [[it.name for it in branch.steps] for branch in branches] == [["a"], ["b"], ["c", "d"]]


def test_several_members_dragged_out_leave_and_the_chain_heals(stage: Stage) -> None:
    stage.show(flow(sequence("s", "a", "b", "c", "d")))
    stage.bench.selection.select(("s/b", "s/c"))
    stage.press_and_move(stage.at("s/b"), far_below(stage))
    assert stage.messages[-1].startswith("Drop: 2 steps leave 's'")
    QTest.mouseRelease(stage.view.viewport(), LEFT, NONE, far_below(stage))
    assert names(stage) == ["s", "s/a", "s/d", "|0/b", "|0/c"]
    stage.undo()
    assert names(stage) == ["s", "s/a", "s/b", "s/c", "s/d"]


@pytest.mark.parametrize(("modifiers", "key"), [(ALT, None), (NONE, Qt.Key.Key_Escape)])
def test_with_alt_several_only_move_and_escape_puts_them_back(stage: Stage, modifiers, key) -> None:
    stage.show(flow(sequence("s", "a", "b", "c")))
    before = stage.drawing.scene
    stage.bench.selection.select(("s/b", "s/c"))
    stage.press_and_move(stage.at("s/b"), far_below(stage), modifiers)
    if key is not None:
        QTest.keyClick(stage.view, key)
    QTest.mouseRelease(stage.view.viewport(), LEFT, modifiers, far_below(stage))
    assert names(stage) == ["s", "s/a", "s/b", "s/c"]
    assert (stage.drawing.scene == before) == (key is not None)
    assert stage.bench.document.undo_stack.undoText() == ("Move" if key is None else "Begin")


def test_several_steps_dropped_on_a_link_are_put_into_it(stage: Stage) -> None:
    stage.show(flow("a", "b", parked=(chain("c"), chain("d"))))
    stage.bench.selection.select(("|0/c", "|1/d"))
    where = between(stage, "a", "b")
    stage.press_and_move(stage.at("|0/c"), where)
    assert stage.messages[-1] == "Drop: 2 steps go between 'a' and 'b'"
    QTest.mouseRelease(stage.view.viewport(), LEFT, NONE, where)
    assert names(stage) == ["a", "c", "d", "b"]


def test_a_step_dragged_along_its_chain_changes_places(stage: Stage) -> None:
    stage.show(flow("a", "b", "c"))
    beyond = stage.at("c") + QPoint(60, 8)
    stage.press_and_move(stage.at("a"), beyond)
    assert stage.messages[-1] == "Drop: comes after 'c'; Alt only moves it"
    QTest.mouseRelease(stage.view.viewport(), LEFT, NONE, beyond)
    assert names(stage) == ["b", "c", "a"]
    assert stage.bench.document.undo_stack.undoText() == "Move Later"
    at = stage.bench.document.sheet.layout
    assert at["b"][0] < at["c"][0] < at["a"][0]
    stage.drag(stage.at("a"), stage.at("c") - QPoint(60, 0))
    assert names(stage) == ["b", "a", "c"]
    stage.undo()
    stage.undo()
    assert names(stage) == ["a", "b", "c"]
    stage.drag(stage.at("a"), beyond, ALT)
    assert names(stage) == ["a", "b", "c"]


def test_members_dragged_along_their_chain_change_places_together(stage: Stage) -> None:
    stage.show(flow(sequence("s", "a", "b", "c")))
    stage.bench.selection.select(("s/a", "s/b"))
    stage.drag(stage.at("s/b"), stage.at("s/c") + QPoint(50, 0))
    assert names(stage) == ["s", "s/c", "s/a", "s/b"]


def test_a_step_dragged_past_another_that_is_not_level_only_moves(stage: Stage) -> None:
    stage.show(flow("a", "b"))
    stage.drag(stage.at("a"), stage.at("b") + QPoint(80, 200))
    assert names(stage) == ["a", "b"]
    assert stage.bench.document.undo_stack.undoText() == "Move"


def between(stage: Stage, source: str, target: str) -> QPoint:
    return (stage.at(source, NEXT) + stage.at(target, IN)) / 2


def test_a_parked_step_dropped_on_a_link_is_put_into_it(stage: Stage) -> None:
    stage.show(flow("a", "b", parked=(chain("c"),)))
    where = between(stage, "a", "b")
    stage.press_and_move(stage.at("|0/c"), where)
    assert stage.messages[-1] == "Drop: goes between 'a' and 'b'"
    QTest.mouseRelease(stage.view.viewport(), LEFT, NONE, where)
    assert names(stage) == ["a", "c", "b"]
    assert stage.bench.document.undo_stack.undoText() == "Put into Link"


def test_a_slice_cuts_the_links_that_it_crosses(stage: Stage) -> None:
    stage.show(flow("a", "b", "c"))
    gap = between(stage, "a", "b")
    stage.press_and_move(gap - QPoint(0, 90), gap + QPoint(0, 90), ALT | SHIFT)
    assert stage.messages[-1] == "Let go: cuts 1 link"
    QTest.mouseRelease(stage.view.viewport(), LEFT, ALT | SHIFT, gap + QPoint(0, 90))
    assert names(stage) == ["a", "|0/b", "|0/c"]
    assert stage.bench.document.undo_stack.undoText() == "Cut Links"


@pytest.mark.parametrize("modifiers", [NONE, ALT | SHIFT])
def test_escape_gives_any_drag_up(stage: Stage, modifiers) -> None:
    stage.show(flow(sequence("s", "a", "b")))
    before = stage.drawing.scene
    begin = stage.at("s/b") if modifiers == NONE else stage.at("s") - QPoint(0, 120)
    stage.press_and_move(begin, far_below(stage), modifiers)
    QTest.keyClick(stage.view, Qt.Key.Key_Escape)
    QTest.mouseRelease(stage.view.viewport(), LEFT, NONE, far_below(stage))
    assert stage.drawing.scene == before
    assert stage.bench.document.undo_stack.undoText() == "Begin"


def test_arrows_go_along_links_and_between_branches(stage: Stage) -> None:
    stage.show(flow("a", parallel("p", chain("b"), chain("c"))))
    stage.bench.selection.select(("a",))

    def walk(way: str) -> str:
        stage.canvas.walking.go(way)
        return stage.bench.selection.paths[0]

    assert [walk(it) for it in ("right", "right", "down", "up", "left")] == [
        "p",
        "p/b",
        "p/c",
        "p/b",
        "p",
    ]
    assert [walk(it) for it in ("left", "left", "left")] == ["a", "", ""]


def test_a_click_on_the_minimap_goes_there(stage: Stage) -> None:
    stage.show(flow(*(f"step{number}" for number in range(40))))
    stage.canvas.looking.reset_zoom()
    minimap = stage.canvas.minimap
    assert stage.canvas.childAt(minimap.geometry().center()) is minimap
    QTest.mouseClick(minimap, LEFT, NONE, QPoint(minimap.width() - 14, minimap.height() // 2))
    seen = stage.view.mapToScene(stage.view.viewport().rect()).boundingRect()
    last = stage.drawing.scene.boxes["step39"]
    assert seen.contains(QPointF(*last.rect.middle))


def test_the_minimap_is_there_while_not_everything_is_seen(stage: Stage) -> None:
    stage.show(flow("a", "b"))
    stage.canvas.looking.frame_all()
    assert not stage.canvas.minimap.isVisible()
    stage.view.look_at(QPointF(3000, 3000), 1.0)
    assert stage.canvas.minimap.isVisible()
    stage.canvas.minimap.toggle()
    assert not stage.canvas.minimap.isVisible()


def test_letters_in_a_menu_of_offers_are_no_shortcuts(stage: Stage) -> None:
    stage.show(flow("a", "b", "c"))
    stage.drag(stage.at("c", NEXT), stage.at("b"))
    QTest.keyClick(menu(stage), Qt.Key.Key_D)
    assert stage.flow.agents["b"].enabled
    QTest.keyClick(menu(stage), Qt.Key.Key_Escape)


def test_a_step_dropped_from_the_palette_on_a_link_is_put_into_it(stage: Stage) -> None:
    stage.show(flow("a", "b"))
    drop(stage, mime(mode="loop"), between(stage, "a", "b"))
    assert names(stage) == ["a", "loop", "b"]
