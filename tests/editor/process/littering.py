"""A window whose widgets become garbage while another thread makes objects: run as a process.

    python littering.py [--careless]

Careless, it leaves it to Python which thread collects.
"""

import sys
import threading

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from agentflow_editor.app import make_app
from agentflow_editor.process.garbage import Garbage

ROUNDS = 100


class Panel(QWidget):
    """A widget that refers to itself, so that only the collector ends it."""

    def __init__(self) -> None:
        super().__init__()
        self.me = self
        self.timer = QTimer(self)
        self.timer.start(1)
        self.labels = [QLabel("text", self) for _ in range(5)]


def _litter(app: QApplication) -> None:
    for _ in range(10):
        Panel().show()
    app.setProperty("round", (app.property("round") or 0) + 1)
    if app.property("round") == ROUNDS:
        app.quit()


def main() -> None:
    app = make_app()
    garbage = None if "--careless" in sys.argv else Garbage(app)
    ended = threading.Event()

    def make_objects() -> None:
        while not ended.is_set():
            [[] for _ in range(1000)]

    thread = threading.Thread(target=make_objects)
    thread.start()
    timer = QTimer(interval=5)
    timer.timeout.connect(lambda: _litter(app))
    timer.start()
    app.exec()
    ended.set()
    thread.join()
    if garbage is not None:
        garbage.end()


if __name__ == "__main__":
    main()
