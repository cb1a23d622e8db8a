"""The welcome page: its pictures are drawn while it is looked at, and at no other time."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtTest import QTest

from agentflow_editor.app import build, make_app
from agentflow_editor.canvas.previews import Previews
from agentflow_editor.looks.fonts import SANS
from agentflow_editor.welcome.page import ROOM
from agentflow_editor.widgets.link_button import LinkButton

FLOW = '[orchestration]\nmode = "sequential"\n[orchestration.sequential]\nagents = []\n'


def _has_picture(button) -> bool:
    sizes = button.icon().availableSizes()
    return bool(sizes) and sizes[0].width() >= ROOM.width()


def drawn(window) -> int:
    return sum(_has_picture(button) for _, button in window._welcome._pictured)


def test_pictures_are_drawn_while_the_page_is_looked_at(window, qtbot):
    qtbot.waitUntil(lambda: drawn(window) == len(window._welcome._pictured), timeout=30_000)


def test_what_has_the_keyboard_is_chosen_by_enter_as_well_as_by_the_space_bar(window, qtbot):
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Space):
        window.show_welcome()
        button = next(it for it in window.findChildren(LinkButton) if it.text() == "New Flow")
        qtbot.waitUntil(button.isVisible)
        button.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClick(button, key)
        assert window.is_at_work()


def test_titles_are_in_a_weight_that_the_font_has(window):
    """Else Qt prints the nearest one twice, a little to the side, and it looks smeared."""
    has = {QFontDatabase.weight(SANS, style) for style in QFontDatabase.styles(SANS)}
    buttons = window.findChildren(LinkButton)

    assert buttons
    for button in buttons:
        plain, title = button._font(), button._font(is_title=True)
        assert title.weight() > plain.weight()
        assert {int(plain.weight()), int(title.weight())} <= has


def test_no_picture_is_drawn_once_a_flow_is_open_and_the_rest_when_one_comes_back(
    window, qtbot, tmp_path: Path
):
    flow = tmp_path / "agentflow.toml"
    flow.write_text(FLOW, "utf-8")
    window.files.open_flow(flow)
    before = drawn(window)
    assert before < len(window._welcome._pictured)
    qtbot.wait(150)
    assert drawn(window) == before

    window.show_welcome()
    qtbot.waitUntil(lambda: drawn(window) > before, timeout=10_000)


def test_where_a_window_stands_is_remembered_before_it_is_closed(window, qtbot):
    settings = window.workbench.settings
    window.files.new_flow()
    window.resize(1111, 700)
    qtbot.waitUntil(lambda: not settings.window("state").isEmpty(), timeout=5000)
    qtbot.waitUntil(lambda: settings.window("geometry") == window.saveGeometry(), timeout=5000)


def test_the_tabs_in_front_stay_there_over_the_welcome_page_and_a_new_start(
    window, qtbot, tmp_path: Path
):
    window.files.new_flow()
    window._docks.reveal("trace")
    window._docks.reveal("outline")
    qtbot.waitUntil(lambda: {"trace", "outline"} <= set(window._docks.note_front()))
    window.show_welcome()
    window.files.new_flow()
    qtbot.waitUntil(lambda: {"trace", "outline"} <= set(window._docks.note_front()))
    window._memory.remember()

    again = build(make_app(), tmp_path / "settings")
    again.show()
    again.files.new_flow()
    qtbot.waitUntil(lambda: {"trace", "outline"} <= set(again._docks.note_front()))
    again.close_for_good()
    again.deleteLater()


def test_pictures_side_by_side_are_alike_whatever_the_size_of_a_flow(window, qtbot, tmp_path: Path):
    bench, shown = window.workbench, []
    previews = Previews(bench.catalogue, QSize(600, 400))
    for name in ("short", "other"):
        flow = tmp_path / f"{name}.toml"
        flow.write_text(FLOW.replace("[]", f'["{name}"]'), "utf-8")
        previews.want(flow, bench.theme.theme, shown.append)
    qtbot.waitUntil(lambda: len(shown) == 2)

    assert shown[0].toImage() == shown[1].toImage(), "no words are in them"
    assert not shown[0].isNull()
