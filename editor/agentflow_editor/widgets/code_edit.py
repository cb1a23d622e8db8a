"""CodeEdit: a text editor for TOML, with line numbers, marks, brackets and comments by one key."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QMimeData, QRect, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QTextBlock,
    QTextCursor,
)
from PySide6.QtWidgets import QPlainTextEdit, QToolTip

from agentflow_editor.looks.fonts import mono
from agentflow_editor.looks.theme import Theme
from agentflow_editor.widgets.code_gutter import CodeGutter
from agentflow_editor.widgets.code_marks import Underline, band, brackets_at, highlight, wave
from agentflow_editor.widgets.code_text import (
    INDENT,
    commented,
    indentation,
    indented,
    units,
)
from agentflow_editor.widgets.line_patch import patch
from agentflow_editor.widgets.toml_colors import TomlColors

__all__ = ["CodeEdit"]

Modifier = Qt.KeyboardModifier
KEYS = (
    "Escape leaves the text. Control and Enter takes over what was typed, Control and slash makes "
    "lines comments, Control and F finds."
)


class CodeEdit(QPlainTextEdit):
    """Text of many short lines. What it is given may be changed anew without losing the caret."""

    typed = Signal()
    """A person has changed the text."""
    taking_wanted = Signal()
    """What was typed is to count now."""
    undo_wanted = Signal()
    """Undo, and nothing that was typed here is left to undo."""
    redo_wanted = Signal()
    find_wanted = Signal()
    find_next_wanted = Signal(int)
    """(by) 1 for the next place, -1 for the one before."""
    left = Signal()
    """The keyboard went elsewhere."""
    escaped = Signal()
    """The keyboard is wanted elsewhere."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._is_showing = False
        self._lines: list[str] = [""]
        self._sequels: set[int] = set()
        self._underlines: tuple[Underline, ...] = ()
        self._found: list[QTextCursor] = []
        self._marked: int | None = None
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFont(mono(12))
        self.setObjectName("bare")
        self.setAccessibleDescription(KEYS)
        self.setCursorWidth(2)
        self.setTabStopDistance(self.fontMetrics().horizontalAdvance(INDENT))
        self._colors = TomlColors(self.document())
        self.gutter = CodeGutter(self, self._blocks_in_sight, theme)
        self.blockCountChanged.connect(self._make_room)
        self.updateRequest.connect(self._on_update)
        self.cursorPositionChanged.connect(self._mark)
        self.textChanged.connect(self._on_text)
        self._make_room()
        self.paint(theme)

    @property
    def lines(self) -> list[str]:
        """The text as it stands, without line ends."""
        return self._lines

    def show_lines(self, lines: Sequence[str], *, is_sequel: bool = False) -> None:
        """Show another text. The caret, and what is in sight, stay where their lines are.

        Args:
            lines: the text.
            is_sequel: whether it follows from what was typed, and is undone together with that.
        """
        old = self.lines
        if old == list(lines):
            return
        self._is_showing = True
        bar = self.verticalScrollBar()
        top = self.firstVisibleBlock()
        try:
            if old == [""]:
                self.setPlainText("\n".join(lines))
            else:
                patch(self.document(), old, lines)
        finally:
            self._is_showing = False
        self._read()
        if is_sequel:
            self._sequels.add(self.document().availableUndoSteps())
        else:
            self.document().clearUndoRedoStacks()
            self._sequels.clear()
        if top.isValid() and old != [""]:
            bar.setValue(top.firstLineNumber())

    def go_to(self, line: int, column: int = 1) -> None:
        """Put the caret into a line, from 1, and have it in sight."""
        block = self.document().findBlockByNumber(line - 1)
        cursor = QTextCursor(block)
        cursor.setPosition(block.position() + units(block.text()[: column - 1]))
        self.setTextCursor(cursor)
        self.centerCursor()

    def reveal_line(self, line: int) -> None:
        """Have a line in sight, wherever the caret is."""
        shown = [block.blockNumber() + 1 for block, _ in self._blocks_in_sight()]
        if line not in shown[1:-2]:
            block = self.document().findBlockByNumber(line - 1)
            page = self.verticalScrollBar().pageStep()
            self.verticalScrollBar().setValue(max(0, block.firstLineNumber() - page // 3))

    def mark_line(self, line: int | None) -> None:
        """Mark a line as the one that is about what is selected elsewhere."""
        self._marked = line
        self._mark()

    def underline(self, underlines: Sequence[Underline]) -> None:
        """Mark what is wrong."""
        self._underlines = tuple(underlines)
        by_severity = sorted(underlines, key=lambda it: it.role == "error")
        self.gutter.signs = {it.line: it.role for it in by_severity}
        self.gutter.update()
        self._mark()

    def show_found(self, found: list[QTextCursor]) -> None:
        """Mark what was found."""
        self._found = found
        self._mark()

    def paint(self, theme: Theme) -> None:
        """Draw in a theme's colours."""
        self._theme = self.gutter.theme = theme
        self._colors.paint(theme)
        self.gutter.update()
        self._mark()

    def toggle_comment(self) -> None:
        """Make the selected lines comments, or no comments any more."""
        self._change_lines(commented)

    def indent(self, by: int) -> None:
        """Move the selected lines in, or out for a negative number."""
        self._change_lines(lambda lines: indented(lines, by))

    def _change_lines(self, change: Callable[[Sequence[str]], list[str]]) -> None:
        cursor = self.textCursor()
        first, last = cursor.selectionStart(), cursor.selectionEnd()
        cursor.setPosition(last)
        if cursor.atBlockStart() and last > first:
            cursor.movePosition(QTextCursor.MoveOperation.Left)
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
        cursor.setPosition(first, QTextCursor.MoveMode.KeepAnchor)
        cursor.movePosition(QTextCursor.MoveOperation.StartOfBlock, QTextCursor.MoveMode.KeepAnchor)
        lines = cursor.selectedText().split("\u2029")
        changed = change(lines)
        if changed == lines:
            return
        is_one = len(lines) == 1 and first == last
        at = self.textCursor().positionInBlock() + len(changed[0]) - len(lines[0])
        begin = cursor.selectionStart()
        cursor.insertText("\n".join(changed))
        if is_one:
            cursor.setPosition(begin + max(0, at))
        else:
            cursor.setPosition(begin, QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._command(event) is not None
        ):
            event.accept()  # in the window these keys mean something else
            return True
        return super().event(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            line = self.cursorForPosition(event.pos()).blockNumber() + 1
            tips = [it.tip for it in self._underlines if it.line == line]
            QToolTip.showText(event.globalPos(), "".join(tips), self)
            return True
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        command = self._command(event)
        if command is not None:
            command()
        elif self._is_enter(event) and not self.isReadOnly():
            cursor = self.textCursor()
            line = cursor.block().text()[: cursor.positionInBlock()]
            cursor.insertText("\n" + indentation(line))
            self.setTextCursor(cursor)
            self.ensureCursorVisible()
        else:
            super().keyPressEvent(event)

    def _command(self, event: QKeyEvent) -> Callable[[], object] | None:
        """What a key does that does something else than in any text."""
        key, held = event.key(), event.modifiers() & ~Modifier.KeypadModifier
        if event.matches(QKeySequence.StandardKey.Undo):
            return self._undo
        if event.matches(QKeySequence.StandardKey.Redo) or (
            key == Qt.Key.Key_Y and held == Modifier.ControlModifier
        ):
            return self._redo
        is_enter = key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and held == Modifier.ControlModifier:
            return self.taking_wanted.emit
        simple: dict[tuple[Qt.Key, Qt.KeyboardModifier], Callable[[], object]] = {
            (Qt.Key.Key_F, Modifier.ControlModifier): self.find_wanted.emit,
            (Qt.Key.Key_F3, Modifier.NoModifier): lambda: self.find_next_wanted.emit(1),
            (Qt.Key.Key_F3, Modifier.ShiftModifier): lambda: self.find_next_wanted.emit(-1),
            (Qt.Key.Key_Escape, Modifier.NoModifier): self.escaped.emit,
        }
        writing: dict[tuple[Qt.Key, Qt.KeyboardModifier], Callable[[], object]] = {
            (Qt.Key.Key_Slash, Modifier.ControlModifier): self.toggle_comment,
            (Qt.Key.Key_Tab, Modifier.NoModifier): self._tab,
            (Qt.Key.Key_Backtab, Modifier.ShiftModifier): lambda: self.indent(-1),
        }
        known = simple if self.isReadOnly() else simple | writing
        return known.get((Qt.Key(key), held))

    def _is_enter(self, event: QKeyEvent) -> bool:
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        return is_enter and not event.modifiers() & ~Modifier.KeypadModifier

    def _tab(self) -> None:
        if self.textCursor().hasSelection():
            self.indent(1)
        else:
            self.textCursor().insertText(INDENT)

    def _undo(self) -> None:
        if not self.document().isUndoAvailable():
            self.undo_wanted.emit()
            return
        is_sequel = self.document().availableUndoSteps() in self._sequels
        self.undo()
        if is_sequel:
            self.undo()

    def _redo(self) -> None:
        if not self.document().isRedoAvailable():
            self.redo_wanted.emit()
            return
        self.redo()
        if self.document().availableUndoSteps() + 1 in self._sequels:
            self.redo()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Leave files to the window, which opens them."""
        return not source.hasUrls() and super().canInsertFromMimeData(source)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        was_seen = 0 <= self.cursorRect().center().y() < event.oldSize().height()
        super().resizeEvent(event)
        if was_seen and self.hasFocus():
            self.ensureCursorVisible()
        self._make_room()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "gutter"):
            self.gutter.setFont(self.font())
            self.setTabStopDistance(self.fontMetrics().horizontalAdvance(INDENT))
            self._make_room()

    def _on_text(self) -> None:
        # Colours change the text, too, for Qt.
        if not self._is_showing and self._read():
            self.typed.emit()

    def _read(self) -> bool:
        """Look what stands there now; whether it is another text."""
        # The plain text would have spaces for what is no space.
        known, self._lines = self._lines, self.document().toRawText().split("\u2029")
        return self._lines != known

    def _make_room(self, *_: object) -> None:
        self.setViewportMargins(self.gutter.room(), 0, 0, 0)
        inside = self.contentsRect()
        self.gutter.setGeometry(
            QRect(inside.left(), inside.top(), self.gutter.room(), inside.height())
        )

    def _on_update(self, rect: QRect, dy: int) -> None:
        if dy:
            self.gutter.scroll(0, dy)
        else:
            self.gutter.update(0, rect.y(), self.gutter.width(), rect.height())

    def _blocks_in_sight(self) -> list[tuple[QTextBlock, QRect]]:
        found: list[tuple[QTextBlock, QRect]] = []
        block = self.firstVisibleBlock()
        bottom = self.viewport().height()
        while block.isValid():
            where = self.blockBoundingGeometry(block).translated(self.contentOffset()).toRect()
            if where.top() > bottom:
                break
            found.append((block, where))
            block = block.next()
        return found

    def _mark(self) -> None:
        theme, caret = self._theme, self.textCursor()
        is_typing = self.hasFocus()
        marks = [band(caret, theme.color("raised"))] if is_typing else []
        if self._marked is not None:
            block = self.document().findBlockByNumber(self._marked - 1)
            marks.append(band(QTextCursor(block), theme.color("raised")))
        marks += [highlight(it, theme.color("route")) for it in self._found]
        if is_typing and not caret.hasSelection():
            marks += [highlight(it, theme.color("accent")) for it in brackets_at(caret)]
        marks += [wave(self.document(), it, theme.color(it.role)) for it in self._underlines]
        self.setExtraSelections(marks)
