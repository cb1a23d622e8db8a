"""Lines of a text: told apart, brought together, and given back with the ends that they had."""

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from agentflow_editor.document.line_ends import rejoined, shown_lines
from agentflow_editor.document.line_merge import hunks, merged_lines, small_hunks

LINES = st.lists(
    st.sampled_from(["[a]", "[b]", "x = 1", "y = 2", "", "# c", "ü\U0001f9ea"]), max_size=12
)


def applied(lines, found):
    result = list(lines)
    for hunk in reversed(found):
        result[hunk.start : hunk.end] = hunk.lines
    return result


@pytest.mark.parametrize("found", [hunks, small_hunks])
@given(old=LINES, new=LINES)
def test_hunks_turn_one_text_into_the_other(found, old, new):
    assert applied(old, found(old, new)) == new


@given(base=LINES, other=LINES)
def test_where_only_one_has_changed_anything_theirs_or_mine_is_the_result(base, other):
    assert merged_lines(base, other, base) == (other, False)
    assert merged_lines(base, base, other) == (other, False)
    assert merged_lines(base, other, other) == (other, False)


@settings(max_examples=200)
@given(base=LINES, mine=LINES, theirs=LINES)
def test_what_i_typed_is_never_taken_away(base, mine, theirs):
    lines, _ = merged_lines(base, mine, theirs)
    for hunk in hunks(base, mine):
        width = len(hunk.lines)
        runs = (tuple(lines[at : at + width]) for at in range(len(lines) - width + 1))
        assert hunk.lines in runs


@given(
    st.text(alphabet="ab\r\n", max_size=20).filter(lambda it: "\r" not in it.replace("\r\n", ""))
)
def test_lines_that_are_not_changed_get_their_own_ends_back(text):
    assert rejoined(shown_lines(text), text) == text


def test_new_lines_end_as_most_do():
    text = "a\r\nb\r\nc\n"

    assert rejoined(["a", "b", "new", "c", ""], text) == "a\r\nb\r\nnew\r\nc\n"
    assert rejoined(["a", "b", "c", "last"], text) == "a\r\nb\r\nc\nlast"
