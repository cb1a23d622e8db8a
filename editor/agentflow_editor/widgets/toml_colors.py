"""TomlColors: colours a TOML source, texts over several lines included."""

import re

from PySide6.QtGui import QSyntaxHighlighter, QTextCharFormat, QTextDocument

from agentflow_editor.looks.theme import Theme
from agentflow_editor.widgets.text_format import text_format

__all__ = ["TomlColors"]

_TOKEN = re.compile(
    r"""(?P<comment>\#.*)
    |(?P<opened>\"{3}|'{3})
    |(?P<text>"(?:[^"\\]|\\.)*"?|'[^']*'?)
    |(?P<table>^\s*\[{1,2}[^\]=]*\]{1,2}\s*(?=\#|$))
    |(?P<key>[A-Za-z0-9_-]+(?=[\w.\s"'-]*=))
    |(?P<value>\b(?:true|false)\b|[+-]?\d[\d_.:eE+TZ-]*)""",
    re.VERBOSE,
)
_LONGEST = 5_000
"""Characters of a line that are coloured."""
_PLAIN, _BASIC, _LITERAL = -1, 1, 2
_CLOSES = {_BASIC: re.compile(r'(?:[^"\\]|\\.|"(?!""))*"{3,5}'), _LITERAL: re.compile(r".*?'{3,5}")}


class TomlColors(QSyntaxHighlighter):
    """Tables, keys, texts, values and comments, each in a colour of the theme."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._formats: dict[str, QTextCharFormat] = {}

    def paint(self, theme: Theme) -> None:
        """Colour everything anew in a theme's colours."""
        self._formats = {
            "comment": text_format(theme.color("muted"), italic=True),
            "text": text_format(theme.color("sequential")),
            "table": text_format(theme.color("collaborative"), bold=True),
            "key": text_format(theme.color("agent")),
            "value": text_format(theme.color("route")),
        }
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        start = 0
        self.setCurrentBlockState(_PLAIN)
        inside = self.previousBlockState()
        if inside in _CLOSES:
            start = self._text_from(text, 0, inside)
        while start < min(len(text), _LONGEST):
            found = _TOKEN.search(text, start)
            if found is None:
                return
            kind = found.lastgroup or ""
            if kind == "opened":
                opened = _BASIC if found.group() == '"""' else _LITERAL
                start = self._text_from(text, found.end(), opened, begin=found.start())
            else:
                self._color(found.start(), found.end(), kind)
                start = max(found.end(), start + 1)

    def _text_from(self, text: str, start: int, kind: int, *, begin: int = 0) -> int:
        """Colour a text of several lines as far as it goes in this one; where it ends."""
        closed = _CLOSES[kind].match(text, start)
        end = closed.end() if closed else len(text)
        if not closed:
            self.setCurrentBlockState(kind)
        self._color(begin, end, "text")
        return end

    def _color(self, start: int, end: int, kind: str) -> None:
        if kind in self._formats:
            self.setFormat(start, end - start, self._formats[kind])
