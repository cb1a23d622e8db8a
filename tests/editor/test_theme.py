"""Themes are readable: contrast of every text on every ground that it stands on."""

import pytest
from PySide6.QtGui import QColor

from agentflow_editor.look import style_sheet
from agentflow_editor.theme import DARK, LIGHT, Theme
from agentflow_editor.theme_switch import ThemeSwitch

STATES = ("waiting", "running", "done", "failed", "skipped", "paused", "cancelled")


def _luminance(color: str) -> float:
    channels = QColor(color).getRgbF()[:3]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
@pytest.mark.parametrize("ground", ["window", "base", "raised", "canvas", "node"])
@pytest.mark.parametrize("text", ["text", "muted"])
def test_text_is_readable_on_every_ground(theme: Theme, ground: str, text: str):
    assert _contrast(getattr(theme, text), getattr(theme, ground)) >= 4.5


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
@pytest.mark.parametrize("state", [*STATES, "error", "warning", "info", "accent"])
def test_states_are_readable_on_nodes_and_lists(theme: Theme, state: str):
    for ground in ("node", "base", "window"):
        assert _contrast(getattr(theme, state), getattr(theme, ground)) >= 4.5, ground


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_selected_text_is_readable(theme: Theme):
    assert _contrast(theme.on_accent, theme.accent) >= 4.5


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_the_style_sheet_knows_every_colour_that_it_names(theme: Theme):
    assert "$" not in style_sheet(theme)


def test_a_switch_tells_once_that_the_theme_is_another_one(qtbot):
    switch = ThemeSwitch(DARK)
    told = []
    switch.changed.connect(told.append)

    switch.switch(DARK)
    switch.toggle()

    assert told == [LIGHT]
