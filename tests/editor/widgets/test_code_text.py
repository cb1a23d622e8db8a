"""What one key does to lines of TOML."""

import pytest

from agentflow_editor.widgets.code_text import (
    bracket_pair,
    commented,
    indentation,
    indented,
    quoted_at,
)


def test_lines_become_comments_at_their_common_margin_and_lines_again():
    lines = ["  a = [", "    1,", "", "  ]"]
    comments = ["  # a = [", "  #   1,", "", "  # ]"]

    assert commented(lines) == comments
    assert commented(comments) == lines


def test_lines_of_which_only_some_are_comments_all_become_comments():
    assert commented(["# a", "b = 1"]) == ["# # a", "# b = 1"]


def test_indenting_is_taken_back_by_the_opposite():
    assert indented(["a", "", " b"], 1) == ["  a", "", "   b"]
    assert indented(["  a", "", "   b"], -1) == ["a", "", " b"]
    assert indented(["a", "\tb"], -1) == ["a", "b"]


@pytest.mark.parametrize(
    ("line", "begins"), [("a = [", "  "), ("  x = {", "    "), ("# [", ""), ("  b = 1", "  ")]
)
def test_the_next_line_begins_where_the_last_one_leaves_off(line, begins):
    assert indentation(line) == begins


@pytest.mark.parametrize(
    ("text", "at", "pair"),
    [
        ("a = [1, [2]]", 4, (4, 11)),
        ("a = [1, [2]]", 12, (4, 11)),
        ("a = [1, [2]]", 8, (8, 10)),
        ('a = ["]", 1]', 4, (4, 11)),
        ("a = [ # ]\n1]", 4, (4, 11)),
        ('a = """[""" # ]', 7, None),
        ("a = 1", 2, None),
        ("[agents.x]", 0, (0, 9)),
    ],
)
def test_a_bracket_is_found_with_the_one_that_belongs_to_it(text, at, pair):
    assert bracket_pair(text, at) == pair


@pytest.mark.parametrize(("column", "text"), [(0, ""), (12, "one"), (18, "t'wo"), (25, "")])
def test_the_text_in_quotes_at_a_column(column, text):
    assert quoted_at("""agents = [ "one", "t'wo" ]""", column) == text
