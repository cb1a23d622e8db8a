"""The problems pane: what was found, the way there, and the fixes."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

from agentflow.problem import Fix, Problem
from agentflow_editor.document import edits
from agentflow_editor.panes.problems import Problems
from editor.benches import STAGES, open_text

MISSPELT = STAGES.replace('agents = ["critic"]', 'agents = ["criticc"]')


@pytest.fixture
def problems(bench, shown):
    return shown(Problems(bench), 800, 300)


def rows(pane):
    model = pane.table.model()
    return [
        [model.index(row, column).data() for column in range(3)] for row in range(model.rowCount())
    ]


def open_flow(qtbot, bench, folder, text):
    with qtbot.waitSignal(bench.document.problems_changed):
        open_text(bench, folder, text)


def test_a_flow_without_problems_says_so(qtbot, problems, bench, tmp_path):
    open_flow(qtbot, bench, tmp_path, STAGES)

    assert [it for it in bench.document.problems if it.severity != "info"] == []
    assert problems.pages.is_empty == (not bench.document.problems)


def test_each_problem_is_a_row_with_its_place_and_line(qtbot, problems, bench, tmp_path):
    open_flow(qtbot, bench, tmp_path, MISSPELT)

    first = rows(problems)[0]
    assert "criticc" in first[0]
    assert first[1] == "refine/criticc"
    assert int(first[2]) > 10


def test_a_parked_step_is_called_parked(qtbot, problems, bench):
    with qtbot.waitSignal(bench.document.problems_changed):
        sheet = edits.add_agent(
            bench.document.sheet, "scripted", (0, 900), catalogue=bench.catalogue
        )
        bench.document.edit("Add", sheet)
        sheet = edits.duplicate(bench.document.sheet, ("scripted",))
        bench.document.edit("Duplicate", sheet)

    assert "scripted-2 (parked)" in [row[1] for row in rows(problems)]


def test_a_click_goes_to_the_step(qtbot, problems, bench, tmp_path):
    open_flow(qtbot, bench, tmp_path, MISSPELT)
    at = problems.table.visualRect(problems.table.model().index(0, 0)).center()

    qtbot.mouseClick(problems.table.viewport(), Qt.MouseButton.LeftButton, pos=at)

    assert bench.selection.paths == ("refine/criticc",)


OF_AGENT = STAGES.replace('[agents.first]\ntype = "scripted"', '[agents.first]\ntype = "scriptd"')


def click(qtbot, table, row=0):
    at = table.visualRect(table.model().index(row, 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)


@pytest.fixture
def wanted(problems):
    """What the pane asks others to show."""
    told = []
    problems.setting_wanted.connect(lambda where: told.append(("setting", where)))
    problems.place_wanted.connect(lambda where: told.append(("place", where)))
    return told


def test_a_click_on_a_problem_of_an_agent_goes_to_its_first_use(
    qtbot, problems, bench, tmp_path, wanted
):
    open_flow(qtbot, bench, tmp_path, OF_AGENT)
    assert rows(problems)[0][1] == "agents.first.type"

    click(qtbot, problems.table)

    assert bench.selection.paths == ("first",)
    assert wanted == [("setting", "agents.first.type")]


def test_a_use_of_the_agent_that_is_selected_stays_so(qtbot, problems, bench, tmp_path, wanted):
    open_flow(qtbot, bench, tmp_path, OF_AGENT)
    bench.selection.select(("deliver/first",))
    assert bench.document.sheet.flow.at("deliver/first").agent == "first"

    click(qtbot, problems.table)
    qtbot.keyClick(problems.table, Qt.Key.Key_Return)

    assert bench.selection.paths == ("deliver/first",)
    assert set(wanted) == {("setting", "agents.first.type")}


def test_a_problem_of_an_agent_that_nobody_uses_goes_to_the_source(
    qtbot, problems, bench, tmp_path, wanted
):
    open_flow(qtbot, bench, tmp_path, STAGES + '\n[agents.spare]\ntype = "scriptd"\n')
    row = next(at for at, row in enumerate(rows(problems)) if row[1] == "agents.spare.type")

    click(qtbot, problems.table, row)

    assert bench.selection.paths == ()
    assert wanted == [("place", "agents.spare.type")]


def test_a_fix_is_a_click_away_and_can_be_undone(qtbot, problems, bench, tmp_path):
    open_flow(qtbot, bench, tmp_path, MISSPELT)
    problems.table.selectRow(0)
    buttons = [it for it in problems._fixes.findChildren(QPushButton) if it.isVisible()]
    assert buttons

    with qtbot.waitSignal(bench.document.problems_changed):
        qtbot.mouseClick(buttons[0], Qt.MouseButton.LeftButton)

    assert not [it for it in bench.document.problems if it.severity == "error"]
    with qtbot.waitSignal(bench.document.problems_changed):
        bench.document.undo_stack.undo()
    assert rows(problems)[0][1] == "refine/criticc"


def test_problems_come_and_go_with_edits(qtbot, problems, bench, tmp_path):
    open_flow(qtbot, bench, tmp_path, STAGES)
    before = len(rows(problems))

    with qtbot.waitSignal(bench.document.problems_changed):
        sheet = edits.set_orchestrator(bench.document.sheet, "refine", "condition", "scoer > 1.0")
        bench.document.edit("Change", sheet)

    assert len(rows(problems)) > before
    assert "scoer" in " ".join(row[0] for row in rows(problems))


HOSTILE = "<b>bold</b> and <img src=x> " * 8


def found(message, where="agents.first.some_key", *fixes):
    return Problem(severity="error", code="x", message=message, where=where, fixes=fixes)


def height(table, row, column):
    """What the text of a cell needs at least, by Qt's own measure of a text in all of the cell."""
    text = table.model().index(row, column).data()
    flags = int(Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextWrapAnywhere)
    return (
        table.fontMetrics()
        .boundingRect(0, 0, table.columnWidth(column), 9999, flags, text)
        .height()
    )


def test_a_row_is_as_high_as_what_is_wrong_and_where(problems):
    places = ("agents." + "first" * 30, "short")
    problems._show([found(HOSTILE, places[0]), found("short", places[1])])

    table = problems.table
    assert rows(problems)[0][:2] == [HOSTILE.strip(), places[0]]
    assert table.rowHeight(0) >= max(height(table, 0, 0), height(table, 0, 1))
    assert table.rowHeight(0) > 3 * table.fontMetrics().lineSpacing()
    assert table.rowHeight(1) < 2 * table.fontMetrics().lineSpacing()


def test_rows_are_high_enough_beside_a_scroll_bar_that_came_with_them(problems):
    """Whatever the length of a text: with rows that are in one line there is no scroll bar yet."""
    table = problems.table
    problems.resize(500, 150)
    for length in range(8, 40):
        problems._show([])
        problems._show([found("word " * length)] * 4)
        drawn = []
        for mode in (Qt.TextElideMode.ElideNone, Qt.TextElideMode.ElideRight):
            table.setTextElideMode(mode)
            drawn.append(table.viewport().grab().toImage())
        assert drawn[0] == drawn[1]


def test_rows_grow_when_there_is_less_room(problems):
    problems._show([found(HOSTILE)])
    before = problems.table.rowHeight(0)

    problems.resize(400, 300)

    assert problems.table.rowHeight(0) > before


def test_advice_that_no_button_follows_stands_in_the_row(problems):
    advice, done = Fix("Write it as 30s"), Fix("Define it", "define_agent")
    problems._show([found("is no duration", "a", advice), found("is unknown", "b", done)])

    assert [row[0] for row in rows(problems)] == ["Is no duration. Write it as 30s", "Is unknown"]


def test_a_problem_is_copied_whole(qtbot, problems):
    problem = found(HOSTILE, "agents.first", Fix("Do this"), Fix("Or that"))
    problems._show([found("another"), problem])
    problems.table.setFocus()
    qtbot.keyClick(problems.table, Qt.Key.Key_Down)
    qtbot.keyClick(problems.table, Qt.Key.Key_Down)

    qtbot.keyClick(problems.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    assert QApplication.clipboard().text() == str(problem)


def test_a_row_higher_than_the_pane_is_read_by_keys_before_the_next_one(qtbot, problems):
    problems.resize(300, 140)
    problems._show([found("first"), found("word " * 110), found("last")])
    table = problems.table
    table.setFocus()
    table.selectRow(1)
    assert table.rowHeight(1) > table.viewport().height()
    ends = []

    while table.currentIndex().row() == 1:
        ends.append(table.visualRect(table.model().index(1, 0)).bottom())
        qtbot.keyClick(table, Qt.Key.Key_Down)

    assert len(ends) > 2
    assert ends[-1] < table.viewport().height()
    qtbot.keyClick(table, Qt.Key.Key_Up)
    assert table.currentIndex().row() == 1


def test_of_thousands_only_what_is_around_is_measured(qtbot, problems):
    problems._show([found(f"{number} " + HOSTILE) for number in range(5_000)])
    table = problems.table
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)

    last = table.model().index(4_999, 0)
    assert table.currentIndex().row() == 4_999
    assert table.visualRect(last).bottom() < table.viewport().height()
    assert table.rowHeight(4_999) >= height(table, 4_999, 0)
    assert len(table._measured) < 100


def test_what_is_read_stays_where_it_is_when_problems_are_found_anew(problems):
    many = [found(f"{number} " + HOSTILE) for number in range(200)]
    problems._show(many)
    bar = problems.table.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    top = problems.table.rowAt(0)
    assert top > 10

    problems._show(many)

    assert problems.table.rowAt(0) == top


def test_rows_further_up_come_into_sight_without_moving_what_is_there(qtbot, problems):
    problems._show([found(f"{number} " + HOSTILE) for number in range(200)])
    table, bar = problems.table, problems.table.verticalScrollBar()
    bar.setValue(bar.maximum())
    row = table.rowAt(0)
    before = table.rowViewportPosition(row)

    bar.setValue(bar.value() - 60)

    assert table.rowViewportPosition(row) == before + 60


def test_the_problem_that_is_selected_stays_so_and_the_next_follows_one_that_is_mended(problems):
    one, two, three = (
        Problem(severity="error", code="x", message=it, path=it) for it in ("one", "two", "three")
    )
    problems._show((one, two))
    problems.table.selectRow(1)

    problems._show((three, one, two))
    assert problems._current() == two
    problems._show((two, three, one))
    assert problems._current() == two
    problems._show((three, one))
    assert problems._current() == three
