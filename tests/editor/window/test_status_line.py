"""What the status bar tells of the problems of a flow."""

import pytest

from agentflow.problem import Problem, Severity
from editor.benches import TWO_STEPS


def found(*severities: Severity) -> list[Problem]:
    return [Problem(severity=it, code="a code", message="something") for it in severities]


@pytest.mark.parametrize(
    ("severities", "told"),
    [
        ((), "No problems"),
        (("info",), "1 hint"),
        (("info", "info"), "2 hints"),
        (("info", "warning"), "1 warning, 1 hint"),
        (("error", "info", "error", "warning"), "2 errors, 1 warning, 1 hint"),
    ],
)
def test_everything_that_was_found_is_counted(window, severities, told) -> None:
    line = window._status
    line.show_problems(found(*severities))

    assert line.problems.text() == told
    assert not line.problems.icon().isNull()


def test_what_was_told_of_one_flow_is_not_told_of_the_next(window, tmp_path) -> None:
    window.files.new_flow()
    window._status.tell("The run failed")
    assert window.statusBar().currentMessage() == "The run failed"

    file = tmp_path / "agentflow.toml"
    file.write_text(TWO_STEPS, "utf-8")
    window.files.open_flow(file)

    assert window.statusBar().currentMessage() == ""


def test_how_a_long_text_begins_is_told_in_the_bar_and_all_of_it_at_the_mouse(window) -> None:
    window.files.new_flow()
    long = "The run failed, " + "because this and that was not there, " * 8
    window._status.tell(long)
    bar = window.statusBar()

    told = bar.currentMessage()
    assert told.endswith("…")
    assert len(told) > 60
    end = bar.fontMetrics().horizontalAdvance(told)
    assert end < window._status.problems.x()
    assert long.strip() in bar.toolTip()
    window._status.tell("Saved")
    assert (bar.currentMessage(), "Saved" in bar.toolTip()) == ("Saved", True)
