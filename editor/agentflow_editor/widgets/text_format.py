"""text_format: how a piece of a coloured text looks."""

from PySide6.QtGui import QColor, QFont, QTextCharFormat

__all__ = ["text_format"]


def text_format(color: QColor, *, bold: bool = False, italic: bool = False) -> QTextCharFormat:
    """A format of this colour."""
    made = QTextCharFormat()
    made.setForeground(color)
    made.setFontItalic(italic)
    if bold:
        made.setFontWeight(QFont.Weight.DemiBold)
    return made
