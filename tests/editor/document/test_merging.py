"""Two people's changes of one flow: told in its words, brought together, chosen where both did."""

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from agentflow.flow.check import check
from agentflow.flow.flow import Orchestrator
from agentflow.flow.load import parse
from agentflow.flow.render import render
from agentflow_editor.document import edits
from agentflow_editor.document.flow_changes import changes
from agentflow_editor.document.merging import STEPS, merged
from agentflow_editor.document.sheet import Sheet
from editor.benches import STAGES
from editor.document.drawn import CATALOGUE, paths
from editor.document.random_edits import random_edit
from engine.flows import flows

BASE = Sheet.of(parse(STAGES, CATALOGUE))


def of(text: str) -> Sheet:
    return Sheet.of(parse(text, CATALOGUE))


def with_text(old: str, new: str, text: str = STAGES) -> str:
    assert text.count(old) == 1
    return text.replace(old, new)


PARALLEL = """\
[[orchestration.mixed.stages]]
name = "both"
mode = "collaborative"
agents = ["first", "writer"]

"""
PROMPTED = with_text('description = "Writes it down."', 'system_prompt = """\nOne\nTwo"""')


# In words


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            'description = "Writes it down."',
            'description = "Writes."',
            'agent `writer`: description "Writes it down." → "Writes."',
        ),
        (
            'description = "Writes it down."',
            'timeout = "5s"',
            'agent `writer`: timeout nothing → "5s"',
        ),
        (
            'description = "Writes it down."',
            'system_prompt = """\nOne\nTwo"""',
            "agent `writer`: prompt changed",
        ),
        ('check = "after"', "max_iterations = 9", "loop `refine`: max iterations 5 → 9"),
        (
            'condition = "score >= 3.0"',
            'condition = "score >= 4.0"',
            'loop `refine`: condition "score >= 3.0" → "score >= 4.0"',
        ),
        (
            'when = "score > 2.0"',
            'when = "score > 1.0"',
            'case `good` in `deliver`: when "score > 2.0" → "score > 1.0"',
        ),
        (
            'agents = ["critic"]',
            'agents = ["critic", "writer"]',
            "step `writer` added after `critic` in `refine`",
        ),
        ('default = ["first"]', "default = []", "step `first` removed in `deliver`"),
        ('name = "stages"', 'name = "steps"', 'flow: name "stages" → "steps"'),
        ('mode = "mixed"', 'mode = "mixed"\ntimeout = "2m"', 'flow: timeout nothing → "2m"'),
        (
            '[[orchestration.mixed.stages]]\nname = "refine"',
            PARALLEL + '[[orchestration.mixed.stages]]\nname = "refine"',
            "parallel step `both` added after `first`",
        ),
        (
            "[agents.writer]",
            '[agents.editor]\ntype = "scripted"\n\n[agents.writer]',
            "agent `editor` added",
        ),
    ],
)
def test_a_change_is_told_in_the_words_of_the_flow(old, new, told):
    assert told in [it.text for it in changes(BASE, of(with_text(old, new)))]


def test_long_texts_are_told_beside_the_words():
    (change,) = [
        it for it in changes(of(PROMPTED), of(PROMPTED.replace("Two", "Three" * 20))) if it.text
    ]

    assert change.text == "agent `writer`: prompt changed"
    assert "Two" in change.before
    assert "ThreeThree" in change.after


def test_a_new_name_is_told_as_one_and_not_as_one_gone_and_one_come():
    told = [it.text for it in changes(BASE, edits.rename_agent(BASE, "writer", "author"))]

    assert told == ["agent `writer` renamed to `author`"]


def test_only_the_new_name_is_told_of_an_agent_that_is_a_fallback_too():
    drawn = edits.set_agent(BASE, "critic", "fallback", "writer")
    told = [it.text for it in changes(drawn, edits.rename_agent(drawn, "writer", "author"))]

    assert told == ["agent `writer` renamed to `author`"]


def test_orchestrators_in_each_other_that_got_new_names_are_told_so():
    drawn = edits.wrap(BASE, ["refine"], "sequential", catalogue=CATALOGUE)
    after = edits.rename(edits.rename(drawn, "sequence", "outer"), "outer/refine", "inner")
    after = edits.rename_agent(after, "critic", "judge")

    assert sorted(it.text for it in changes(drawn, after)) == [
        "agent `critic` renamed to `judge`",
        "loop `refine` renamed to `inner`",
        "sequence `sequence` renamed to `outer`",
    ]


TWINS = """\
[orchestration]
mode = "sequential"

[orchestration.sequential]
agents = ["one", "two"]

[agents.one]
type = "scripted"

[agents.two]
type = "scripted"
"""


def test_no_new_name_is_guessed_where_two_agents_could_have_it():
    after = of(TWINS.replace("one", "eins").replace("two", "zwei"))

    told = [it.text for it in changes(of(TWINS), after)]

    assert "agent `eins` added" in told
    assert "agent `two` removed" in told
    assert not any("renamed" in it for it in told)


def test_an_agent_like_one_that_is_gone_from_elsewhere_is_another_one():
    before = of(with_text('agents = ["critic"]', 'agents = ["critic", "helper"]') + HELPER)
    after = of(
        with_text('default = ["first"]', 'default = ["first", "aide"]')
        + HELPER.replace("helper", "aide")
    )

    told = [it.text for it in changes(before, after)]

    assert "agent `helper` removed" in told
    assert "agent `aide` added" in told


HELPER = '\n[agents.helper]\ntype = "scripted"\n'


def test_another_order_is_told():
    stages = STAGES.split("[[orchestration.mixed.stages]]\n")
    turned = "[[orchestration.mixed.stages]]\n".join([stages[0], stages[2], stages[1], *stages[3:]])

    assert any("moved" in it.text for it in changes(BASE, of(turned)))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_something_is_told_whenever_a_flow_is_another(data):
    base = Sheet(data.draw(flows(max_steps=8)))
    after = random_edit(data.draw, base)

    assert changes(base, base) == []
    if _told_apart(base, after):
        assert changes(base, after) != []


def _told_apart(one: Sheet, other: Sheet) -> bool:
    """Whether two sheets are saved as different flows, whatever the order of their agents."""
    return one.flow.model_copy(update={"agents": {}}) != other.flow.model_copy(
        update={"agents": {}}
    ) or dict(one.flow.agents) != dict(other.flow.agents)


# Together


def test_what_only_one_has_changed_is_taken_from_them_down_to_the_setting():
    mine = with_text('check = "after"', 'check = "after"\nmax_iterations = 9')
    mine = with_text("[agents.writer]", '[agents.writer]\nrole = "author"', mine)
    theirs = with_text("Writes it down.", "Theirs.")
    theirs = with_text('condition = "score >= 3.0"', 'condition = "score >= 4.0"', theirs)

    merge = merged(BASE, of(mine), of(theirs))

    assert merge.conflicts == ()
    writer = merge.sheet.flow.agents["writer"]
    assert (writer.role, writer.description) == ("author", "Theirs.")
    refine = merge.sheet.flow.at("refine")
    assert isinstance(refine, Orchestrator)
    assert refine.settings.max_iterations == 9
    assert refine.settings.condition == "score >= 4.0"


def test_steps_that_both_have_added_in_different_places_are_all_there():
    mine = with_text('agents = ["critic"]', 'agents = ["first", "critic"]')
    theirs = with_text('agents = ["critic"]', 'agents = ["critic", "writer"]')

    merge = merged(BASE, of(mine), of(theirs))

    assert merge.conflicts == ()
    assert [it for it in paths(merge.sheet) if it.startswith("refine/")] == [
        "refine/first",
        "refine/critic",
        "refine/writer",
    ]


@pytest.mark.parametrize(("side", "kept"), [("mine", "Mine."), ("theirs", "Theirs.")])
def test_what_both_have_changed_is_for_a_person_to_choose(side, kept):
    mine, theirs = (of(with_text("Writes it down.", it)) for it in ("Mine.", "Theirs."))

    (conflict,) = merged(BASE, mine, theirs).conflicts
    assert (conflict.where, conflict.mine, conflict.theirs) == (
        "agent `writer`: description",
        "Mine.",
        "Theirs.",
    )
    chosen = merged(BASE, mine, theirs, {conflict.where: side}).sheet
    assert chosen.flow.agents["writer"].description == kept


def test_what_one_has_removed_and_the_other_changed_is_for_a_person_to_choose():
    mine = edits.delete(BASE, ["deliver"], [])
    theirs = of(with_text("Writes it down.", "Theirs."))

    merge = merged(BASE, mine, theirs)

    assert [it.where for it in merge.conflicts] == ["agent `writer`"]
    assert "writer" not in merge.sheet.flow.agents
    again = merged(BASE, mine, theirs, {"agent `writer`": "theirs"}).sheet
    assert again.flow.agents["writer"].description == "Theirs."


def test_orders_that_do_not_go_together_are_chosen_as_a_whole():
    mine = edits.dissolve(BASE, ["refine"])
    theirs = of(with_text('agents = ["critic"]', 'agents = ["critic", "writer"]'))

    (conflict,) = merged(BASE, mine, theirs).conflicts
    assert conflict.where == STEPS
    assert paths(merged(BASE, mine, theirs).sheet) == paths(mine)
    assert paths(merged(BASE, mine, theirs, {STEPS: "theirs"}).sheet) == paths(theirs)


RENAMED = of(STAGES.replace("writer", "author"))


def test_what_one_has_renamed_and_the_other_changed_is_both():
    theirs = of(with_text("Writes it down.", "Theirs."))
    theirs = edits.rename(theirs, "refine", "improve")

    for mine, other in ((RENAMED, theirs), (theirs, RENAMED)):
        merge = merged(BASE, mine, other)
        assert merge.conflicts == ()
        assert "writer" not in merge.sheet.flow.agents
        assert merge.sheet.flow.agents["author"].description == "Theirs."
        assert "deliver/author" in paths(merge.sheet)
        assert "improve/critic" in paths(merge.sheet)


def test_what_one_has_renamed_is_so_called_where_the_other_uses_it_anew():
    mine = of(with_text('agents = ["critic"]', 'agents = ["critic", "writer"]'))

    merge = merged(BASE, mine, RENAMED)

    assert merge.conflicts == ()
    assert "refine/author" in paths(merge.sheet)
    assert {"author", "critic", "first"} == set(merge.sheet.flow.agents)


@pytest.mark.parametrize(("side", "name"), [("mine", "author"), ("theirs", "poet")])
def test_of_two_new_names_a_person_chooses_one(side, name):
    theirs = of(STAGES.replace("writer", "poet"))

    (conflict,) = merged(BASE, RENAMED, theirs).conflicts
    assert (conflict.where, conflict.mine, conflict.theirs) == (
        "agent `writer`: name",
        "author",
        "poet",
    )
    chosen = merged(BASE, RENAMED, theirs, {conflict.where: side}).sheet
    assert set(chosen.flow.agents) == {"first", "critic", name}
    assert f"deliver/{name}" in paths(chosen)


def test_a_new_name_that_the_other_has_given_to_something_else_is_no_rename():
    mine = of(STAGES + '\n[agents.author]\ntype = "scripted"\nrole = "mine"\n')

    merge = merged(BASE, mine, RENAMED)

    assert merge.sheet.flow.agents["author"].role == "mine"
    assert [it.where for it in merge.conflicts] == ["agent `author`"]


def test_what_both_have_added_under_one_name_is_for_a_person_to_choose():
    mine, theirs = (
        of(f'{STAGES}\n[agents.aide]\ntype = "scripted"\nrole = "{role}"\n')
        for role in ("mine", "theirs")
    )

    merge = merged(BASE, mine, theirs)

    assert [it.where for it in merge.conflicts] == ["agent `aide`"]
    assert merge.sheet.flow.agents["aide"].role == "mine"
    assert merged(BASE, mine, mine).conflicts == ()


def test_what_one_has_renamed_and_the_other_removed_stays_under_its_new_name():
    mine = edits.delete(BASE, ["deliver/writer"], [])

    flow = merged(BASE, mine, RENAMED).sheet.flow

    assert "writer" not in flow.agents
    assert "author" in flow.agents


def test_positions_go_with_the_new_name():
    base = of(STAGES + '\n[editor.nodes]\n"first" = [0, 0]\n"deliver/writer" = [100, 0]\n')
    mine = edits.place(base, {"deliver/writer": (500, 500)})
    theirs = edits.rename_agent(base, "writer", "author")

    assert merged(base, mine, theirs).sheet.layout["deliver/author"] == (500, 500)


def test_what_stands_where_is_mine_where_i_moved_it():
    base = of(
        STAGES + '\n[editor.nodes]\n"first" = [0, 0]\n"refine" = [100, 0]\n"deliver" = [200, 0]\n'
    )
    mine = edits.place(base, {"first": (5, 5)})
    theirs = edits.place(base, {"refine": (7, 7), "first": (9, 9)})

    layout = merged(base, mine, theirs).sheet.layout

    assert (layout["first"], layout["refine"], layout["deliver"]) == ((5, 5), (7, 7), (200, 0))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_two_changes_give_a_flow_that_can_be_saved(data):
    base = Sheet(data.draw(flows(max_steps=8)))
    mine, theirs = base, base
    for _ in range(data.draw(st.integers(0, 3))):
        mine = random_edit(data.draw, mine)
    for _ in range(data.draw(st.integers(0, 3))):
        theirs = random_edit(data.draw, theirs)

    assert merged(base, mine, base).sheet.flow == mine.flow
    assert merged(base, base, theirs).sheet.flow == theirs.flow
    assert merged(base, mine, mine).sheet.flow == mine.flow
    merge = merged(base, mine, theirs)
    flow = merge.sheet.flow
    check(flow, CATALOGUE)
    text = render(None, flow, {}, CATALOGUE).text
    assert parse(text, CATALOGUE).flow == flow
    choices = {it.where: "theirs" for it in merge.conflicts}
    other = merged(base, mine, theirs, choices).sheet.flow
    assert parse(render(None, other, {}, CATALOGUE).text, CATALOGUE).flow == other
    if not merge.conflicts:
        turned = merged(base, theirs, mine)
        assert turned.conflicts == ()
        assert turned.sheet.flow.root == flow.root
        assert dict(turned.sheet.flow.agents) == dict(flow.agents)


def test_a_memory_is_told_and_brought_together_as_the_rest_is():
    with_memory = of(STAGES + '\n[memory]\npath = "m.db"\n')
    other = of(STAGES + '\n[memory]\npath = "n.db"\n')

    assert [it.text for it in changes(BASE, with_memory)] == ["memory added"]
    assert [it.text for it in changes(with_memory, BASE)] == ["memory removed"]
    assert [it.text for it in changes(with_memory, other)] == ['memory: path "m.db" → "n.db"']
    assert merged(BASE, with_memory, BASE).sheet == with_memory
    assert len(merged(BASE, with_memory, other).conflicts) == 1
