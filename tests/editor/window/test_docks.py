"""The docks stand from the beginning; what is in them is made before anybody misses it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget

from agentflow_editor.app import build, make_app
from agentflow_editor.panes.outline import Outline
from agentflow_editor.panes.palette import Palette
from agentflow_editor.panes.source import Source
from editor.benches import TWO_STEPS
from editor.fronting import in_front

SHOWN = Qt.ItemDataRole.DisplayRole
FOUND = Qt.MatchFlag.MatchContains | Qt.MatchFlag.MatchRecursive


def docks_of(window):
    return window.findChildren(QDockWidget)


def is_complete(window):
    return all(dock.widget() is not None for dock in docks_of(window))


def test_the_welcome_page_waits_for_no_pane_and_all_are_made_soon_after(windows, qtbot):
    window = windows.make_window()
    assert not window.findChildren(Palette)

    in_front(qtbot, window)

    qtbot.waitUntil(lambda: is_complete(window))
    assert not any(dock.isVisible() for dock in docks_of(window))


def test_every_pane_shows_a_flow_that_is_opened_before_there_was_time(windows, qtbot, tmp_path):
    file = tmp_path / "agentflow.toml"
    file.write_text(TWO_STEPS, encoding="utf-8")
    window = windows.make_window()

    window.files.open_flow(file)
    in_front(qtbot, window)

    assert is_complete(window)
    (outline,), (source,) = window.findChildren(Outline), window.findChildren(Source)
    rows = outline.tree.model()
    window._docks.reveal("outline")
    qtbot.waitUntil(lambda: bool(rows.match(rows.index(0, 0), SHOWN, "second", 1, FOUND)))
    window._docks.reveal("source")
    qtbot.waitUntil(lambda: "# Two steps" in source.text.toPlainText())


def test_a_pane_that_is_to_be_seen_at_once_is_there(windows, qtbot):
    window = windows.make_window()
    window.show()
    (dock,) = [it for it in docks_of(window) if it.objectName() == "dock.palette"]

    window._docks.reveal("palette")

    assert dock.isVisible()
    assert isinstance(dock.widget(), Palette)


def test_a_window_is_arranged_alike_however_late_its_panes_are_made(windows, qtbot, tmp_path):
    early = build(make_app(), tmp_path / "others")
    late = windows.make_window()
    qtbot.addWidget(early, before_close_func=lambda it: setattr(it, "_may_close", True))
    for window in (early, late):
        window.resize(1280, 800)
        in_front(qtbot, window)
        window.files.new_flow()
        qtbot.waitUntil(lambda window=window: window._docks.is_seen("inspector"))

    rooms = [[dock.geometry() for dock in docks_of(window)] for window in (early, late)]

    assert rooms[0] == rooms[1]
