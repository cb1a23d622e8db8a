"""What agents print while a run goes on is caught."""

import sys

from agentflow.cli.console.printed import caught_prints


def test_whole_lines_are_told_as_they_come_and_the_rest_at_the_end(capsys):
    told: list[str] = []

    with caught_prints(told.append):
        sys.stdout.write("one\ntwo\n")
        sys.stderr.write("three")
        assert told == ["one", "two"]

    assert told == ["one", "two", "three"]
    assert capsys.readouterr() == ("", "")
