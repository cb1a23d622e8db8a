"""Durations: understood however a person writes them, shown as the file has them."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from agentflow.duration import Duration
from agentflow_editor.forms.duration import understood


@pytest.fixture
def line(made):
    found = made(wait=(Duration | None, None)).rows["wait"].editor.line
    found.setFocus()
    return found


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("90", 90),
        ("90s", 90),
        ("250ms", 0.25),
        ("1.5 min", 90),
        ("1,5 h", 5400),
        ("2 hours 5 min", 7500),
        ("1 h and 2 s", 3602),
        ("1:30", 90),
        ("1:02:03", 3723),
        ("1 day", 86_400),
        ("2M", 120),
    ],
)
def test_a_person_may_write_it_in_many_ways(typed, seconds):
    assert understood(typed) == timedelta(seconds=seconds)


@pytest.mark.parametrize("typed", ["", "soon", "5 5", "3 parsecs", "30 days", "-5s", "1m x"])
def test_what_nobody_can_understand_is_no_duration(typed):
    assert understood(typed) is None


def test_what_was_understood_is_told_at_once_and_shown_when_the_field_is_left(qtbot, line, told):
    qtbot.keyClicks(line, "2 min")
    assert told.last == "2m"
    assert line.text() == "2 min"

    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert line.text() == "2m"


def test_a_duration_as_go_writes_it_is_kept_as_it_is_typed(qtbot, line, told):
    qtbot.keyClicks(line, "120s")

    assert told.last == "120s"


@pytest.mark.parametrize(
    ("shown", "up"), [("500ms", "510ms"), ("5s", "6s"), ("10m", "11m"), ("3h", "4h"), ("", "1s")]
)
def test_the_arrow_keys_count_in_the_unit_that_it_is_about(qtbot, line, told, shown, up):
    line.setText(shown)

    qtbot.keyClick(line, Qt.Key.Key_Up)
    assert (told.last, line.text()) == (up, up)

    qtbot.keyClick(line, Qt.Key.Key_Down)
    assert line.text() in (shown, "0")
