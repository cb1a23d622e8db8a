"""HalfTyped: a text that somebody types and that the document has not taken yet."""

from PySide6.QtCore import QObject, Signal

__all__ = ["HalfTyped"]


class HalfTyped(QObject):
    """Known to the document, so that whoever keeps work keeps it, too."""

    changed = Signal()
    """Another text is typed, or none any more."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._text: str | None = None

    @property
    def text(self) -> str | None:
        """What is typed; None for nothing."""
        return self._text

    def note(self, text: str | None) -> None:
        """Know what is typed now."""
        if text != self._text:
            self._text = text
            self.changed.emit()
