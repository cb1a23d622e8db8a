"""Line patch: makes a text document say another text by changing only the lines that differ."""

from collections.abc import Sequence

from PySide6.QtGui import QTextCursor, QTextDocument

from agentflow_editor.document.line_merge import Hunk, hunks

__all__ = ["patch"]


def patch(document: QTextDocument, old: Sequence[str], new: Sequence[str]) -> None:
    """Change the lines that differ, from the bottom up; cursors elsewhere stay where they are.

    Args:
        document: what says the old lines.
        old: without line ends, as all.
        new: what it is to say.
    """
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    for hunk in reversed(hunks(old, new)):
        _replace(cursor, hunk, old)
    cursor.endEditBlock()


def _replace(cursor: QTextCursor, hunk: Hunk, old: Sequence[str]) -> None:
    gone, come = "\n".join(old[hunk.start : hunk.end]), "\n".join(hunk.lines)
    start = _position(cursor, hunk.start)
    if hunk.end == hunk.start:
        # Whole lines come: before the line that follows, or below the last one.
        at_end = hunk.start == len(old)
        gone, come = "", f"\n{come}" if at_end else f"{come}\n"
    elif not hunk.lines:
        gone += "\n"
        if hunk.end == len(old):
            start, gone = start - (hunk.start > 0), gone if hunk.start else gone[:-1]
    _replace_text(cursor, start, gone, come)


def _replace_text(cursor: QTextCursor, start: int, gone: str, come: str) -> None:
    """Replace a text by another one, without what both begin and end with."""
    shorter = min(len(gone), len(come))
    first = next((at for at in range(shorter) if gone[at] != come[at]), shorter)
    rest = shorter - first
    last = next((at for at in range(rest) if gone[-1 - at] != come[-1 - at]), rest)
    begin = start + _units(gone[:first])
    cursor.setPosition(begin)
    end = begin + _units(gone[first : len(gone) - last])
    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    cursor.insertText(come[first : len(come) - last])


def _position(cursor: QTextCursor, line: int) -> int:
    document = cursor.document()
    block = document.findBlockByNumber(line)
    return block.position() if block.isValid() else document.characterCount() - 1


def _units(text: str) -> int:
    """How long a text is for Qt, which counts in halves of UTF-32."""
    return len(text) + sum(sign > "\uffff" for sign in text)
