"""A text of any length is shown, copied as it was, and never makes the window stand still."""

from itertools import pairwise

import pytest
from PySide6.QtGui import QTextCursor

from agentflow_editor.widgets.text_view import LONGEST_SHOWN, TextView

HOSTILE = '<img src="file:///etc/hostname">'


@pytest.fixture
def view(qtbot):
    view = TextView()
    qtbot.addWidget(view)
    return view


def test_a_line_of_a_million_characters_is_broken_and_cut(view):
    view.show_text("x" * 1_000_000)

    lines = view.toPlainText().split("\n")
    assert max(map(len, lines)) <= 2000
    assert sum(map(len, lines)) == LONGEST_SHOWN
    assert len(view.whole) == 1_000_000


def test_a_line_that_grows_piece_by_piece_is_broken_at_the_same_places(view):
    for _ in range(500):
        view.add_text("twelve signs")

    assert [len(line) for line in view.toPlainText().split("\n")] == [2000, 2000, 2000]
    assert view.whole == "twelve signs" * 500


def test_lines_that_are_short_enough_stay_as_they_are(view):
    text = "one\ntwo\n\nfour"
    view.show_text("something else")
    view.show_text(text)

    assert view.toPlainText() == text


def test_tags_in_a_text_are_shown(view):
    view.show_text(HOSTILE)

    assert view.toPlainText() == HOSTILE


def copied(view, first=0, end=None):
    cursor = view.textCursor()
    cursor.setPosition(first)
    last = view.document().characterCount() - 1
    cursor.setPosition(last if end is None else end, QTextCursor.MoveMode.KeepAnchor)
    view.setTextCursor(cursor)
    return view.createMimeDataFromSelection().text()


def test_what_is_copied_has_the_lines_as_they_were(view):
    text = "a" * 5000 + "\nshort\n" + "b" * 2001
    view.show_text(text)

    assert copied(view) == text
    # Two breaks that were not in the text stand in the first line.
    assert copied(view, 10, 5002) == "a" * 4990
    assert copied(view, 4990) == text[4988:]


def test_all_of_it_is_shown_in_order_whatever_is_added_meanwhile(view, qtbot):
    text = "".join(f"{number}\n" for number in range(100_000))
    view.show_text(text)
    assert view.shown == LONGEST_SHOWN

    view.show_all()
    view.add_text("the end")
    qtbot.waitUntil(lambda: not view.is_going_on)
    assert view.toPlainText() == f"{text}the end"


def test_no_turn_takes_long_whatever_is_shown(view, qtbot):
    """Each turn adds so much and no more; how long that takes is measured by the bench."""
    view.show_text("x" * 1_000_000)
    view.show_all()
    seen = [view.shown]
    view.shown_changed.connect(lambda: seen.append(view.shown))
    qtbot.waitUntil(lambda: not view.is_going_on)

    assert seen[-1] == 1_000_000
    assert max(after - before for before, after in pairwise(seen)) <= LONGEST_SHOWN
