"""Links: what drawing, deleting and moving an arrow does to the tree."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentflow_editor.document import edits
from agentflow_editor.document.edits import EditError
from agentflow_editor.document.layout import completed
from editor.document.drawn import (
    CATALOGUE,
    by_name,
    chain,
    loop,
    parallel,
    paths,
    router,
    sequence,
    sheet,
)
from editor.document.random_edits import EDITS


def test_a_link_to_a_parked_step_puts_it_behind_its_source():
    drawn = sheet("a", "c", parked=(chain("b"),))

    linked = edits.link(drawn, "a", "next", "|0/b")

    assert paths(linked) == ["a", "b", "c"]
    assert by_name(linked) == by_name(drawn)


def test_a_link_to_the_head_of_a_parked_chain_brings_all_of_it():
    drawn = sheet("a", parked=(chain("x"), chain("b", "c"), chain("y")))

    linked = edits.link(drawn, "a", "next", "|1/b")

    assert paths(linked) == ["a", "b", "c", "|0/x", "|1/y"]
    assert by_name(linked) == by_name(drawn)


def test_a_link_to_a_later_step_brings_that_step_alone_and_the_rest_closes_up():
    linked = edits.link(sheet("a", "b", "c", "d"), "a", "next", "c")

    assert paths(linked) == ["a", "c", "b", "d"]


def test_a_link_from_the_start_makes_a_step_the_first():
    assert paths(edits.link(sheet("a", "b"), "", "next", "b")) == ["b", "a"]


def test_a_link_that_is_there_changes_nothing():
    drawn = sheet("a", parallel("p", chain("b"), chain("c")), router("r", chain("d", case="x")))

    assert edits.link(drawn, "", "next", "a") is drawn
    assert edits.link(drawn, "a", "next", "p") is drawn
    assert edits.link(drawn, "p", "branches", "p/c") is drawn
    assert edits.link(drawn, "r", "case 0", "r/d") is drawn


def test_a_link_at_branches_begins_a_new_branch():
    drawn = sheet(parallel("p", chain("a")), parked=(chain("b", "c"),))

    linked = edits.link(drawn, "p", "branches", "|0/b")

    assert [[it.name for it in own.steps] for own in linked.flow.root.steps[0].chains] == [
        ["a"],
        ["b", "c"],
    ]


def test_a_member_linked_at_branches_gets_a_branch_of_its_own():
    drawn = sheet(parallel("p", chain("a", "b")))

    linked = edits.link(drawn, "p", "branches", "p/b")

    assert [len(own.steps) for own in linked.flow.root.steps[0].chains] == [1, 1]


@pytest.mark.parametrize(
    ("owner", "port"), [(sequence("o", "a"), "steps"), (loop("o", "a"), "body")]
)
def test_a_link_at_the_port_of_one_chain_goes_before_what_is_there(owner, port):
    linked = edits.link(sheet(owner, parked=(chain("b"),)), "o", port, "|0/b")

    assert paths(linked) == ["o", "o/b", "o/a"]


def test_a_link_at_a_case_joins_that_case():
    drawn = sheet(router("r", chain(case="x"), chain("a", case="y")), parked=(chain("b"),))

    linked = edits.link(drawn, "r", "case 0", "|0/b")

    assert [own.case.name for own in linked.flow.root.steps[0].chains] == ["x", "y"]
    assert paths(linked) == ["r", "r/b", "r/a"]


def test_a_link_at_default_makes_the_default_chain():
    linked = edits.link(
        sheet(router("r", chain("a", case="x")), parked=(chain("b"),)), "r", "default", "|0/b"
    )

    assert linked.flow.root.steps[0].chains[1] == chain("b")


def test_positions_follow_when_a_second_use_gets_another_number():
    drawn = sheet(parallel("p", chain("w"), chain("a")), parked=(chain("w"),))
    parked_at = drawn.layout["|0/w"]

    linked = edits.link(drawn, "p", "branches", "|0/w")
    swapped = edits.move_chain(linked, "p", 2, 0)

    assert linked.layout["p/w~2"] == parked_at
    assert swapped.layout["p/w"] == parked_at


def test_a_branch_that_is_moved_away_leaves_no_empty_one():
    linked = edits.link(sheet("s", parallel("p", chain("a"), chain("b"))), "p", "next", "p/a")

    assert paths(linked) == ["s", "p", "p/b", "a"]
    assert len(linked.flow.root.steps[1].chains) == 1


@pytest.mark.parametrize(
    ("source", "port", "target", "told"),
    [
        ("a", "next", "a", "put it into a loop"),
        ("b", "next", "a", "put them into a loop"),
        ("p/c", "next", "p", "draw a link from 'p'"),
        ("p/c", "next", "a", "put them into a loop"),
        ("p", "branches", "a", "put them into a loop"),
        ("p", "branches", "p", "put it into a loop"),
        ("a", "body", "p", "it has no port 'body'"),
        ("gone", "next", "a", "there is no such step"),
    ],
)
def test_a_link_that_no_tree_can_hold_is_refused_with_what_to_do(source, port, target, told):
    drawn = sheet("a", "b", parallel("p", chain("c")))

    with pytest.raises(EditError, match=told):
        edits.link(drawn, source, port, target)


def test_deleting_a_link_parks_all_that_follows():
    drawn = sheet("a", "b", parallel("p", chain("c")))

    cut = edits.unlink(drawn, "a", "next", "b")

    assert paths(cut) == ["a", "|0/b", "|0/p", "|0/p/c"]
    assert by_name(cut) == by_name(drawn)


def test_deleting_the_link_of_a_case_leaves_the_case_and_that_of_the_default_no_default():
    drawn = sheet(router("r", chain("a", case="x"), chain("b")))

    without_case = edits.unlink(drawn, "r", "case 0", "r/a")
    without_default = edits.unlink(drawn, "r", "default", "r/b")

    assert without_case.flow.root.steps[0].chains == (chain(case="x"), chain("b"))
    assert without_default.flow.root.steps[0].chains == (chain("a", case="x"),)


def test_a_default_that_lets_the_flow_go_on_stays_what_it_is_while_the_rest_is_edited():
    drawn = sheet("z", router("r", chain("a", case="x"), chain()))

    edited = edits.duplicate(edits.remove(drawn, ["z", "r/a"]), ["r"])

    assert edited.flow.root.steps[0].chains == (chain(case="x"), chain())
    assert edited.flow.parked[0].steps[0].chains == (chain(case="x"), chain())


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_no_edit_but_its_removal_takes_away_a_default_that_lets_the_flow_go_on(data):
    steps = "a", loop("l", "b"), router("r", chain("c", case="x"), chain()), "d"
    drawn = completed(sheet(*steps, parked=(chain("e"),)), CATALOGUE)
    edit = data.draw(st.sampled_from([it for it in EDITS if "remove_case" not in it.__name__]))
    try:
        after = edit(data.draw, drawn)
    except EditError:
        return

    steps_left = [it.step for it in after.flow.places() if it.step.name == "r"]
    routers = [it for it in steps_left if getattr(it, "mode", "") == "route"]
    assert all(any(chain.case is None for chain in it.chains) for it in routers)


def test_a_link_from_a_default_that_went_on_leads_to_the_step():
    drawn = sheet(router("r", chain("a", case="x"), chain()), parked=(chain("b"),))

    linked = edits.link(drawn, "r", "default", "|0/b")

    assert linked.flow.root.steps[0].chains == (chain("a", case="x"), chain("b"))


def test_deleting_a_link_that_is_not_there_is_refused():
    drawn = sheet("a", "b", parked=(chain("c"),))

    for source, target in [("", "b"), ("b", "a"), ("", "|0/c")]:
        with pytest.raises(EditError, match="no such link"):
            edits.unlink(drawn, source, "next", target)


def test_links_that_were_drawn_can_be_deleted_again():
    drawn = sheet("a", parked=(chain("b", "c"),))

    assert edits.unlink(edits.link(drawn, "a", "next", "|0/b"), "a", "next", "b") == drawn


def test_moving_the_begin_of_a_link_takes_along_what_follows():
    drawn = sheet("a", "b", "c", parked=(chain("x"),))

    moved = edits.relink(drawn, ("a", "next", "b"), ("|0/x", "next", "b"))

    assert paths(moved) == ["a", "|0/x", "|0/b", "|0/c"]


def test_moving_the_end_of_a_link_parks_what_it_led_to():
    drawn = sheet("a", "b", "c", parked=(chain("x"),))

    moved = edits.relink(drawn, ("a", "next", "b"), ("a", "next", "|0/x"))

    assert paths(moved) == ["a", "x", "|0/b", "|0/c"]


def test_moving_a_link_into_a_circle_is_refused():
    with pytest.raises(EditError, match="loop"):
        edits.relink(sheet("a", "b", "c"), ("a", "next", "b"), ("c", "next", "b"))


def test_every_refusal_leaves_the_sheet_as_it_was():
    drawn = sheet("a", parallel("p", chain("b")))
    twin = sheet("a", parallel("p", chain("b")))

    with pytest.raises(EditError):
        edits.link(drawn, "p/b", "next", "a")

    assert drawn == twin
