"""Steps: placing, moving, removing and copying."""

import pytest

from agentflow_editor.document import edits
from agentflow_editor.document.edits import EditError, Slot
from agentflow_editor.document.layout import completed
from agentflow_editor.document.node_size import box_size
from agentflow_editor.document.sheet import Layout, Sheet
from editor.document.drawn import CATALOGUE, by_name, chain, loop, parallel, paths, router, sheet


def test_placing_moves_nodes_and_nothing_else():
    drawn = sheet("a", "b")

    placed = edits.place(drawn, {"a": (10, 20), "": (5, 5), "gone": (1, 1)})

    assert placed.flow is drawn.flow
    assert placed.layout == {"": (5, 5), "a": (10, 20), "b": (2, 0)}


def test_placing_where_it_stands_is_no_change():
    drawn = sheet("a")

    assert edits.place(drawn, {"a": drawn.layout["a"]}) is drawn


@pytest.mark.parametrize(("index", "order"), [(0, "bac"), (1, "abc"), (2, "abc"), (3, "acb")])
def test_a_slot_is_counted_with_the_moved_step_still_in_it(index, order):
    assert paths(edits.move_steps(sheet("a", "b", "c"), ["b"], Slot("", 0, index))) == list(order)


def test_a_step_moves_into_an_orchestrator_and_keeps_its_position():
    drawn = sheet("a", parallel("p", chain("b")), "c")

    moved = edits.move_steps(drawn, ["c"], Slot("p", 1, 0))

    assert paths(moved) == ["a", "p", "p/b", "p/c"]
    assert by_name(moved) == by_name(drawn)


def test_a_step_moves_into_a_parked_chain():
    moved = edits.move_steps(sheet("a", "b", parked=(chain("c"),)), ["a"], Slot("|0", 0, 1))

    assert paths(moved) == ["b", "|0/c", "|0/a"]


@pytest.mark.parametrize("slot", [Slot("p", 0, 0), Slot("p/l", 0, 0)])
def test_a_step_cannot_move_into_itself(slot):
    with pytest.raises(EditError, match="inside itself"):
        edits.move_steps(sheet(parallel("p", chain(loop("l", "a")))), ["p"], slot)


@pytest.mark.parametrize("slot", [Slot("|7"), Slot("|x"), Slot("gone"), Slot("a"), Slot("p", 9)])
def test_a_slot_that_is_not_there_is_refused(slot):
    with pytest.raises(EditError):
        edits.move_steps(sheet("a", parallel("p", chain("b"))), ["p/b"], slot)


def test_removing_a_step_lets_its_neighbours_close_up():
    removed = edits.remove(sheet("a", "b", "c"), ["b"])

    assert paths(removed) == ["a", "c"]
    assert set(removed.layout) == {"", "a", "c"}


def test_removing_an_orchestrator_removes_its_members():
    removed = edits.remove(sheet("a", parallel("p", chain(loop("l", "b")))), ["p/l", "p", "p"])

    assert paths(removed) == ["a"]
    assert set(removed.flow.agents) == {"a"}


def test_an_agent_is_gone_with_the_last_step_that_used_it():
    drawn = sheet("a", "b", "a")

    once = edits.remove(drawn, ["a~2"])
    twice = edits.remove(once, ["a"])

    assert set(once.flow.agents) == {"a", "b"}
    assert set(twice.flow.agents) == {"b"}


def test_an_agent_that_nobody_used_before_stays():
    drawn = edits.define_agent(sheet("a"), "spare", "scripted", catalogue=CATALOGUE)

    assert "spare" in edits.remove(drawn, ["a"]).flow.agents


def test_removing_the_only_step_of_a_branch_removes_the_branch_but_never_a_case():
    drawn = sheet(parallel("p", chain("a"), chain("b")), router("r", chain("c", case="x")))

    removed = edits.remove(drawn, ["p/a", "r/c"])

    assert len(removed.flow.root.steps[0].chains) == 1
    assert removed.flow.root.steps[1].chains == (chain(case="x"),)


def test_steps_and_links_are_deleted_as_they_stand_together():
    drawn = sheet("a", "b", "c", "d", "e")

    deleted = edits.delete(drawn, ["e"], [("a", "next", "b"), ("b", "next", "c")])

    assert paths(deleted) == ["a", "|0/b", "|1/c", "|1/d"]


def test_a_copy_is_parked_beside_its_original_and_has_an_agent_of_its_own():
    drawn = edits.set_agent(sheet("a", "b"), "a", "description", "first")

    copied = edits.duplicate(drawn, ["a"])

    assert paths(copied) == ["a", "b", "|0/a-2"]
    assert copied.flow.agents["a-2"].description == "first"
    assert copied.layout["|0/a-2"] == (41, 140)


def test_copied_steps_that_follow_one_another_stay_a_chain():
    copied = edits.duplicate(sheet("a", "b", "c", "d"), ["b", "d", "a"])

    assert paths(copied)[4:] == ["|0/a-2", "|0/b-2", "|1/d-2"]


def test_a_copied_orchestrator_brings_copies_of_all_that_it_owns():
    drawn = sheet(parallel("p", chain("a"), chain("a", loop("l", "b"))))

    copied = edits.duplicate(drawn, ["p", "p/a"])

    assert paths(copied)[5:] == [
        "|0/p-2",
        "|0/p-2/a-2",
        "|0/p-2/a-2~2",
        "|0/p-2/l-2",
        "|0/p-2/l-2/b-2",
    ]
    assert set(copied.layout) == {"", *paths(copied)}


def test_a_copied_orchestrator_stands_clear_of_its_original():
    flow = sheet(parallel("p", chain("a"), chain("b"), chain("c"))).flow
    drawn = completed(Sheet(flow, Layout()), CATALOGUE)

    copied = edits.duplicate(drawn, ["p"])

    ends = [drawn.layout[it.path][1] + box_size(it.step, CATALOGUE)[1] for it in flow.places()]
    assert copied.layout["|0/p-2"][1] >= max(ends)


def test_copying_a_step_whose_agent_nobody_defined_uses_the_same_name():
    drawn = sheet("a")
    undefined = Sheet(drawn.flow.model_copy(update={"agents": {}}), drawn.layout)

    copied = edits.duplicate(undefined, ["a"])

    assert paths(copied) == ["a", "|0/a"]
    assert copied.flow.agents == {}


def test_what_an_edit_made_can_be_told():
    drawn = sheet(parallel("p", chain("w")))

    added = edits.add_use(drawn, "w", (70, 70), slot=Slot("p", 0, 0))

    assert paths(added) == ["p", "p/w", "p/w~2"]
    assert edits.new_paths(drawn, added) == ("p/w",)


def test_steps_are_followed_through_moves_names_and_removals():
    drawn = sheet("a", "b", parallel("p", chain("c"), chain("d")))

    after = edits.remove(edits.rename(edits.unlink(drawn, "b", "next", "p"), "b", "x"), ["|0/p/c"])

    assert edits.followed(drawn, after) == {
        "": "",
        "a": "a",
        "b": "x",
        "p": "|0/p",
        "p/d": "|0/p/d",
    }


def test_steps_are_followed_by_their_path_when_all_of_them_are_placed_anew():
    drawn = sheet("a", "b")

    assert edits.followed(drawn, edits.place(drawn, {"a": (90, 90)}))["a"] == "a"
