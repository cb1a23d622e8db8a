"""A column of parts that fill a widget up to its edges."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

__all__ = ["column_in"]


def column_in(widget: QWidget, *parts: QWidget, gap: int = 0) -> QVBoxLayout:
    """Stand parts one below the other in a widget; more can be added.

    Args:
        widget: what they fill.
        parts: the first of them.
        gap: pixels between two of them.
    """
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(gap)
    for part in parts:
        column.addWidget(part)
    return column
