"""The source pane: the file as it would be saved, with the selected step in sight."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QLabel, QMainWindow

from agentflow_editor.document import edits
from agentflow_editor.panes.source import PATIENCE, Source
from agentflow_editor.theme import DARK, LIGHT
from editor.benches import STAGES, open_text


@pytest.fixture
def source(qtbot, stages, shown):
    return written(qtbot, shown(Source(stages), 500, 200))


def written(qtbot, source):
    qtbot.waitUntil(lambda: bool(source.text.toPlainText()))
    return source


def marked(source):
    marks = source.text.extraSelections()
    return marks[0].cursor.block().text() if marks else None


def test_an_unchanged_flow_is_shown_as_its_file_to_the_letter(source):
    assert source.text.toPlainText() == STAGES


def test_an_edit_is_seen_in_the_source(qtbot, source, bench):
    sheet = edits.set_orchestrator(bench.document.sheet, "refine", "max_iterations", 9)
    bench.document.edit("Change", sheet)

    qtbot.waitUntil(lambda: "max_iterations = 9" in source.text.toPlainText())
    assert "# Kept." in source.text.toPlainText()


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("deliver/writer", "[agents.writer]"),
        ("refine", "[[orchestration.mixed.stages]]"),
        ("deliver", "[[orchestration.mixed.stages]]"),
    ],
)
def test_the_line_of_the_selected_step_is_marked_and_in_sight(qtbot, source, bench, path, text):
    bench.selection.select((path,))

    qtbot.waitUntil(lambda: marked(source) == text)
    assert source.text.viewport().rect().contains(source.text.cursorRect().center())


def test_two_stages_are_two_lines(qtbot, source, bench):
    bench.selection.select(("refine",))
    qtbot.waitUntil(lambda: marked(source) is not None)
    one = source.text.textCursor().blockNumber()
    bench.selection.select(("deliver",))

    qtbot.waitUntil(lambda: source.text.textCursor().blockNumber() > one)


def test_a_source_that_nobody_sees_is_written_once_it_is_seen(qtbot, stages):
    window = QMainWindow()
    qtbot.addWidget(window)
    source, other = Source(stages), QLabel("another pane")
    docks = [QDockWidget(), QDockWidget()]
    for dock, widget in zip(docks, (source, other), strict=True):
        dock.setWidget(widget)
        window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
    window.tabifyDockWidget(*docks)
    docks[1].raise_()
    window.show()
    qtbot.waitExposed(window)
    qtbot.wait(3 * PATIENCE)
    assert source.text.toPlainText() == ""

    docks[0].raise_()
    written(qtbot, source)
    assert source.text.toPlainText() == STAGES


def test_texts_over_several_lines_are_coloured_to_their_end(qtbot, bench, shown, tmp_path):
    prompt = 'system_prompt = """\nfirst # no comment\n[no.table]\n"""\nrole = "x" # a comment\n'
    open_text(bench, tmp_path, STAGES + prompt)
    source = written(qtbot, shown(Source(bench), 500, 300))

    def colors(line):
        block = next(it for it in iterate(source.text.document()) if it.text().startswith(line))
        return {it.format.foreground().color().name() for it in block.layout().formats()}

    theme = bench.theme.theme
    assert colors("first # no") == {theme.sequential}
    assert colors("[no.table]") == {theme.sequential}
    assert colors('role = "x"') == {theme.agent, theme.sequential, theme.muted}


def test_the_colours_are_those_of_the_theme(source, bench):
    def colors():
        block = source.text.document().findBlockByNumber(1)
        return {it.format.foreground().color().name() for it in block.layout().formats()}

    assert colors() == {DARK.collaborative}
    bench.theme.switch(LIGHT)
    assert colors() == {LIGHT.collaborative}


def iterate(document):
    block = document.begin()
    while block.isValid():
        yield block
        block = block.next()
