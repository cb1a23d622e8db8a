"""However long names are, and however large the text: panes keep their widths and cut nothing."""

from operator import le
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QLineEdit,
    QListWidget,
    QMenu,
    QStyle,
    QTabBar,
    QTableView,
    QToolBar,
    QToolButton,
    QTreeView,
    QWidget,
)

from agentflow.state import State
from agentflow.trace import RunFinished, RunStarted, StepFailed, StepStarted, StepSucceeded
from agentflow.wording import sentence
from agentflow_editor.app import build, make_app
from agentflow_editor.looks.plain_text import PlainLabel
from agentflow_editor.settings.preferences import Preferences
from agentflow_editor.widgets.chooser import Choice, Chooser
from agentflow_editor.widgets.picture import Picture
from agentflow_editor.widgets.row_list import RowList
from agentflow_editor.widgets.text_view import TextView
from agentflow_editor.widgets.wide_tree import WideTree
from agentflow_editor.widgets.wrapped_button import WrappedButton
from agentflow_editor.window.title_bar import TitleBar
from editor.document.drawn import chain, loop, router, sheet

ROOT = Path(__file__).parents[3]
LONG = (
    "a quality checker for all of the sources that were found in the library and in the archive",
    "Donaudampfschifffahrtsgesellschaftskapitänsmützenfabrikantenversammlungssaal",
    "W" * 100,
    "漢字" * 50,
)


@pytest.fixture(params=[(100, "light"), (200, "dark")], ids=["100 light", "200 dark"])
def opened(request, window, qtbot):
    """A window on a flow of long names, some of which nobody has defined."""
    size, theme = request.param
    window.workbench.preferences.try_out(Preferences(text_size=size, theme=theme))
    window.files.new_flow()
    cases = [chain(LONG[1], case="a case with a long name, too"), chain(LONG[2], case="x")]
    drawn = sheet(LONG[0], loop("l", LONG[3]), router("r", *cases))
    missing = drawn.with_flow(drawn.flow.model_copy(update={"agents": {}}))
    window.workbench.document.edit("Begin", missing)
    window.workbench.document.check_now()
    assert len(window.workbench.document.known_problems) >= len(LONG)
    yield window
    window.workbench.preferences.try_out(Preferences())


def seen(window: QWidget, kind: type) -> list:
    return [it for it in window.findChildren(kind) if it.isVisible()]


def cut(pane: QWidget) -> list[str]:
    """The labels that have less room than they need."""
    return [
        label.text()
        for label in seen(pane, PlainLabel)
        if label.wordWrap()
        and (
            label.minimumSizeHint().width() > label.width() + 1
            or label.heightForWidth(label.width()) > label.height()
        )
    ]


def lines(widget: QWidget) -> int:
    return widget.fontMetrics().lineSpacing()


def test_no_step_makes_the_window_wide(opened, qtbot):
    width = opened.width()
    for place in opened.workbench.document.sheet.flow.places():
        opened.workbench.selection.select((place.path,))
        qtbot.waitUntil(lambda: not cut(opened._docks.pane("inspector")))
        assert opened.width() == width


def test_what_mends_a_problem_is_said_whole(opened, qtbot):
    opened.workbench.selection.select((f"r/{LONG[2]}",))
    table = opened._docks.pane("problems").table
    qtbot.waitUntil(lambda: table.selectRow(2) or bool(seen(opened, WrappedButton)))
    qtbot.wait(50)
    for button in seen(opened, WrappedButton):
        assert "…" not in button.text()
        assert button.height() >= lines(button) * (button.text().count("\n") + 1)
        widest = max(map(button.fontMetrics().horizontalAdvance, button.text().split("\n")))
        assert widest <= button.width()


def test_rows_are_as_high_as_their_text(opened, qtbot):
    for table in opened.findChildren(QTableView):
        assert table.verticalHeader().defaultSectionSize() > table.fontMetrics().height()


def test_to_the_end_of_a_row_of_a_tree_one_scrolls(opened, qtbot):
    opened._docks.reveal("outline")
    tree = opened._docks.pane("outline").tree
    qtbot.waitUntil(lambda: tree.model().rowCount() >= 3)
    qtbot.waitUntil(lambda: tree.horizontalScrollBar().maximum() > 0)
    for tree in opened.findChildren(WideTree):
        assert tree.textElideMode() == Qt.TextElideMode.ElideNone
        assert tree.columnWidth(0) >= tree.viewport().width()


def test_tabs_say_their_panes_names_whole(opened, qtbot):
    qtbot.wait(50)
    bars = [it for it in seen(opened, QTabBar) if it.count()]
    assert len(bars) >= 3
    for bar in bars:
        assert bar.elideMode() == Qt.TextElideMode.ElideNone
        for number in range(bar.count()):
            assert bar.tabRect(number).width() >= bar.fontMetrics().horizontalAdvance(
                bar.tabText(number)
            )


def test_cases_are_listed_whole(opened, qtbot):
    opened.workbench.selection.select(("r",))
    qtbot.wait(50)
    (rows, *_) = seen(opened._docks.pane("inspector"), RowList)
    first = rows.list.item(0)
    room = rows.list.viewport().width()
    text = rows.list.fontMetrics().boundingRect(
        0, 0, room - 24, 9999, int(Qt.TextFlag.TextWordWrap), first.text()
    )
    assert "a case with a long name, too" in first.text()
    assert rows.list.visualItemRect(first).height() >= text.height()


def test_what_can_be_chosen_is_said_whole(opened, qtbot):
    choices = [Choice(text=f"Stand-in – {text}", what=1, key="Ctrl+D") for text in LONG]
    chooser = Chooser("Search", lambda _: choices, opened.workbench.theme.theme, opened)
    chooser.open_at(opened.rect().center())
    for number in range(len(choices)):
        item = chooser._list.item(number)
        text = chooser._list.fontMetrics().boundingRect(
            0, 0, chooser._list.viewport().width() - 40, 9999, 0x1000, item.text()
        )
        assert chooser._list.visualItemRect(item).height() >= text.height()
    QTest.keyClick(chooser._field, Qt.Key.Key_Escape)


def test_what_was_told_last_is_told_whole_where_the_mouse_rests(opened):
    opened._status.tell(f"Removed {LONG[0]}")

    assert LONG[0] in opened.statusBar().toolTip()


def drawn(table: QTableView, mode: Qt.TextElideMode) -> QImage:
    table.setTextElideMode(mode)
    return table.viewport().grab().toImage()


def test_problems_are_drawn_whole(opened, qtbot):
    table = opened._docks.pane("problems").table
    table.setFocus()
    for _ in range(8):
        qtbot.wait(20)
        whole = drawn(table, Qt.TextElideMode.ElideNone)
        assert drawn(table, Qt.TextElideMode.ElideRight) == whole
        QTest.keyClick(table, Qt.Key.Key_Down)


def test_what_a_run_says_of_a_step_is_read_whole(opened, qtbot):
    trace, path = opened.workbench.trace, "/".join(LONG)
    for entry in (
        RunStarted(0, 0.0, "r", "", "f", State({LONG[0]: " ".join(LONG)})),
        StepStarted(1, 0.1, "r", path, "agent", LONG[0], 0),
        StepFailed(2, 0.2, "r", path, " ".join(LONG), 0.1),
    ):
        trace.feed(entry)
    trace.tell()
    opened._docks.reveal("trace")
    pane = opened._docks.pane("trace")
    pane.table.selectRow(2)
    assert read_whole(pane.detail.text.view, qtbot) == f"{path}: {sentence(trace.entries[2])}"

    opened._docks.reveal("state")
    pane = opened._docks.pane("state")
    opened.workbench.selection.select(())
    pane.before.tree.setCurrentIndex(pane.before.model.index(0, 0))
    assert read_whole(pane.detail.text.view, qtbot) == " ".join(LONG)
    assert LONG[0] in pane.detail.heading.text()
    assert not cut(pane)


@pytest.fixture(params=[100, 150, 200])
def ran(request, window, qtbot):
    """A window of a usual size after a run of two agents; in text of each size."""
    window.workbench.preferences.try_out(Preferences(text_size=request.param))
    window.files.new_flow()
    window.workbench.document.edit("Begin", sheet("searcher", "note_taker"))
    trace, state = window.workbench.trace, State({"message": "hello"})
    after = State({"message": "hello", "response": "# The library", "passages_found": []})
    for entry in (
        RunStarted(0, 0.0, "r", "", "f", state),
        StepStarted(1, 0.1, "r", "searcher", "agent", "searcher", 0),
        StepSucceeded(2, 84.1, "r", "searcher", after, "", 84.0),
        StepStarted(3, 0.2, "r", "note_taker", "agent", "note_taker", 0),
        StepSucceeded(4, 0.3, "r", "note_taker", after, "", 0.1),
        RunFinished(5, 0.3, "r", "", "succeeded", after, "", 0.3),
    ):
        trace.feed(entry)
    trace.tell()
    yield window
    window.workbench.preferences.try_out(Preferences())


def test_what_happened_is_told_whole_in_the_trace(ran, qtbot):
    ran._docks.reveal("trace")
    table = ran._docks.pane("trace").table
    qtbot.waitUntil(table.isVisible)
    table.setFocus()
    for _ in range(table.model().rowCount()):
        qtbot.wait(20)
        whole = drawn(table, Qt.TextElideMode.ElideNone)
        assert drawn(table, Qt.TextElideMode.ElideRight) == whole
        QTest.keyClick(table, Qt.Key.Key_Up)


def test_the_names_of_what_a_step_left_are_told_whole_each_view_by_its_tab_where_room_is_small(
    ran, qtbot
):
    ran._docks.reveal("state")
    pane = ran._docks.pane("state")
    qtbot.waitUntil(pane.isVisible)
    assert pane.views.is_tabbed == (ran.workbench.preferences.current.text_size > 100)
    for number, view in enumerate((pane.before, pane.after, pane.changes)):
        if pane.views.is_tabbed:
            tabs = pane.views.tabs
            QTest.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(number).center())
        qtbot.waitUntil(view.tree.isVisible)
        tree = view.tree
        qtbot.waitUntil(lambda: tree.sizeHintForColumn(0) <= tree.columnWidth(0))  # noqa: B023


def test_numbers_of_agents_are_read_without_scrolling_sideways(ran, qtbot):
    ran._docks.reveal("result")
    pane = ran._docks.pane("result")
    qtbot.waitUntil(pane.isVisible)
    pane.pages.show_contents(True)
    pane._show_metrics(ran.workbench.trace.metrics)
    if pane.parts.is_tabbed:
        tabs = pane.parts.tabs
        QTest.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(1).center())
    table = pane.metrics
    qtbot.waitUntil(table.isVisible)
    qtbot.waitUntil(lambda: table.horizontalScrollBar().maximum() == 0)
    qtbot.wait(20)
    assert drawn(table, Qt.TextElideMode.ElideRight) == drawn(table, Qt.TextElideMode.ElideNone)
    assert table.rowHeight(0) == table.rowHeight(1), "1 min 24 s goes on in the next line"
    shown = [it for it in range(5) if not table.isColumnHidden(it)]
    assert {0, 1, 3} <= set(shown)
    header = table.horizontalHeader()
    wanted = [header.sectionSizeHint(it) for it in shown]
    assert all(map(le, wanted, map(table.columnWidth, shown))), (wanted, shown)


def read_whole(view: TextView, qtbot) -> str:
    """What can be read in a view without scrolling sideways, and by keys alone."""
    qtbot.waitUntil(view.isVisible)
    assert view.horizontalScrollBar().maximum() == 0
    assert view.viewport().height() >= view.fontMetrics().lineSpacing()
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert view.viewport().rect().contains(view.cursorRect().center())
    return view.toPlainText()


def test_icons_are_as_large_as_the_text_wants(opened, qtbot):
    opened._docks.reveal("palette")
    opened.workbench.selection.select(("r",))
    qtbot.wait(50)
    size = opened.workbench.preferences.current.text_size / 100
    found = {
        "toolbar": [it.iconSize() for it in seen(opened.findChild(QToolBar), QToolButton)],
        "titles": [
            it.iconSize() for bar in seen(opened, TitleBar) for it in seen(bar, QToolButton)
        ],
        "tabs": [it.iconSize() for it in seen(opened, QTabBar)],
        "pictures": [it.pixmap().deviceIndependentSize() for it in seen(opened, Picture)],
    }
    wanted = {"toolbar": {20}, "titles": {16}, "tabs": {16}, "pictures": {16, 22, 36}}
    for name, sizes in found.items():
        assert sizes, name
        assert {it.width() / size for it in sizes} <= wanted[name], name
    for kind, wide in ((QTreeView, 18), (QListWidget, 18), (QTableView, 18), (QMenu, 16)):
        for widget in opened.findChildren(kind):
            metric = QStyle.PixelMetric.PM_SmallIconSize
            assert widget.style().pixelMetric(metric, None, widget) == wide * size, widget


def test_a_shortcut_stands_beside_what_it_does(opened):
    """What is drawn at the right of a row is the shortcut alone, with a text below it or none."""
    pictures = []
    for text in (LONG[0], LONG[2], ""):
        choices = [Choice(text=text, what=1, key="Ctrl+Shift+T")]
        chooser = Chooser("Search", lambda _: choices, opened.workbench.theme.theme, opened)  # noqa: B023 - it is asked at once
        chooser.open_at(opened.rect().center())
        made = chooser._list
        row = made.visualItemRect(made.item(0))
        key = made.fontMetrics().horizontalAdvance("Ctrl+Shift+T") + 8
        line = QRect(0, 0, key, made.fontMetrics().height())
        line.moveCenter(row.center())
        line.moveRight(row.right())
        pictures.append(made.viewport().grab(line).toImage())
        QTest.keyClick(chooser._field, Qt.Key.Key_Escape)

    assert pictures[0] == pictures[1] == pictures[2]


def side_widths(window):
    return [window._docks._docks[it].width() for it in ("palette", "inspector")]


def test_the_panes_beside_the_canvas_grow_with_the_text_and_shrink_with_it(window, qtbot):
    window.files.new_flow()
    preferences = window.workbench.preferences
    qtbot.waitUntil(lambda: min(side_widths(window)) > 100)
    before = side_widths(window)

    preferences.try_out(Preferences(text_size=150))
    qtbot.waitUntil(lambda: side_widths(window)[0] >= 1.4 * before[0])
    assert before[1] < side_widths(window)[1] <= 0.27 * window.width()
    bars = [it for it in window.findChildren(QTabBar) if it.isVisible()]
    assert all(bar.tabRect(bar.count() - 1).right() <= bar.width() for bar in bars)

    preferences.try_out(Preferences())
    qtbot.waitUntil(lambda: side_widths(window)[0] <= before[0] + 2)


def test_text_that_was_made_larger_at_the_welcome_page_has_its_room_in_the_next_flow(window, qtbot):
    window.files.new_flow()
    qtbot.waitUntil(lambda: min(side_widths(window)) > 100)
    before = side_widths(window)
    window.show_welcome()
    window.workbench.preferences.try_out(Preferences(text_size=150))

    window.files.new_flow()

    qtbot.waitUntil(lambda: side_widths(window)[0] >= 1.4 * before[0])
    window.workbench.preferences.try_out(Preferences())


def test_a_window_that_was_left_in_large_text_has_its_usual_panes_in_smaller_text(
    window, qtbot, tmp_path
):
    window.files.new_flow()
    qtbot.waitUntil(lambda: min(side_widths(window)) > 100)
    before = side_widths(window)
    window.workbench.preferences.try_out(Preferences(text_size=150))
    qtbot.waitUntil(lambda: side_widths(window)[0] >= 1.4 * before[0])
    window._memory.remember()
    window.show_welcome()
    window.workbench.preferences.try_out(Preferences())

    again = build(make_app(), tmp_path / "settings")
    again.show()
    again.files.new_flow()
    qtbot.waitUntil(lambda: 100 < side_widths(again)[0] <= before[0] + 2)
    again.close_for_good()
    again.deleteLater()


@pytest.mark.parametrize("size", [100, 150, 200])
def test_nothing_of_a_form_is_beyond_the_edge_of_the_inspector(window, qtbot, size):
    window.workbench.preferences.try_out(Preferences(text_size=size))
    window.files.open_flow(ROOT / "examples/research-assistant/agentflow.toml")
    inspector, sheet_ = window._docks.pane("inspector"), window.workbench.document.sheet
    seen_paths = ["", *(it.path for it in sheet_.flow.places())]
    for path in seen_paths:
        window.workbench.selection.select((path,) if path else ())
        qtbot.waitUntil(lambda: inspector._area.horizontalScrollBar().maximum() == 0)
        contents, room = inspector._area.widget(), inspector._area.viewport()
        qtbot.waitUntil(lambda: contents.width() <= room.width(), timeout=2000)  # noqa: B023
    window.workbench.preferences.try_out(Preferences())


def test_what_may_be_typed_is_said_whole_in_the_fields_of_a_step_in_large_text(window, qtbot):
    window.files.new_flow()
    window.workbench.preferences.try_out(Preferences(text_size=150))
    window.workbench.document.edit("Begin", sheet(loop("l", "a")))
    window.workbench.selection.select(("l",))
    inspector = window._docks.pane("inspector")
    qtbot.waitUntil(lambda: inspector.width() > 320)

    fields = [it for it in seen(inspector, QLineEdit) if it.placeholderText() and not it.text()]
    assert len(fields) > 2
    for field in fields:
        hint = field.placeholderText()
        assert field.fontMetrics().horizontalAdvance(hint) <= field.width() - 16, hint
    window.workbench.preferences.try_out(Preferences())
