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
