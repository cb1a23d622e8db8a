"""Line patch: any text becomes any other, and a caret in a line that stays, stays."""

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from PySide6.QtGui import QTextCursor, QTextDocument

from agentflow_editor.widgets.line_patch import patch

pytestmark = pytest.mark.usefixtures("qapp")

LINES = st.lists(
    st.sampled_from(["[a]", "[b]", "x = 1", "x = 12", "", "# c", "ü\U0001f9ea", "\U0001f9eaü"]),
    min_size=1,
    max_size=10,
)


def document_of(lines):
    document = QTextDocument()
    document.setPlainText("\n".join(lines))
    return document


@settings(max_examples=300, deadline=None)
@given(old=LINES, new=LINES)
def test_any_text_becomes_any_other_and_back_again_by_undo(old, new):
    document = document_of(old)
    patch(document, old, new)

    assert document.toRawText().split("\u2029") == new
    if old != new:
        document.undo()
        assert document.toRawText().split("\u2029") == old


def test_a_caret_stays_in_its_line_and_its_column():
    old = ["[a]", "x = 1", "", "[b]", "y = 2"]
    document = document_of(old)
    caret = QTextCursor(document.findBlockByNumber(4))
    caret.movePosition(QTextCursor.MoveOperation.Right, n=3)
    patch(document, old, ["[new]", "z = 0", "", "[a]", "x = 12", "", "[b]", "y = 2"])

    assert (caret.blockNumber(), caret.positionInBlock()) == (7, 3)


def test_a_caret_in_a_line_that_changes_before_it_moves_along():
    document = document_of(["name = 'abc'  # here"])
    caret = QTextCursor(document)
    caret.movePosition(QTextCursor.MoveOperation.Right, n=15)
    patch(document, ["name = 'abc'  # here"], ["name = 'abcdef'  # here"])

    assert caret.block().text()[caret.positionInBlock() :] == " here"
