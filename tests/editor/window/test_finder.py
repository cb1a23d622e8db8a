"""Finding steps and commands with the keyboard."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from agentflow_editor.document import edits
from agentflow_editor.widgets.chooser import Choice
from agentflow_editor.window.command_palette import CommandPalette, ranked
from editor.document.drawn import CATALOGUE, chain, loop, router, sheet

CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


def begun(window, *steps):
    window.files.new_flow()
    window.workbench.document.edit("Begin", sheet(*steps))
    return window.finder


def test_ctrl_f_finds_while_one_types_and_enter_goes_on(window):
    finder = begun(window, "draft", "other", loop("l", "draft-2"))
    QTest.keyClick(window.canvas._view, Qt.Key.Key_F, CTRL)
    QTest.keyClicks(finder.field, "draft")
    selection = window.workbench.selection

    assert (selection.paths, finder.count.text()) == (("draft",), "1 of 2")
    QTest.keyClick(finder.field, Qt.Key.Key_Return)
    assert (selection.paths, finder.count.text()) == (("l/draft-2",), "2 of 2")
    QTest.keyClick(finder.field, Qt.Key.Key_Return)
    assert selection.paths == ("draft",)
    QTest.keyClick(finder.field, Qt.Key.Key_Return, SHIFT)
    assert selection.paths == ("l/draft-2",)
    QTest.keyClick(finder.field, Qt.Key.Key_Return, ALT)
    assert selection.paths == ("draft", "l/draft-2")
    QTest.keyClick(finder.field, Qt.Key.Key_Escape)
    assert finder.isHidden()
    assert window.canvas._view.hasFocus()


def test_what_is_found_far_away_comes_into_sight(window, qtbot):
    finder = begun(window, *(f"step{number}" for number in range(60)))
    window.canvas.placing.arrange()
    window.canvas.looking.reset_zoom()
    finder.open_bar()
    QTest.keyClicks(finder.field, "step59")

    view = window.canvas._view
    step = window.canvas._drawing.node("step59")
    qtbot.waitUntil(lambda: view.in_sight.contains(step.scene_rect()), timeout=3000)


def presses(window, key, modifiers=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(window.focusWidget() or window.canvas._view, key, modifiers)


def test_f3_goes_on_with_what_was_searched_last_when_the_bar_is_closed(window):
    finder = begun(window, "draft", "other", loop("l", "draft-2"))
    selection = window.workbench.selection
    presses(window, Qt.Key.Key_F3)
    assert finder.isVisible()  # nothing was searched yet
    QTest.keyClicks(finder.field, "draft")
    presses(window, Qt.Key.Key_F3)
    assert selection.paths == ("l/draft-2",)
    QTest.keyClick(finder.field, Qt.Key.Key_Escape)
    presses(window, Qt.Key.Key_F3)
    assert selection.paths == ("draft",)
    presses(window, Qt.Key.Key_F3, SHIFT)
    assert selection.paths == ("l/draft-2",)
    assert finder.isHidden()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("is:error", ("ghost", "r")),
        ("is:undefined", ("ghost",)),
        ("type:llm", ("writer",)),
        ("type:router", ("r",)),
        ("uses:topic", ("writer",)),
        ("uses:score", ("r",)),
        ("type:llm uses:topic", ("writer",)),
        ("type:loop", ()),
    ],
)
def test_filters_find_by_problem_type_and_key(window, text, found):
    finder = begun(window, "plain", "writer")
    document = window.workbench.document
    sheet_ = edits.change_type(document.sheet, "writer", "llm", catalogue=CATALOGUE)
    sheet_ = edits.set_agent(sheet_, "writer", "system_prompt", "Write about {{ topic }}.")
    made = sheet("plain", "writer", "ghost", router("r", chain("plain", case="hot"))).flow
    agents = {name: it for name, it in sheet_.flow.agents.items() if name != "ghost"}
    flow = made.model_copy(update={"agents": agents})
    sheet_ = edits.set_case(sheet_.with_flow(flow), "r", 0, "when", "score >")
    document.edit("Draw", sheet_)
    document.check_now()
    QTest.keyClick(window.canvas._view, Qt.Key.Key_F, CTRL)
    QTest.keyClicks(finder.field, text)

    assert finder.found == found
    if found:
        assert window.workbench.selection.current in found


def test_nothing_found_is_said(window):
    finder = begun(window, "a")
    finder.open_bar()
    QTest.keyClicks(finder.field, "zzz")

    assert finder.count.text() == "Nothing"
    QTest.keyClick(finder.field, Qt.Key.Key_Return)
    assert window.workbench.selection.paths == ()


def test_notes_are_found_with_the_steps_and_come_into_sight(window):
    finder = begun(window, "draft", loop("l", "b"))
    document, selection = window.workbench.document, window.workbench.selection
    sheet_ = edits.write_note(document.sheet, None, "why this\nDraft", (9000, 4000))
    document.edit("Add Note", sheet_)
    window.canvas.diving.enter("l")
    QTest.keyClick(window.canvas._view, Qt.Key.Key_F, CTRL)
    QTest.keyClicks(finder.field, "draft")
    assert (selection.keys, finder.count.text()) == (("draft",), "1 of 2")
    window.canvas.diving.enter("l")

    QTest.keyClick(finder.field, Qt.Key.Key_Return)
    assert (selection.keys, finder.count.text()) == (("#1",), "2 of 2")
    assert window.canvas.diving.inside == ""
    assert window.canvas.looking.sees_any_of("#1")
    finder.field.clear()
    QTest.keyClicks(finder.field, "is:note")
    assert finder.found == ("#1",)
    QTest.keyClick(finder.field, Qt.Key.Key_Return, ALT)
    assert selection.keys == ("#1",)


def test_a_note_is_searched_again_when_it_says_something_else(window, qtbot):
    finder = begun(window, "a")
    document = window.workbench.document
    document.edit("Add Note", edits.write_note(document.sheet, None, "this"))
    finder.open_bar()
    QTest.keyClicks(finder.field, "that")
    assert finder.found == ()

    document.edit("Write Note", edits.write_note(document.sheet, "1", "that"))
    qtbot.waitUntil(lambda: finder.found == ("#1",), timeout=2000)


def test_an_edit_while_the_bar_is_open_is_searched_again(window, qtbot):
    finder = begun(window, "a", "b")
    finder.open_bar()
    QTest.keyClicks(finder.field, "is:disabled")
    window.workbench.selection.select(("b",))
    window.action_set["structure.switch"].trigger()

    qtbot.waitUntil(lambda: finder.found == ("b",), timeout=2000)


def palette(window) -> CommandPalette:
    return next(it for it in window.findChildren(CommandPalette) if it.isVisible())


def test_ctrl_shift_p_does_what_a_few_letters_name(window):
    begun(window, "a", "b")
    window.workbench.selection.select(("a",))
    QTest.keyClick(window.canvas._view, Qt.Key.Key_P, CTRL | SHIFT)
    field = palette(window).findChild(QLineEdit)
    QTest.keyClicks(field, "wrp loop")
    QTest.keyClick(field, Qt.Key.Key_Return)

    steps = window.workbench.document.sheet.flow.root.steps
    assert [step.name for step in steps] == ["loop", "b"]


def test_every_action_is_in_the_command_palette(window):
    begun(window, "a")
    window.show_commands()
    shown = {choice.what for choice in palette(window)._shown}

    assert shown == {window.action_set[row.id] for row in window.action_set.rows()}


def test_what_cannot_be_done_now_is_pale_and_does_nothing(window):
    begun(window, "a")
    window.workbench.selection.select(())
    window.show_commands()
    field = palette(window).findChild(QLineEdit)
    QTest.keyClicks(field, "dissolve")
    before = window.workbench.document.sheet
    QTest.keyClick(field, Qt.Key.Key_Return)

    assert window.workbench.document.sheet is before
    assert not palette(window)._shown[0].is_enabled


MENU_ROWS = (
    "Edit: Truncate",
    "View: Prune View",
    "Run: Step",
    "Run: Follow Run",
    "Run: Run or Continue",
    "Run: Run with Input",
    "Help: Turn Around",
)


def commands(*titles: str) -> list[Choice]:
    return [Choice(text=title, what=title) for title in titles]


def found(text: str, *recent: str) -> list[str]:
    return [it.text for it in ranked(commands(*MENU_ROWS), text, recent)]


def test_how_a_title_begins_goes_before_a_word_before_what_is_in_it_before_its_menu_and_likeness():
    assert found("run")[:6] == [
        "Run: Run or Continue",
        "Run: Run with Input",
        "Run: Follow Run",
        "Edit: Truncate",
        "View: Prune View",
        "Run: Step",
    ]
    assert found("run i")[0] == found("input run")[0] == "Run: Run with Input"
    assert found("run: step")[0] == found("run step")[0] == "Run: Step"
    assert found("folow")[0] == "Run: Follow Run"
    assert found(":") == []


def test_of_those_that_are_as_near_the_latest_chosen_goes_first():
    assert found("run", "Run: Run with Input", "Run: Step")[:2] == [
        "Run: Run with Input",
        "Run: Run or Continue",
    ]
    assert found("", "Run: Step", "gone", "Edit: Truncate")[:3] == [
        "Run: Step",
        "Edit: Truncate",
        "View: Prune View",
    ]


def test_what_cannot_be_done_now_comes_last_however_near():
    off = Choice(text="Run: Run or Continue", what=1, is_enabled=False)
    on = Choice(text="Edit: Truncate", what=2)

    assert ranked([off, on], "run", [1]) == [on, off]


def test_what_was_chosen_is_offered_first_the_next_time(window):
    begun(window, "a", "b")
    window.show_commands()
    assert palette(window)._shown[0].text != "View: Zoom to Selection"
    field = palette(window).findChild(QLineEdit)
    QTest.keyClicks(field, "run")
    assert palette(window)._shown[0].text == "Run: Run or Continue"
    field.setText("zoom to sel")
    QTest.keyClick(field, Qt.Key.Key_Return)

    window.show_commands()
    assert palette(window)._shown[0].what is window.action_set["view.frame"]
    assert window.workbench.settings.commands == ("view.frame",)


def test_commands_are_found_by_words_beginnings_and_near_misses():
    titles = ["View: Zoom to Selection", "View: Zoom In", "Structure: Wrap in Loop", "File: Save"]
    choices = [Choice(text=title, what=title) for title in titles]

    def first(text: str) -> str:
        return ranked(choices, text)[0].text

    assert first("zoom sel") == "View: Zoom to Selection"
    assert first("loop") == first("wrap lop") == "Structure: Wrap in Loop"
    assert first("sve") == "File: Save"
    assert ranked(choices, "qqqq") == []
    assert [it.text for it in ranked(choices, " ")] == titles
