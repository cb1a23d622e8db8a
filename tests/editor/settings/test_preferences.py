"""Preferences: chosen with the keyboard, seen at once, taken back or kept."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from agentflow_editor.app import build, make_app
from agentflow_editor.dialogs.preferences import PreferencesDialog
from agentflow_editor.looks.appearance import Appearance
from agentflow_editor.looks.plain_text import PlainLabel
from agentflow_editor.main_window import MainWindow
from agentflow_editor.settings.preferences import Preferences, PreferenceStore
from agentflow_editor.settings.store import EditorSettings
from agentflow_editor.widgets.check_box import CheckBox
from agentflow_editor.widgets.link_button import LinkButton
from editor.fronting import in_front

Key = Qt.Key


@pytest.fixture
def window(qtbot, tmp_path: Path, run_async) -> Iterator[MainWindow]:
    made = build(make_app(), tmp_path / "settings")
    in_front(qtbot, made)
    yield made
    made.workbench.preferences.try_out(Preferences())
    run_async(made.workbench.run.close())
    made.close_for_good()
    made.deleteLater()


@pytest.fixture
def dialog(window, qtbot) -> PreferencesDialog:
    action = window.action_set["edit.preferences"]
    assert action.shortcut().toString() == "Ctrl+,"
    action.trigger()
    (found,) = window.findChildren(PreferencesDialog)
    return in_front(qtbot, found)


def _focus_on(dialog: PreferencesDialog, wanted: Any) -> None:
    """Go there with the Tab key alone."""
    for _ in range(20):
        at = QApplication.focusWidget()
        if at is wanted or wanted.isAncestorOf(at):
            return
        QTest.keyClick(at, Key.Key_Tab)
    raise AssertionError("the keyboard never comes there")


def _press(*keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(QApplication.focusWidget(), key)


def test_what_is_chosen_with_the_keyboard_holds_at_once_and_is_kept(window, dialog, tmp_path):
    before = window.font().pixelSize()

    _focus_on(dialog, dialog.theme)
    _press(Key.Key_Down, Key.Key_Down)
    _focus_on(dialog, dialog.text_size)
    _press(Key.Key_End)
    for box in dialog.switches.values():
        _focus_on(dialog, box)
        _press(Key.Key_Space)
    seen = (window.workbench.theme.theme.name, window.font().pixelSize() / before)
    _press(Key.Key_Return)

    kept = PreferenceStore(EditorSettings(tmp_path / "settings")).current
    assert seen == ("dark", 2.0)
    assert kept == Preferences(
        theme="dark",
        text_size=200,
        reduced_motion=True,
        follow_run=False,
        reopen_files=False,
        single_instance=False,
        keep_runs=False,
    )
    assert not window.isAnimated()


def test_cancel_takes_everything_back(window, dialog, tmp_path):
    store = window.workbench.preferences
    before, size = store.current, window.font().pixelSize()
    _focus_on(dialog, dialog.text_size)
    _press(Key.Key_End)
    assert store.current != before

    _press(Key.Key_Escape)

    assert store.current == before
    assert window.font().pixelSize() == size
    assert EditorSettings(tmp_path / "settings").preferences == {}


def test_restoring_the_defaults_can_be_cancelled_too(window, dialog):
    store = window.workbench.preferences
    _focus_on(dialog, dialog.switches["single_instance"])
    _press(Key.Key_Space)

    _focus_on(dialog, dialog.buttons.button(dialog.buttons.StandardButton.RestoreDefaults))
    _press(Key.Key_Space)

    assert store.current == Preferences()
    assert dialog.switches["single_instance"].isChecked()


def test_texts_of_their_own_size_grow_and_shrink_with_the_others(window, qtbot):
    store = window.workbench.preferences
    window.files.new_flow()
    title = next(it for it in window.findChildren(QLabel) if it.text() == "Flow")
    size = title.font().pixelSize()

    for percent, theme in ((200, "light"), (150, "dark"), (200, "light")):
        store.try_out(Preferences(text_size=percent, theme=theme))
    large = title.font().pixelSize()
    store.try_out(Preferences(text_size=100, theme="dark"))

    assert large == 2 * size
    assert title.font().pixelSize() == size


def test_no_label_of_the_dialog_is_cut_off_at_twice_the_size(window, dialog, qtbot):
    _focus_on(dialog, dialog.text_size)
    _press(Key.Key_End)
    dialog.resize(dialog.sizeHint())
    qtbot.wait(10)
    shown = dialog._page.parentWidget().width()

    for box in dialog.findChildren(CheckBox):
        assert box.width() >= box.sizeHint().width()
    for label in dialog.findChildren(PlainLabel):
        assert label.geometry().right() <= shown
        assert label.height() >= label.heightForWidth(label.width()), label.text()


def test_the_environment_is_told_by_names_and_never_by_values(window, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary")
    window.show_preferences()
    (dialog,) = window.findChildren(PreferencesDialog)

    texts = " ".join(label.text() for label in dialog.findChildren(QLabel))

    assert "OPENAI_API_KEY (set)" in texts
    assert "canary" not in texts
    dialog.reject()


def test_a_theme_that_is_switched_to_is_kept_and_one_of_the_system_is_followed(window, tmp_path):
    bench = window.workbench
    window.action_set["view.theme"].trigger()

    assert bench.preferences.current.theme == bench.theme.theme.name
    assert EditorSettings(tmp_path / "settings").preferences["theme"] == bench.theme.theme.name

    bench.preferences.try_out(Preferences(theme="system"))
    hints = QApplication.styleHints()
    for scheme, name in ((Qt.ColorScheme.Dark, "dark"), (Qt.ColorScheme.Light, "light")):
        hints.setColorScheme(scheme)
        if hints.colorScheme() is scheme:
            assert bench.theme.theme.name == name
    hints.unsetColorScheme()


def test_a_preference_that_was_written_wrongly_costs_only_itself(qapp, tmp_path):
    settings = EditorSettings(tmp_path)
    settings.remember_preferences({"theme": "light", "text_size": 9000, "of_tomorrow": 1})

    assert PreferenceStore(settings).current == Preferences(theme="light")


def test_nothing_of_the_preferences_is_cut_off_in_the_largest_text(window):
    window.workbench.preferences.try_out(Preferences(text_size=200))
    window.show_preferences()
    dialog = window.findChild(PreferencesDialog)

    assert dialog._page.minimumSizeHint().width() <= dialog._page.width()
    dialog.reject()


def test_a_button_of_the_welcome_page_grows_with_the_text(window):
    window.show_welcome()
    button = window._welcome.findChildren(LinkButton)[0]
    before = button.heightForWidth(300)
    window.workbench.preferences.try_out(Preferences(text_size=200))

    assert button.heightForWidth(300) > 1.4 * before


def test_high_contrast_is_chosen_in_the_dialog_and_kept(window, dialog, tmp_path):
    bench = window.workbench
    dialog.contrast.edited.emit("high")
    dialog.accept()

    assert bench.theme.theme.is_high
    is_dark = bench.theme.theme.is_dark
    window.action_set["view.theme"].trigger()
    assert (bench.theme.theme.is_dark, bench.theme.theme.is_high) == (not is_dark, True)
    assert EditorSettings(tmp_path / "settings").preferences["contrast"] == "high"


def test_the_contrast_that_the_system_wants_is_followed(window, qapp, monkeypatch):
    bench, wanted = window.workbench, Qt.ContrastPreference.HighContrast
    assert not bench.theme.theme.is_high
    monkeypatch.setattr(Appearance, "_is_system_high", lambda _: True)
    hints = qapp.styleHints()
    hints.accessibility().contrastPreferenceChanged.emit(wanted)

    assert bench.theme.theme.is_high
    monkeypatch.undo()
    bench.preferences.try_out(Preferences(contrast="plain"))
    assert not bench.theme.theme.is_high


def test_a_switch_of_the_theme_has_every_widget_looked_at_once(window):
    told: list[QEvent.Type] = []

    class Told(QObject):
        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
            told.append(event.type())
            return False

    listener = Told()
    window.installEventFilter(listener)
    window.action_set["view.theme"].trigger()

    assert told.count(QEvent.Type.StyleChange) == 1
