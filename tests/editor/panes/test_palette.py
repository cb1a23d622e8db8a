"""The palette: finding, adding and dragging what can stand on the canvas."""

import json

import pytest
from PySide6.QtCore import QModelIndex, Qt

from agentflow.flow.flow import AgentUse
from agentflow_editor.document import edits
from agentflow_editor.panes.palette import MIME, Palette


@pytest.fixture
def palette(stages, shown):
    return shown(Palette(stages))


def titles(palette):
    model = palette.tree.model()
    found = []
    for row in range(model.rowCount()):
        group = model.index(row, 0)
        found.append(
            (
                group.data(),
                [model.index(it, 0, group).data() for it in range(model.rowCount(group))],
            )
        )
    return dict(found)


def index_of(palette, title) -> QModelIndex:
    model = palette.tree.model()
    for row in range(model.rowCount()):
        group = model.index(row, 0)
        for number in range(model.rowCount(group)):
            if model.index(number, 0, group).data() == title:
                return model.index(number, 0, group)
    raise AssertionError(title)


def test_modes_types_and_the_flows_own_agents_are_offered(palette, bench):
    offered = titles(palette)

    assert set(offered["Orchestrators"]) == {it.title for it in bench.catalogue.modes.values()}
    assert set(offered["Agents"]) == {it.title for it in bench.catalogue.agent_types.values()}
    assert offered["Agents of This Flow"] == ["first", "critic", "writer"]


def test_searching_finds_by_name_and_by_what_a_thing_does(qtbot, palette):
    qtbot.keyClicks(palette.search, "writ")
    assert titles(palette)["Agents of This Flow"] == ["writer"]

    palette.search.clear()
    qtbot.keyClicks(palette.search, "again and again")
    assert titles(palette) == {"Orchestrators": ["Loop"]}


def test_a_search_that_finds_nothing_says_so(qtbot, palette):
    qtbot.keyClicks(palette.search, "zzz")

    assert palette._pages.is_empty


def test_enter_adds_the_first_hit_at_the_end_and_selects_it(qtbot, palette, bench):
    qtbot.keyClicks(palette.search, "loop")
    qtbot.keyClick(palette.search, Qt.Key.Key_Return)

    flow = bench.document.sheet.flow
    assert [step.name for step in flow.root.steps] == ["first", "refine", "deliver", "loop"]
    assert bench.selection.paths == ("loop",)
    assert "loop" in bench.document.sheet.layout
    bench.document.undo_stack.undo()
    assert len(bench.document.sheet.flow.root.steps) == 3


def test_a_double_click_adds_after_the_selected_step(qtbot, palette, bench):
    bench.selection.select(("refine/critic",))
    index = index_of(palette, "writer")
    palette.tree.scrollTo(index)
    at = palette.tree.visualRect(index).center()

    qtbot.mouseClick(palette.tree.viewport(), Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseDClick(palette.tree.viewport(), Qt.MouseButton.LeftButton, pos=at)

    loop = bench.document.sheet.flow.at("refine")
    assert [step.name for step in loop.chains[0].steps] == ["critic", "writer"]
    assert bench.selection.paths == ("refine/writer",)


def test_what_is_added_while_the_start_is_selected_comes_first(qtbot, palette, bench):
    bench.selection.select(("",))
    qtbot.keyClicks(palette.search, "stand-in")
    qtbot.keyClick(palette.search, Qt.Key.Key_Return)

    first = bench.document.sheet.flow.root.steps[0]
    assert isinstance(first, AgentUse)
    assert bench.document.sheet.flow.agents[first.agent].type == "scripted"


def test_enter_without_a_search_adds_nothing(qtbot, palette, bench):
    qtbot.keyClick(palette.search, Qt.Key.Key_Return)

    assert bench.document.undo_stack.count() == 0


@pytest.mark.parametrize(
    ("title", "what"),
    [
        ("Loop", {"mode": "loop"}),
        ("Stand-in", {"agent_type": "scripted"}),
        ("writer", {"agent": "writer"}),
    ],
)
def test_what_is_dragged_says_what_it_is(palette, title, what):
    model = palette.tree.model()

    data = model.mimeData([index_of(palette, title)])

    assert data.formats() == [MIME]
    assert json.loads(data.data(MIME).data()) == what


def test_agents_come_and_go_with_the_flow(palette, bench):
    sheet = bench.document.sheet
    bench.document.edit("Rename", edits.rename_agent(sheet, "writer", "<b>author"))
    assert titles(palette)["Agents of This Flow"] == ["first", "critic", "<b>author"]

    bench.document.undo_stack.undo()
    assert titles(palette)["Agents of This Flow"] == ["first", "critic", "writer"]


def test_the_arrow_keys_go_from_the_search_into_the_list(qtbot, palette):
    qtbot.keyClicks(palette.search, "o")
    qtbot.keyClick(palette.search, Qt.Key.Key_Down)

    assert palette.tree.hasFocus()
