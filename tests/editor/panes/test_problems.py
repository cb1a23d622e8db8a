"""The problems pane: what was found, the way there, and the fixes."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

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
