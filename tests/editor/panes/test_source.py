"""The source pane: the file as it would be saved, with the selected step in sight."""

import pytest
from PySide6.QtCore import QEvent, QMimeData, Qt, QUrl
from PySide6.QtGui import QHelpEvent, QTextCharFormat, QTextFormat
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDockWidget, QLabel, QMainWindow, QToolTip

from agentflow_editor.document import edits
from agentflow_editor.document.source_draft import PATIENCE as TYPING
from agentflow_editor.looks.theme import DARK, LIGHT
from agentflow_editor.panes.source import PATIENCE, Source
from editor.benches import STAGES, open_text
from editor.fronting import in_front

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
FULL_WIDTH = QTextFormat.Property.FullWidthSelection
ENTER, TAB = Qt.Key.Key_Return, Qt.Key.Key_Tab


@pytest.fixture
def source(qtbot, stages, shown):
    return written(qtbot, shown(Source(stages), 500, 200))


def written(qtbot, source):
    qtbot.waitUntil(lambda: bool(source.text.toPlainText()))
    return source


def marked(source):
    bands = [it for it in source.text.extraSelections() if it.format.hasProperty(FULL_WIDTH)]
    return bands[-1].cursor.block().text() if bands else None


def caret_at(source, text, into=0):
    """Click into the source, in front of a text or some signs into it."""
    cursor = source.text.document().find(text)
    cursor.setPosition(cursor.selectionStart() + into)
    source.text.setTextCursor(cursor)
    source.text.centerCursor()
    where = source.text.cursorRect().center()
    QTest.mouseClick(source.text.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert source.text.hasFocus()


def type_(source, text):
    for number, line in enumerate(text.split("\n")):
        if number:
            press(source, ENTER)
        QTest.keyClicks(source.text, line)


def press(source, key, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(source.text, key, modifier)


def shown(source):
    return "\n".join(source.text.lines)


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
    in_front(qtbot, window)
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


# Typing


def test_what_is_typed_becomes_the_flow_a_moment_later_as_one_undo_step(qtbot, source, bench):
    caret_at(source, "Writes it down.", len("Writes it"))
    for sign in " all":
        type_(source, sign)
    assert bench.document.undo_stack.count() == 0

    stack = bench.document.undo_stack
    qtbot.waitUntil(lambda: stack.count() == 1, timeout=10 * TYPING)
    assert bench.document.sheet.flow.agents["writer"].description == "Writes it all down."
    assert stack.undoText() == "Edit Source"
    assert bench.document.text == STAGES.replace("it down", "it all down")


def test_ctrl_enter_and_leaving_apply_at_once(qtbot, source, bench):
    caret_at(source, "Writes it down.")
    type_(source, "A")
    press(source, ENTER, CTRL)
    assert bench.document.sheet.flow.agents["writer"].description == "AWrites it down."

    type_(source, "B")
    source.text.clearFocus()
    assert bench.document.sheet.flow.agents["writer"].description == "ABWrites it down."


def test_a_comment_that_is_typed_is_kept_to_the_letter(source, bench, tmp_path):
    caret_at(source, "[agents.first]")
    type_(source, "#   why  it is here\n")
    press(source, ENTER, CTRL)
    bench.document.save()

    text = (tmp_path / "agentflow.toml").read_text("utf-8")
    assert text == STAGES.replace("[agents.first]", "#   why  it is here\n[agents.first]")


def waves(source):
    wave = QTextCharFormat.UnderlineStyle.WaveUnderline
    return [it for it in source.text.extraSelections() if it.format.underlineStyle() == wave]


def underlined(source):
    return [it.cursor.selectedText() for it in waves(source)]


@pytest.mark.parametrize(
    ("old", "new", "marked"),
    [
        pytest.param('agents = ["critic"]', 'agents = ["criti"]', '"criti"', id="member"),
        pytest.param('"score >= 3.0"', '"score >="', '"score >="', id="value"),
        pytest.param('when = "sco', 'wenn = 1\nwhen = 7 # "', "7", id="value of a case"),
        pytest.param('type = "scripted"\ndesc', 'type = ""\ndesc', '""', id="type"),
    ],
)
def test_what_is_wrong_is_marked_and_nothing_beside_it(
    qtbot, bench, shown, tmp_path, old, new, marked
):
    assert STAGES.count(old) == 1
    text = STAGES.replace("# Kept.", "# 🙂").replace(old, new)
    open_text(bench, tmp_path, text)
    source = written(qtbot, shown(Source(bench), 500, 300))

    bench.document.check_now()
    qtbot.waitUntil(lambda: marked in underlined(source), timeout=2000)
    assert all(len(it) < 30 for it in underlined(source))


def test_a_sign_of_two_units_before_what_is_wrong_shifts_no_mark(qtbot, bench, shown, tmp_path):
    text = STAGES.replace("output = { score = 0 }", 'output = { "🙂" = 0 }\nimages = { "🙂" = 1 }')
    text = text.replace('agents = ["critic"]', 'agents = ["🙂🙂", "criti"]')
    open_text(bench, tmp_path, text)
    source = written(qtbot, shown(Source(bench), 500, 300))

    bench.document.check_now()
    qtbot.waitUntil(lambda: '"criti"' in underlined(source), timeout=2000)
    assert '"🙂🙂"' in underlined(source)


def test_a_syntax_error_marks_its_line_and_leaves_the_flow_as_it_was(qtbot, source, bench):
    before = bench.document.sheet
    caret_at(source, 'description = "Writes', len("description"))
    type_(source, "!")
    caret = source.text.textCursor().position()

    qtbot.waitUntil(lambda: source.faults.isVisible(), timeout=10 * TYPING)
    line = source.text.textCursor().blockNumber() + 1
    assert source.faults.text.text().startswith(f"Line {line}, column ")
    assert "; write that line as" in source.faults.text.text()
    assert source.text.gutter.signs == {line: "error"}
    assert any(it.cursor.block().blockNumber() + 1 == line for it in waves(source))
    assert bench.document.sheet is before
    assert source.text.textCursor().position() == caret
    assert "description!" in shown(source)

    press(source, Qt.Key.Key_Backspace)
    press(source, ENTER, CTRL)
    assert not source.faults.isVisible()
    assert source.text.gutter.signs == {}


def test_a_value_that_does_not_fit_is_told_with_its_line_and_not_taken(source, bench):
    before = bench.document.sheet
    caret_at(source, 'check = "after"', len('check = "a'))
    type_(source, "s")
    press(source, ENTER, CTRL)

    place = f"Line {source.text.textCursor().blockNumber() + 1}, column 9"
    assert source.faults.text.text().startswith(f"{place}: orchestration.mixed.stages[1].check")
    assert underlined(source) == ['"asfter"']
    assert "did you mean 'after'?" in source.faults.text.text()
    assert bench.document.sheet is before


def test_what_was_wrong_in_the_file_already_does_not_stand_in_the_way(
    bench, shown, qtbot, tmp_path
):
    open_text(bench, tmp_path, STAGES.replace('check = "after"', 'check = "sometimes"'))
    source = written(qtbot, shown(Source(bench), 500, 300))
    caret_at(source, "Writes it down.")
    type_(source, "A")
    press(source, ENTER, CTRL)

    assert not source.faults.isVisible()
    assert bench.document.sheet.flow.agents["writer"].description == "AWrites it down."


def test_a_text_of_another_dialect_is_not_taken_for_ours(source, bench):
    source.text.selectAll()
    type_(source, '[workflow]\nmode = "sequential"\nagents = ["a"]\n')
    press(source, ENTER, CTRL)

    assert "to import it" in source.faults.text.text()


def test_a_half_typed_text_stays_a_draft_whoever_edits_what_elsewhere(qtbot, source, bench):
    caret_at(source, 'description = "Writes')
    type_(source, "half = ")
    source.text.clearFocus()
    assert source.faults.isVisible()
    sheet = edits.set_orchestrator(bench.document.sheet, "refine", "max_iterations", 9)
    bench.document.edit("Change", sheet)

    qtbot.waitUntil(lambda: "max_iterations = 9" in shown(source))
    assert 'half = description = "Writes' in shown(source)
    assert "half" not in bench.document.text

    caret_at(source, "half = ", len("half = "))
    type_(source, "1\n")
    press(source, ENTER, CTRL)
    assert not source.faults.isVisible()
    assert bench.document.text.count("half = 1\n") == 1
    assert "max_iterations = 9" in bench.document.text


def test_typing_before_the_source_shows_an_edit_takes_nothing_of_it_back(qtbot, source, bench):
    caret_at(source, "Writes it down.")
    sheet = edits.set_orchestrator(bench.document.sheet, "refine", "max_iterations", 9)
    bench.document.edit("Change", sheet)
    assert "max_iterations" not in shown(source)
    type_(source, "A")
    press(source, ENTER, CTRL)

    assert "max_iterations = 9" in bench.document.text
    assert "AWrites" in bench.document.text
    qtbot.waitUntil(lambda: shown(source) == bench.document.text)


def test_typing_right_after_an_undo_does_not_redo_it(qtbot, source, bench):
    caret_at(source, "Writes it down.")
    sheet = edits.set_orchestrator(bench.document.sheet, "refine", "max_iterations", 9)
    bench.document.edit("Change", sheet)
    qtbot.waitUntil(lambda: "max_iterations = 9" in shown(source))
    press(source, Qt.Key.Key_Z, CTRL)
    type_(source, "A")
    press(source, ENTER, CTRL)

    assert bench.document.text == STAGES.replace("Writes", "AWrites")


def test_a_file_that_is_dropped_is_left_to_the_window(source, tmp_path):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path))])
    mime.setText("file")

    assert not source.text.canInsertFromMimeData(mime)


def test_a_draft_that_would_take_back_what_was_edited_elsewhere_says_so_first(qtbot, source, bench):
    caret_at(source, "Writes it down.")
    type_(source, '"')
    press(source, ENTER, CTRL)
    after = edits.set_agent(bench.document.sheet, "writer", "description", "Theirs.")
    bench.document.edit("Change", after)
    qtbot.waitUntil(lambda: source.text.isVisible())
    caret_at(source, '"Writes it down.')
    press(source, Qt.Key.Key_Backspace)
    source.text.clearFocus()

    assert "was changed elsewhere" in source.faults.text.text()
    assert bench.document.sheet.flow.agents["writer"].description == "Theirs."
    press(source, ENTER, CTRL)
    assert bench.document.sheet.flow.agents["writer"].description == "Writes it down."
    bench.document.undo_stack.undo()
    assert bench.document.sheet.flow.agents["writer"].description == "Theirs."


def test_discarding_shows_the_flow_again(qtbot, source, bench):
    caret_at(source, "[agents.first]")
    type_(source, "nonsense ")
    press(source, ENTER, CTRL)
    QTest.mouseClick(source.faults.discard, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: shown(source) == STAGES)
    assert not source.faults.isVisible()


def test_undo_is_the_texts_own_while_it_has_something_and_the_flows_after_that(
    qtbot, source, bench
):
    bench.document.edit("Rename", edits.rename(bench.document.sheet, "refine", "better"))
    qtbot.waitUntil(lambda: '"better"' in shown(source))
    caret_at(source, "Writes it down.")
    type_(source, "A")
    press(source, ENTER, CTRL)
    stack = bench.document.undo_stack
    assert stack.count() == 2

    press(source, Qt.Key.Key_Z, CTRL)
    assert "AWrites" not in shown(source)
    press(source, ENTER, CTRL)
    assert (stack.index(), bench.document.sheet.flow.agents["writer"].description) == (
        1,
        "Writes it down.",
    )
    press(source, Qt.Key.Key_Z, CTRL)
    assert stack.index() == 0
    qtbot.waitUntil(lambda: shown(source) == STAGES)
    press(source, Qt.Key.Key_Z, CTRL | SHIFT)
    assert stack.index() == 1


def test_positions_that_follow_a_name_are_undone_together_with_the_typing(
    qtbot, bench, shown, tmp_path
):
    steps = ("", "first", "refine", "refine/critic", "deliver", "deliver/writer", "deliver/first")
    nodes = "\n[editor.nodes]\n" + "".join(f'"{it}" = [9, {n}]\n' for n, it in enumerate(steps))
    open_text(bench, tmp_path, STAGES + nodes)
    source = written(qtbot, shown(Source(bench), 500, 300))
    caret_at(source, 'name = "refine"', len('name = "'))
    type_(source, "x")
    press(source, ENTER, CTRL)
    qtbot.waitUntil(lambda: "xrefine = [9, 2]" in "\n".join(source.text.lines))
    assert bench.document.sheet.layout["xrefine/critic"] == (9, 3)

    press(source, Qt.Key.Key_Z, CTRL)
    assert "\n".join(source.text.lines) == STAGES + nodes
    press(source, ENTER, CTRL)
    assert not bench.document.is_modified


def test_what_is_edited_elsewhere_leaves_caret_and_sight_where_they_were(qtbot, source, bench):
    caret_at(source, "Writes it down.", 4)
    line, column = (
        source.text.textCursor().block().text(),
        source.text.textCursor().positionInBlock(),
    )
    top = source.text.firstVisibleBlock().text()
    sheet = edits.set_orchestrator(bench.document.sheet, "refine", "max_iterations", 9)
    bench.document.edit("Change", sheet)

    qtbot.waitUntil(lambda: "max_iterations = 9" in shown(source))
    cursor = source.text.textCursor()
    assert (cursor.block().text(), cursor.positionInBlock()) == (line, column)
    assert source.text.firstVisibleBlock().text() == top


def test_line_ends_and_signs_that_look_like_spaces_stay_as_they_are(bench, shown, qtbot, tmp_path):
    text = STAGES.replace("\n", "\r\n").replace("# Kept.\r\n", "# Kept\u00a0\U0001f9ea.\n")
    path = tmp_path / "agentflow.toml"
    path.write_bytes(text.encode())
    bench.document.open(path)
    source = written(qtbot, shown(Source(bench), 500, 300))
    caret_at(source, "Writes it down.")
    type_(source, "A")
    press(source, ENTER, CTRL)
    bench.document.save()

    assert path.read_bytes() == text.replace("Writes", "AWrites").encode()


def test_a_read_only_flow_is_read_and_not_typed_in(qtbot, source, bench):
    bench.document.set_read_only(True)
    qtbot.waitUntil(lambda: source.text.isReadOnly())
    caret_at(source, "Writes it down.")
    type_(source, "A")

    assert shown(source) == STAGES


# Following


@pytest.mark.parametrize(
    ("text", "into", "path"),
    [
        ("max_iter", 2, "refine"),
        ('condition = "', 2, "refine"),
        ("[agents.writer]", 3, "deliver/writer"),
        ('when = "', 1, "deliver"),
        ('agents = ["writer"]', 13, "deliver/writer"),
        ('name = "first"', 1, "first"),
    ],
)
def test_the_step_is_selected_in_whose_table_the_caret_stands(
    qtbot, bench, shown, tmp_path, text, into, path
):
    full = STAGES.replace('check = "after"', 'check = "after"\nmax_iterations = 4')
    open_text(bench, tmp_path, full)
    source = written(qtbot, shown(Source(bench), 500, 200))
    caret_at(source, text, into)

    qtbot.waitUntil(lambda: bench.selection.paths == (path,))
    assert source.text.textCursor().block().text().find(text.strip()) >= 0


def test_the_caret_stays_where_the_person_has_put_it_when_its_step_is_selected(
    qtbot, source, bench
):
    caret_at(source, "Writes it down.", 3)
    at = source.text.textCursor().position()
    qtbot.waitUntil(lambda: bench.selection.paths == ("deliver/writer",))
    qtbot.wait(3 * PATIENCE)

    assert source.text.textCursor().position() == at


def sees_the_caret(source):
    return source.text.viewport().rect().contains(source.text.cursorRect().center())


def test_who_types_what_is_not_whole_sees_it_whatever_is_selected(qtbot, source, bench):
    with_the_keyboard(qtbot, source)
    press(source, Qt.Key.Key_End, CTRL)
    type_(source, "\n[agents")
    qtbot.waitUntil(lambda: source.faults.isVisible())
    qtbot.waitUntil(lambda: sees_the_caret(source))
    bench.selection.select(("refine",))
    qtbot.waitUntil(lambda: not sees_the_caret(source))
    with_the_keyboard(qtbot, source)

    type_(source, ".extra")
    qtbot.wait(PATIENCE + TYPING + 50)

    assert bench.selection.current == "refine"
    assert shown(source).endswith("[agents.extra")
    assert sees_the_caret(source)


def with_the_keyboard(qtbot, source):
    source.window().activateWindow()
    source.text.setFocus()
    qtbot.waitUntil(source.text.hasFocus)


def test_positions_in_the_source_select_their_step(qtbot, bench, shown, tmp_path):
    open_text(
        bench, tmp_path, STAGES + '\n[editor.nodes]\n"refine" = [0, 0]\n"refine/critic" = [9, 9]\n'
    )
    source = written(qtbot, shown(Source(bench), 500, 300))
    caret_at(source, '"refine/critic"', 4)

    qtbot.waitUntil(lambda: bench.selection.paths == ("refine/critic",))


# Keys


def test_ctrl_slash_makes_lines_comments_and_back(source, bench):
    caret_at(source, "description", 3)
    press(source, Qt.Key.Key_Slash, CTRL)
    assert '# description = "Writes it down."' in shown(source)
    press(source, ENTER, CTRL)
    assert bench.document.sheet.flow.agents["writer"].description == ""

    press(source, Qt.Key.Key_Slash, CTRL)
    assert shown(source) == STAGES


def test_enter_keeps_the_indentation_and_tab_moves_lines(source):
    caret_at(source, "[agents.first]")
    type_(source, "it = [")
    press(source, ENTER)
    type_(source, "1,")
    press(source, ENTER)
    type_(source, "2")
    assert "it = [\n  1,\n  2[agents.first]" in shown(source)

    press(source, Qt.Key.Key_Up, SHIFT)
    press(source, TAB)
    assert "    1,\n    2" in shown(source)
    press(source, Qt.Key.Key_Backtab, SHIFT)
    assert "\n  1,\n  2" in shown(source)


def test_brackets_that_belong_together_are_marked(source):
    caret_at(source, "{ response", 0)

    marks = [it.cursor.selectedText() for it in source.text.extraSelections()]
    assert "{" in marks
    assert "}" in marks


def test_words_are_found_one_after_the_other_and_counted(source):
    caret_at(source, "# Kept.")
    press(source, Qt.Key.Key_F, CTRL)
    QTest.keyClicks(source.finder.field, "scripted")
    assert source.finder.count.text() == "1 of 3"

    QTest.keyClick(source.finder.field, ENTER)
    assert source.finder.count.text() == "2 of 3"
    QTest.keyClick(source.finder.field, ENTER, SHIFT)
    QTest.keyClick(source.finder.field, ENTER, SHIFT)
    assert source.finder.count.text() == "3 of 3"
    QTest.keyClick(source.finder.field, Qt.Key.Key_Escape)
    assert source.finder.isHidden()
    assert source.text.hasFocus()
    assert source.text.textCursor().selectedText() == "scripted"


def test_escape_lets_the_keyboard_go(qtbot, source):
    caret_at(source, "# Kept.")

    with qtbot.waitSignal(source.escaped):
        press(source, Qt.Key.Key_Escape)


def test_what_is_wrong_is_told_where_the_mouse_rests(source, qtbot):
    caret_at(source, 'description = "Writes', len("description"))
    type_(source, "!")
    press(source, ENTER, CTRL)
    where = source.text.cursorRect().center()
    there = source.text.viewport().mapToGlobal(where)
    QApplication.sendEvent(source.text.viewport(), QHelpEvent(QEvent.Type.ToolTip, where, there))

    assert "is not TOML" in QToolTip.text()
    QToolTip.hideText()


def test_problems_stand_at_their_lines(qtbot, bench, shown, tmp_path):
    open_text(bench, tmp_path, STAGES.replace('agents = ["writer"]', 'agents = ["writter"]'))
    source = written(qtbot, shown(Source(bench), 500, 300))

    line = next(n for n, it in enumerate(source.text.lines, 1) if "writter" in it)
    qtbot.waitUntil(lambda: source.text.gutter.signs.get(line) == "error")
