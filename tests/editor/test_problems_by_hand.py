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
