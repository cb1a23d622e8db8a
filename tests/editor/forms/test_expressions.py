"""Conditions, templates and keys: completed with what may be there, told as of the last run."""

from typing import Any, Literal

import pytest
from pydantic import Field
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from agentflow_editor.forms._keys import template_told
from agentflow_editor.forms.base import UNSET, Surroundings

LAST = {"score": 0.83, "draft": "A fine text.", "team": {"left": {"response": "yes"}, "count": 2}}


@pytest.fixture
def around():
    return Surroundings(keys=lambda: ("score", "summary", "message"), last_run=lambda: LAST)


@pytest.fixture
def condition(made, around):
    editor = made(around, condition=(str, "")).rows["condition"].editor
    editor.line.setFocus()
    return editor


@pytest.fixture
def template(made, around):
    declared = Field(default="", json_schema_extra={"form": "template"})
    editor = made(around, prompt=(str, declared)).rows["prompt"].editor
    editor.lines.setFocus()
    return editor


def press(qtbot, key):
    """Press a key where the keyboard is: in the open list, else in the field."""
    target = QApplication.activePopupWidget() or QApplication.focusWidget()
    qtbot.keyClick(target, key)


def test_typing_offers_the_keys_that_may_be_there(qtbot, condition):
    qtbot.keyClicks(condition.line, "s")

    assert condition.completion.offered == ["score", "summary", "message"]


def test_what_begins_like_it_is_offered_first(qtbot, condition):
    qtbot.keyClicks(condition.line, "m")

    assert condition.completion.offered == ["message", "summary", "team"]


def test_enter_takes_the_first_offer_and_the_person_types_on(qtbot, condition, told):
    qtbot.keyClicks(condition.line, "sc")
    press(qtbot, Qt.Key.Key_Return)
    assert condition.line.text() == "score"
    assert condition.completion.offered == []

    qtbot.keyClicks(condition.line, " > 0.5")
    assert told.last == "score > 0.5"
    assert condition.line.hasFocus()


def test_escape_closes_the_list_and_nothing_else(qtbot, condition):
    qtbot.keyClicks(condition.line, "sc")
    press(qtbot, Qt.Key.Key_Escape)

    assert condition.completion.offered == []
    assert condition.line.text() == "sc"
    assert condition.line.hasFocus()


def test_behind_a_dot_is_offered_what_the_last_run_had_there(qtbot, condition):
    qtbot.keyClicks(condition.line, "team.")
    assert condition.completion.offered == ["left", "count"]

    qtbot.keyClicks(condition.line, "l")
    press(qtbot, Qt.Key.Key_Return)
    assert condition.line.text() == "team.left"


def test_in_the_middle_of_an_expression_only_the_name_there_is_completed(qtbot, condition):
    condition.line.setText("1.0 < sc && true")
    condition.line.setCursorPosition(len("1.0 < sc"))
    qtbot.keyClick(condition.line, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    press(qtbot, Qt.Key.Key_Return)

    assert condition.line.text() == "1.0 < score && true"


def test_inside_a_text_nothing_is_offered(qtbot, condition):
    qtbot.keyClicks(condition.line, "draft == 'sc")

    assert condition.completion.offered == []


def test_the_list_says_what_each_key_held_in_the_last_run(qtbot, condition):
    qtbot.keyClicks(condition.line, "sc")

    shown = condition.completion._model.item(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert shown == "score: 0.83"


def test_a_condition_says_what_it_came_to_in_the_last_run(qtbot, condition):
    qtbot.keyClicks(condition.line, "score > 0.5")

    qtbot.waitUntil(lambda: condition.live.text() == "Last run: true (score = 0.83)")
    assert condition.live.isVisible()


def test_a_key_that_the_last_run_did_not_have_is_said_to_be_missing(qtbot, condition):
    qtbot.keyClicks(condition.line, "scre > 0.5")

    qtbot.waitUntil(
        lambda: "did not" in condition.live.text() or "not there" in condition.live.text()
    )


def test_without_a_run_nothing_is_told(qtbot, made):
    editor = made(condition=(str, "")).rows["condition"].editor
    qtbot.keyClicks(editor.line, "score > 0.5")
    qtbot.wait(200)

    assert editor.live.isHidden()


def test_in_a_prompt_keys_are_offered_between_the_braces_only(qtbot, template):
    qtbot.keyClicks(template.lines, "Write about sc")
    assert template.completion.offered == []

    qtbot.keyClicks(template.lines, " {{")
    assert template.completion.offered[:2] == ["score", "summary"]
    qtbot.keyClicks(template.lines, " dra")
    press(qtbot, Qt.Key.Key_Return)
    qtbot.keyClicks(template.lines, " }} now")
    assert template.lines.toPlainText() == "Write about sc {{ draft }} now"
    assert template.completion.offered == []


def test_a_prompt_is_shown_filled_in_as_of_the_last_run(qtbot, template):
    qtbot.keyClicks(template.lines, "Improve: {{ draft | upper }}")

    qtbot.waitUntil(lambda: template.live.text() == "Last run: Improve: A FINE TEXT.")


def test_a_prompt_that_is_no_template_says_so_and_keeps_the_text_and_the_keyboard(
    qtbot, made, around, told
):
    declared = Field(default="", json_schema_extra={"form": "template"})
    row = made(around, prompt=(str, declared)).rows["prompt"]
    row.editor.lines.setFocus()
    qtbot.keyClicks(row.editor.lines, "{{ draft")

    assert "no template" in row._fault.text()
    assert all("{{" not in text for text in told.values)
    assert row.editor.lines.hasFocus()
    assert row.editor.lines.toPlainText() == "{{ draft"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("plain", ""),
        ("{{ draft", ""),
        ("{{ recall('x') }}", ""),
        ("{{ team.count + 1 }}", "3"),
        ("{{ nothing }}", "'nothing' is undefined"),
        ("{{ many | join('-') }}", "too much work"),
    ],
)
def test_a_template_is_told_quickly_and_whatever_it_asks_for(text, told):
    said = template_told(text, {**LAST, "many": list(range(200_000))})

    assert told in said if told else said == ""


def colours(lines):
    """The colour of each letter, by line."""
    found = []
    block = lines.document().firstBlock()
    while block.isValid():
        spans = {}
        for span in block.layout().formats():
            for at in range(span.start, span.start + span.length):
                spans[block.text()[at]] = span.format.foreground().color().name()
        found.append(spans)
        block = block.next()
    return found


def test_what_a_prompt_fills_in_is_coloured_over_several_lines(template, around):
    template.lines.setPlainText("plain {{ k\n| f }} x\n{# no #}")
    theme = around.theme()
    first, second, third = colours(template.lines)

    assert first["k"] == theme.agent
    assert "p" not in first
    assert second["f"] == theme.collaborative
    assert "x" not in second
    assert third["n"] == theme.muted


def test_a_field_for_a_key_offers_keys_and_says_what_it_held(qtbot, made, around):
    declared = Field(default="", json_schema_extra={"form": "key"})
    editor = made(around, input_key=(str, declared)).rows["input_key"].editor
    qtbot.keyClick(editor.line, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    assert editor.completion.offered == ["score", "summary", "message", "draft", "team"]

    qtbot.keyClicks(editor.line, "draft")
    qtbot.waitUntil(lambda: editor.live.text() == "Last run: A fine text.")


def cell(qtbot, table, row, column):
    """A double click into a cell opens a line in it."""
    at = table.visualRect(table.model().index(row, column)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    return QApplication.focusWidget()


def test_a_table_is_filled_by_mouse_and_keyboard_and_its_templates_are_completed(
    qtbot, made, around, told
):
    table = made(around, output=(dict[str, Any], {})).rows["output"].editor.table
    name = cell(qtbot, table, 0, 0)
    qtbot.keyClicks(name, "answer")
    qtbot.keyClick(name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: told.values == [{"answer": ""}])

    value = cell(qtbot, table, 0, 1)
    qtbot.keyClicks(value, "{{ dra")
    press(qtbot, Qt.Key.Key_Return)
    qtbot.keyClicks(value, " }}")
    qtbot.keyClick(value, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: told.last == {"answer": "{{ draft }}"})
    assert table.rowCount() == 2

    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Delete)
    assert told.last is UNSET


def test_the_keys_of_a_merge_are_offered(qtbot, made, around):
    declared = Field(default={}, json_schema_extra={"form": "keys"})
    table = made(around, merge=(dict[str, Literal["sum", "max"]], declared)).rows["merge"]
    line = cell(qtbot, table.editor.table, 0, 0)
    qtbot.keyClicks(line, "sc")
    press(qtbot, Qt.Key.Key_Return)

    assert line.text() == "score"
