"""WhenSeen: work for a widget that waits until somebody can see the widget."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

__all__ = ["WhenSeen"]


class WhenSeen(QObject):
    """Does what was asked for a while later, once the widget is seen; asked again, it waits anew.

    A pane behind the tab of another one counts as visible in Qt, but no part of it is, and it is
    never painted.
    """

    def __init__(self, widget: QWidget, do: Callable[[], None], *, patience: int = 0) -> None:
        """Watch.

        Args:
            widget: the one that is seen; no other widget may cover it.
            do: the work.
            patience: milliseconds without being asked again before it is done.
        """
        super().__init__(widget)
        self._widget, self._is_wanted = widget, False
        self._timer = QTimer(self, singleShot=True, interval=patience)
        self._timer.timeout.connect(self._on_time)
        self._do = do
        widget.installEventFilter(self)

    def ask(self, *_: object) -> None:
        """Have it done."""
        self._is_wanted = True
        if self._is_seen:
            self._timer.start()
        else:
            self._timer.stop()
            self._widget.update()  # so that it is painted when it comes into sight

    @property
    def _is_seen(self) -> bool:
        widget = self._widget
        if not widget.isVisible() or widget.window().isMinimized():
            return False
        return not widget.visibleRegion().isEmpty()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and self._is_wanted and not self._timer.isActive():
            self._timer.start()
        return False

    def _on_time(self) -> None:
        self._is_wanted = False
        self._do()
