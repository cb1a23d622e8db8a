"""SnugArea: as high as what is in it, as far as that leaves room for the rest; then it scrolls."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

__all__ = ["SnugArea"]


class SnugArea(QScrollArea):
    """Holds one widget whose height depends on its width."""

    def __init__(self, share: float) -> None:
        """Make it.

        Args:
            share: the most that it takes of the height of what it is in.
        """
        super().__init__()
        self._share = share
        self.contents = QWidget()
        """What is in it."""
        self.setWidget(self.contents)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        room, home = self.contents, self.parentWidget()
        width = self.viewport().width()
        wanted = (
            room.heightForWidth(width) if room.hasHeightForWidth() else room.sizeHint().height()
        )
        return QSize(0, wanted if home is None else min(wanted, round(home.height() * self._share)))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()
