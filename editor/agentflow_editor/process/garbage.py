"""Garbage: Python's cyclic garbage is collected on the window's own thread, and on no other.

Left to itself, Python collects on whichever thread happens to make an object. There are others
than the window's (a journal's writer, agents, a model), and Qt's objects must not end on them.
"""

import gc

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

__all__ = ["Garbage"]

INTERVAL = 100
"""Milliseconds between two looks."""
GROWTH = 1.25
"""How much more than after the last full collection there is to be for the next."""


class Garbage(QObject):
    """While it lives, nobody collects but itself, between two events of its thread.

    What there is when it begins (modules, classes) is never looked through again; that makes a
    full collection some ten times shorter.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_enabled = gc.isenabled()
        gc.disable()
        gc.freeze()
        self._after_last = 0
        self._timer = QTimer(self, interval=INTERVAL)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Collect what is due; whatever may last waits until no mouse button is held."""
        gc.disable()  # a library may have turned it on again
        due = self._due()
        if due == 2:
            self._collect_all()
        elif due is not None:
            gc.collect(due)

    def end(self) -> None:
        """Collect a last time, and leave the rest to Python again."""
        self._timer.stop()
        gc.collect()
        gc.unfreeze()
        if self._was_enabled:
            gc.enable()

    def _due(self) -> int | None:
        """The oldest generation that is past its threshold, as Python would choose it."""
        young, middle, old = (
            count > limit for count, limit in zip(gc.get_count(), gc.get_threshold(), strict=True)
        )
        if middle:
            return 2 if old and self._is_time_for_all() else 1
        return 0 if young else None

    def _is_time_for_all(self) -> bool:
        if QApplication.mouseButtons() != Qt.MouseButton.NoButton:
            return False
        return len(gc.get_objects(generation=2)) > GROWTH * self._after_last

    def _collect_all(self) -> None:
        gc.collect()
        self._after_last = len(gc.get_objects(generation=2))
