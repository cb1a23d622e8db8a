"""Problems in the window: they come while one types, on the node, in the pane and beside the form,
and a click mends them, which can be undone."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton

from agentflow_editor.forms.base import Form
from editor.benches import STAGES


@pytest.fixture
def opened(window, qtbot, tmp_path):
    file = tmp_path / "agentflow.toml"
    file.write_text(STAGES, encoding="utf-8")
    window.files.open_flow(file)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


@pytest.fixture
def inspector(opened):
    return opened._docks.pane("inspector")


def badge(window, path):
    return window.canvas._drawing.scene.boxes[path].severity


def buttons(inspector):
    return [it for it in inspector.findings.findChildren(QPushButton) if it.isVisible()]


def type_condition(qtbot, inspector, text):
    form = next(it for it in inspector.section.findChildren(Form) if "condition" in it.rows)
    line = form.rows["condition"].findChild(QLineEdit)
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, text)
    return line


def test_a_slip_is_told_while_it_is_typed_and_mended_by_one_click(qtbot, opened, inspector):
    document = opened.workbench.document
    opened.workbench.selection.select(("refine",))
    line = type_condition(qtbot, inspector, "scoer > 2.0")
    where = line.mapToGlobal(line.rect().topLeft())
    qtbot.waitUntil(lambda: badge(opened, "refine") == "warning")
    assert line.hasFocus()
    assert line.text() == "scoer > 2.0"
    assert line.mapToGlobal(line.rect().topLeft()) == where, "nothing moves away under the hand"
    qtbot.waitUntil(lambda: [it.text() for it in buttons(inspector)] == ["Read 'score' instead"])

    qtbot.mouseClick(buttons(inspector)[0], Qt.MouseButton.LeftButton)
    assert document.sheet.flow.at("refine").settings.condition == "score > 2.0"
    assert line.text() == "score > 2.0"
    qtbot.waitUntil(lambda: badge(opened, "refine") is None)
    qtbot.waitUntil(lambda: buttons(inspector) == [])

    opened.canvas.setFocus()
    qtbot.keyClick(opened.canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert document.sheet.flow.at("refine").settings.condition == "scoer > 2.0"
    qtbot.waitUntil(lambda: badge(opened, "refine") == "warning")


def test_what_an_agent_lacks_is_told_beside_its_form(qtbot, opened, inspector):
    document = opened.workbench.document
    opened.workbench.selection.select(("first",))
    file = document.path
    text = STAGES.replace('[agents.first]\ntype = "scripted"', '[agents.first]\ntype = "scriptd"')
    file.write_text(text, encoding="utf-8")
    opened.files.revert()
    qtbot.waitUntil(lambda: len(buttons(inspector)) > 0)

    qtbot.mouseClick(buttons(inspector)[0], Qt.MouseButton.LeftButton)
    assert document.sheet.flow.agents["first"].type == "scripted"


def test_what_the_text_alone_has_is_mended_in_the_text(qtbot, opened, inspector):
    document = opened.workbench.document
    opened.workbench.selection.select(("first",))
    text = STAGES.replace("[agents.first]\n", '[agents.first]\ntimout = "5s"\n')
    document.path.write_text(text, encoding="utf-8")
    opened.files.revert()
    qtbot.waitUntil(lambda: "Did you mean 'timeout'?" in [it.text() for it in buttons(inspector)])

    qtbot.mouseClick(buttons(inspector)[0], Qt.MouseButton.LeftButton)
    assert document.sheet.flow.agents["first"].timeout.total_seconds() == 5
    assert "timout" not in document.text
    document.undo_stack.undo()
    assert 'timout = "5s"' in document.text
    assert document.sheet.flow.agents["first"].timeout is None


def told(inspector):
    return [it.text() for it in inspector.findings.findChildren(QLabel) if it.text()]


def test_what_no_step_is_about_is_told_with_its_key(qtbot, opened, inspector):
    text = STAGES.replace("[agents.first]\n", '[agents.first]\ntimout = "5s"\n')
    odd = '[editor.notes.1]\ntext = "x"\nat = 3\ncolour = "red"\nsize = 1\n'
    opened.workbench.document.path.write_text(text + odd, encoding="utf-8")
    opened.files.revert()
    qtbot.waitUntil(lambda: any(it.startswith("editor.notes.1.at: must") for it in told(inspector)))
    assert "and 1 more problem, told in Problems" in told(inspector)

    opened.workbench.selection.select(("first",))
    wanted = "timout: means nothing here and is kept as it is"
    qtbot.waitUntil(lambda: told(inspector) == [wanted], timeout=3000)


def test_a_click_on_what_no_step_is_about_goes_to_the_very_place_in_the_text(qtbot, opened):
    text = STAGES + '\n[editor.notes.1]\ntext = "x"\nat = 3\n'
    opened.workbench.document.path.write_text(text, encoding="utf-8")
    opened.files.revert()
    opened._docks.reveal("problems")
    table = opened._docks.pane("problems").table

    def about_notes() -> list[int]:
        rows = range(table.model().rowCount())
        return [it for it in rows if "notes" in table.model().index(it, 1).data()]

    qtbot.waitUntil(lambda: about_notes() != [])
    row = about_notes()[0]
    at = table.visualRect(table.model().index(row, 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)

    source = opened._docks.pane("source")
    qtbot.waitUntil(source.text.hasFocus)
    caret = source.text.textCursor()
    assert caret.block().text()[caret.positionInBlock() :] == "3"
    assert caret.block().text().startswith("at = ")


OF_AGENT = STAGES.replace(
    'description = "Writes it down."',
    'description = "Writes it down."\nmetadata = { a = "1" }\nllm = { model = "m", timeout = "x" }',
).replace("[agents.first]\n", '[agents.first]\ntimeout = "soon"\n')


@pytest.fixture
def faulty(opened, qtbot):
    """The window, with agents in whose definitions something is wrong."""
    opened.workbench.document.path.write_text(OF_AGENT, encoding="utf-8")
    opened.files.revert()
    qtbot.waitUntil(lambda: badge(opened, "first") is not None)
    return opened


def row_of(window, place):
    table = window._docks.pane("problems").table
    model = table.model()
    return next(it for it in range(model.rowCount()) if model.index(it, 1).data() == place)


def click_row(qtbot, window, place):
    table = window._docks.pane("problems").table
    at = table.visualRect(table.model().index(row_of(window, place), 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)


def in_sight(inspector, name):
    form = next(it for it in inspector.section.findChildren(Form) if name in it.rows)
    area, row = inspector._area.viewport(), form.rows[name]
    top = row.mapTo(area, row.rect().topLeft()).y()
    return top >= 0 and top + row.height() <= area.height()


def test_a_problem_of_an_agent_is_on_each_of_its_uses(qtbot, faulty):
    boxes = faulty.canvas._drawing.scene.boxes
    assert badge(faulty, "first") == badge(faulty, "deliver/first") == "error"
    assert boxes["first"].problems[0].startswith("timeout: ")
    assert badge(faulty, "refine/critic") is None


def test_a_click_on_a_problem_of_an_agent_shows_its_field_and_stays_in_the_list(
    qtbot, faulty, inspector
):
    table = faulty._docks.pane("problems").table
    table.setFocus()
    click_row(qtbot, faulty, "agents.first.timeout")

    assert faulty.workbench.selection.paths == ("first",)
    qtbot.waitUntil(lambda: in_sight(inspector, "timeout"))
    for _ in range(2):
        click_row(qtbot, faulty, "agents.first.timeout")
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert table.hasFocus()
    assert faulty._docks.is_seen("inspector")
    assert faulty.workbench.selection.paths == ("first",)


def test_where_the_source_is_in_front_it_shows_the_place(qtbot, faulty, inspector):
    table, source = faulty._docks.pane("problems").table, faulty._docks.pane("source")
    faulty._docks.reveal("source")
    qtbot.waitUntil(lambda: faulty._docks.is_seen("source"))
    table.setFocus()
    click_row(qtbot, faulty, "agents.first.timeout")

    assert faulty._docks.is_seen("source")
    assert table.hasFocus()
    qtbot.wait(50)  # for whatever follows the selection
    assert source.text.textCursor().block().text() == 'timeout = "soon"'
