"""TemplateColors: colours what a template fills in, does and leaves out, over several lines."""

import re

from PySide6.QtGui import QSyntaxHighlighter, QTextCharFormat, QTextDocument

from agentflow_editor.looks.theme import Theme
from agentflow_editor.widgets.text_format import text_format

__all__ = ["TemplateColors"]

_OPENED = re.compile(r"\{\{|\{%|\{#")
_CLOSES = {"{{": "}}", "{%": "%}", "{#": "#}"}
_STATES = {"{{": 1, "{%": 2, "{#": 3}
_OPENERS = {number: opener for opener, number in _STATES.items()}
_TOKEN = re.compile(
    r"""(?P<text>"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?)
    |(?P<filter>\|\s*\w+)
    |(?P<word>\b(?:if|elif|else|endif|for|in|endfor|set|not|and|or|is)\b)
    |(?P<name>[^\W\d][\w.]*)
    |(?P<number>\d[\d.]*)""",
    re.VERBOSE,
)
_LONGEST = 5_000
"""Characters of a line that are coloured."""


class TemplateColors(QSyntaxHighlighter):
    """Keys, filters, words of the language, texts and comments, each in a colour of the theme."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._formats: dict[str, QTextCharFormat] = {}

    def paint(self, theme: Theme) -> None:
        """Colour everything anew in a theme's colours."""
        self._formats = {
            "mark": text_format(theme.color("muted")),
            "comment": text_format(theme.color("muted"), italic=True),
            "name": text_format(theme.color("agent"), bold=True),
            "filter": text_format(theme.color("collaborative")),
            "word": text_format(theme.color("collaborative"), bold=True),
            "text": text_format(theme.color("sequential")),
            "number": text_format(theme.color("route")),
        }
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        text = text[:_LONGEST]
        self.setCurrentBlockState(-1)
        opener = _OPENERS.get(self.previousBlockState(), "")
        start = 0
        while True:
            if not opener:
                found = _OPENED.search(text, start)
                if found is None:
                    return
                opener = found.group()
                start = self._color(found.start(), found.end(), "mark")
            closed = text.find(_CLOSES[opener], start)
            end = len(text) if closed < 0 else closed
            self._inside(opener, text, start, end)
            if closed < 0:
                self.setCurrentBlockState(_STATES[opener])
                return
            start, opener = self._color(closed, closed + 2, "mark"), ""

    def _inside(self, opener: str, text: str, start: int, end: int) -> None:
        if opener == "{#":
            self._color(start, end, "comment")
            return
        for token in _TOKEN.finditer(text, start, end):
            self._color(token.start(), token.end(), token.lastgroup or "")

    def _color(self, start: int, end: int, kind: str) -> int:
        if kind in self._formats:
            self.setFormat(start, end - start, self._formats[kind])
        return end
