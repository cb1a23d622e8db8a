"""FindBar: finds words in a text, and goes from one place to the next."""

from PySide6.QtGui import QTextCursor

from agentflow_editor.looks.theme import Theme
from agentflow_editor.widgets.code_edit import CodeEdit
from agentflow_editor.widgets.search_bar import SearchBar

__all__ = ["FindBar"]

MOST = 2_000
"""Places that are marked and counted."""


class FindBar(SearchBar):
    """Marks all places, and selects the current one."""

    def __init__(self, code: CodeEdit, theme: Theme) -> None:
        super().__init__("Find in the source")
        self._code = code
        self._found: list[QTextCursor] = []
        self.field.setAccessibleName("Find in the source")
        self.row.setContentsMargins(6, 4, 6, 4)
        self.field.textChanged.connect(self._on_words)
        code.textChanged.connect(self._on_text)
        self.paint(theme)

    def open_bar(self) -> None:
        """Show it, with what is selected in the text, and take the keyboard."""
        chosen = self._code.textCursor().selectedText()
        self.show()
        if chosen and "\u2029" not in chosen:
            self.field.setText(chosen)
        super().open_bar()

    def close_bar(self) -> None:
        self._code.show_found([])
        super().close_bar()

    def go(self, by: int) -> None:
        """Select the next place, or the one before; from the last one on to the first."""
        if self.isHidden():
            self.open_bar()
        if not self._found:
            return
        here = self._code.textCursor()
        if by > 0:
            after = (it for it in self._found if it.selectionStart() >= here.selectionEnd())
            chosen = next(after, self._found[0])
        else:
            ahead = (
                it for it in reversed(self._found) if it.selectionEnd() <= here.selectionStart()
            )
            chosen = next(ahead, self._found[-1])
        self._choose(chosen)

    def _on_words(self) -> None:
        self.search()
        if self._found and not self.isHidden():
            here = self._code.textCursor().selectionStart()
            self._choose(
                next((it for it in self._found if it.selectionStart() >= here), self._found[0])
            )

    def _on_text(self) -> None:
        if not self.isHidden():
            self.search()

    def _choose(self, place: QTextCursor) -> None:
        self._code.setTextCursor(QTextCursor(place))
        self._code.centerCursor()
        self._tell()

    def search(self) -> None:
        words, document = self.field.text(), self._code.document()
        self._found = []
        cursor = document.find(words) if words else QTextCursor()
        while not cursor.isNull() and len(self._found) < MOST:
            self._found.append(cursor)
            cursor = document.find(words, cursor)
        self._code.show_found(self._found)
        self._tell()

    def _tell(self) -> None:
        starts = [it.selectionStart() for it in self._found]
        here = self._code.textCursor().selectionStart()
        self.tell(starts.index(here) if here in starts else None, len(starts))
