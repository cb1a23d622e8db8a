"""Garbage of Qt's objects ends on the window's thread, whichever thread makes objects meanwhile."""

import gc
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from agentflow_editor.document.document import Document
from agentflow_editor.process.garbage import Garbage
from editor.document.drawn import CATALOGUE, sheet

LITTERING = Path(__file__).with_name("littering.py")


@pytest.fixture
def garbage(qapp) -> Iterator[Garbage]:
    was_enabled = gc.isenabled()
    gc.enable()
    made = Garbage()
    yield made
    made.end()
    if not was_enabled:
        gc.disable()


class Cyclic(QObject):
    def __init__(self, ends: list[threading.Thread]) -> None:
        super().__init__()
        self.me = self
        self.ends = ends

    def __del__(self) -> None:
        self.ends.append(threading.current_thread())


def _littered(*arguments: str) -> int:
    """How a window ends whose widgets become garbage while another thread makes objects."""
    environ = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-P", str(LITTERING), *arguments]
    return subprocess.run(command, env=environ, capture_output=True, timeout=100).returncode


def test_a_thread_that_makes_objects_ends_no_widget():
    assert _littered() == 0


def test_without_care_the_same_is_a_crash():
    assert _littered("--careless") in {-signal.SIGSEGV, -signal.SIGABRT}


def test_garbage_goes_on_this_thread_without_being_asked_for(garbage, qtbot):
    ends: list[threading.Thread] = []
    for _ in range(5):
        Cyclic(ends)
    maker = threading.Thread(target=lambda: [[[]] for _ in range(100_000)])
    maker.start()
    maker.join()
    assert ends == []

    kept = [[] for _ in range(2 * gc.get_threshold()[0])]
    qtbot.waitUntil(lambda: len(ends) == 5)
    assert kept
    assert set(ends) == {threading.main_thread()}


def test_what_turns_collecting_on_does_not_win(garbage):
    gc.enable()
    garbage.look()

    assert not gc.isenabled()


def test_nothing_long_is_begun_while_a_mouse_button_is_held(garbage, qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    ends = _old_garbage(garbage)

    QTest.mousePress(widget.windowHandle(), Qt.MouseButton.LeftButton)
    _make_full_collection_due(garbage)
    assert ends == []
    QTest.mouseRelease(widget.windowHandle(), Qt.MouseButton.LeftButton)
    _make_full_collection_due(garbage)
    assert len(ends) == 1


def _old_garbage(garbage: Garbage) -> list[threading.Thread]:
    """Garbage that only a full collection finds; it tells of its end."""
    ends: list[threading.Thread] = []
    kept = Cyclic(ends)
    gc.collect(1)
    gc.collect(1)
    del kept
    return ends


def _make_full_collection_due(garbage: Garbage) -> None:
    for _ in range(gc.get_threshold()[2] + 1):
        gc.collect(1)
    for _ in range(gc.get_threshold()[1] + 1):
        gc.collect(0)
    garbage.look()


def test_the_end_of_the_editor_leaves_python_as_it_was(qapp):
    was_enabled = gc.isenabled()
    gc.enable()
    Garbage().end()

    assert (gc.isenabled(), gc.get_freeze_count()) == (True, 0)
    if not was_enabled:
        gc.disable()


def test_a_document_that_is_garbage_ends_its_edits_once(qapp):
    for number in range(30):
        document = Document(CATALOGUE)
        for name in "abc":
            document.edit("Add", sheet(f"{name}{number}"))
        document.me = document
    del document
    gc.collect()
