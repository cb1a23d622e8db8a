"""What the status bar tells of the problems of a flow."""

import pytest

from agentflow.problem import Problem, Severity


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
