"""Plain text: nothing from outside is taken for HTML, and nothing makes the window stand still."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument

from agentflow_editor.looks.plain_text import (
    PlainLabel,
    breakable,
    displayable,
    on_one_line,
    plain_tooltip,
    shortened,
)

HOSTILE = (
    '<img src="file:///etc/hostname">',
    "if a<b and c>d",
    "<b>bold</b> and <a href='x'>link</a>",
    "<table><tr><td>",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_label_shows_tags_as_they_stand(qtbot, text):
    label = PlainLabel(text)
    qtbot.addWidget(label)

    label.setTextFormat(Qt.TextFormat.RichText)

    assert label.text() == text
    assert label.textFormat() == Qt.TextFormat.PlainText


@pytest.mark.parametrize("word", ["W" * 100, "Donaudampfschifffahrtsgesellschaft" * 3, "漢字" * 50])
def test_a_word_that_is_longer_than_a_line_goes_on_in_the_next_one(qtbot, word):
    label = PlainLabel(f"no agent named '{word}'; add it")
    qtbot.addWidget(label)
    label.setWordWrap(True)

    assert word in label.text()
    assert label.minimumSizeHint().width() < 160
    assert label.heightForWidth(160) > 5 * label.fontMetrics().lineSpacing()
    label.setText(word)
    assert label.text() == word
    assert label.minimumSizeHint().width() < 160


def test_what_can_be_copied_from_a_label_is_what_it_says(qtbot):
    label = PlainLabel("/a/folder/with/a/long/name/agentflow.toml")
    qtbot.addWidget(label)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setSelection(0, len(label.text()))

    assert label.selectedText() == label.text()


def test_a_sign_that_is_drawn_upon_another_one_stays_there():
    word = "e\u0301" * 20

    assert breakable(word).replace("\u200b", "") == word
    assert "\u200b\u0301" not in breakable(word)
    assert breakable("short words stay") == "short words stay"


@pytest.mark.parametrize("text", HOSTILE)
def test_a_tooltip_reads_as_the_text_that_it_was_made_of(qapp, text):
    document = QTextDocument()
    document.setHtml(plain_tooltip(text))

    assert document.toPlainText() == text


def test_a_tooltip_is_cut_before_it_fills_the_screen():
    assert len(plain_tooltip("x" * 100_000)) < 700


def test_signs_that_hide_or_reorder_text_are_shown_as_escapes():
    assert displayable("a\u202eb\x1b[2Jc") == "a\\u202eb\\x1b[2Jc"
    assert displayable("tab\tand\nline\r\nend") == "tab\tand\nline\nend"


def test_a_short_form_says_how_much_is_missing():
    assert shortened("abc", 3) == "abc"
    assert shortened("abcdef", 3) == "abc… (3 more characters)"


def test_one_line_has_no_line_breaks_and_is_not_too_long():
    assert on_one_line("a\n b\t c") == "a b c"
    assert len(on_one_line("word " * 1000, 80)) <= 80
