"""Themes are readable: contrast of every text on every ground that it stands on."""

import re
from importlib.resources import files

import pytest
from PySide6.QtGui import QColor, QImage, QPainter

from agentflow.catalogue import Catalogue
from agentflow_editor.canvas.drafting import build_scene
from agentflow_editor.canvas.ink import LEFT, Ink
from agentflow_editor.canvas.marks import Mark
from agentflow_editor.canvas.paint import paint_box
from agentflow_editor.canvas.render import picture
from agentflow_editor.canvas.scene import Scene
from agentflow_editor.document.layout import completed
from agentflow_editor.document.sheet import Sheet
from agentflow_editor.looks.style_sheet import style_sheet
from agentflow_editor.looks.theme import DARK, HIGH_DARK, HIGH_LIGHT, LIGHT, THEMES, Theme
from agentflow_editor.looks.theme_switch import ThemeSwitch
from editor.canvas.flows import nested_flow

STATES = ("waiting", "running", "done", "failed", "skipped", "paused", "cancelled")


def _luminance(color: str) -> float:
    channels = QColor(color).getRgbF()[:3]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _wanted(theme: Theme) -> float:
    return 7 if theme.is_high else 4.5


each_theme = pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
COLOURED = (
    *("agent", "sequential", "collaborative", "route", "loop"),
    *STATES,
    *("error", "warning", "info", "accent"),
)
"""Roles that something is written in, beside plain text: code, statuses, problems, links."""
GROUNDS = ("window", "base", "raised", "canvas", "node")


@each_theme
def test_text_is_readable_on_a_note(theme: Theme):
    assert _contrast(theme.text, theme.note) >= _wanted(theme)


@each_theme
@pytest.mark.parametrize("text", ["text", "muted", *COLOURED])
def test_text_is_readable_on_every_ground(theme: Theme, text: str):
    for ground in GROUNDS:
        assert _contrast(getattr(theme, text), getattr(theme, ground)) >= _wanted(theme), ground


@each_theme
def test_selected_text_and_pressed_buttons_are_readable(theme: Theme):
    assert _contrast(theme.on_accent, theme.accent) >= _wanted(theme)
    assert _contrast(theme.text, theme.border) >= 4.5


@each_theme
def test_in_high_contrast_lines_are_seen_too(theme: Theme):
    if theme.is_high:
        for line in ("border", "node_border", "link", "return_link"):
            assert _contrast(getattr(theme, line), theme.window) >= 3, line


_COLOR = re.compile(r"(?<!-)\bcolor:\s*\$\{(\w+)\}")
_GROUND = re.compile(r"background(?:-color)?:\s*\$\{(\w+)\}")


@each_theme
def test_what_the_style_sheet_writes_is_readable_where_it_writes_it(theme: Theme):
    sheet = files("agentflow_resources").joinpath("styles", "editor.qss").read_text("utf-8")
    rules = re.findall(r"([^{}]+?)\{((?:[^{}]|\$\{\w+\})*)\}", sheet)
    found = 0
    for selector, rule in rules:
        if ":disabled" in selector:
            continue  # pale on purpose
        for text in _COLOR.findall(rule):
            for ground in _GROUND.findall(rule) or ("window", "base"):
                found += 1
                pair = getattr(theme, text), getattr(theme, ground)
                assert _contrast(*pair) >= _wanted(theme), f"{selector}: {text} on {ground}"
    assert found > 15


class Witness(Ink):
    """Notes of each text on the canvas how far its colour is from what it is written on."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.found: dict[str, float] = {}

    def text(self, painter, rect, text, face, color, align=LEFT) -> None:
        at = painter.worldTransform().mapRect(rect).toAlignedRect()
        image: QImage = painter.device()
        points = [(x, at.center().y()) for x in (at.left() + 1, at.center().x(), at.right() - 1)]
        for x, y in points:
            if image.rect().contains(x, y):
                self._note(text, color, image.pixelColor(x, y), painter.opacity())
        super().text(painter, rect, text, face, color, align)

    def _note(self, text: str, color: QColor, ground: QColor, opacity: float) -> None:
        channels = zip(color.getRgbF()[:3], ground.getRgbF()[:3], strict=True)
        mixed = QColor.fromRgbF(
            *(over * opacity + under * (1 - opacity) for over, under in channels)
        )
        found = _contrast(mixed.name(), ground.name())
        self.found[text] = min(found, self.found.get(text, 99.0))


@pytest.fixture(scope="module")
def scene() -> Scene:
    catalogue = Catalogue.installed()
    return build_scene(completed(Sheet(nested_flow()), catalogue), catalogue)


@each_theme
def test_what_is_written_on_the_canvas_is_readable(qapp, scene: Scene, theme: Theme):
    witness = Witness(theme)
    picture(scene, witness, 2.0)

    assert len(witness.found) > 15
    assert {text: it for text, it in witness.found.items() if it < 4.5} == {}


@each_theme
@pytest.mark.parametrize("status", STATES)
def test_what_a_run_writes_on_the_canvas_is_readable(qapp, scene: Scene, theme: Theme, status: str):
    witness = Witness(theme)
    for box in scene.boxes.values():
        taken = box.ports[0].name if box.kind == "route" else ""
        found = {port.name: "found" for port in box.ports}
        image = QImage(int(box.width) + 40, int(box.height) + 40, QImage.Format.Format_RGB32)
        image.fill(theme.color("canvas"))
        painter = QPainter(image)
        painter.translate(20, 20)
        paint_box(
            painter, box, Mark(status=status, note="1.2 s", taken=taken, found=found), witness
        )
        painter.end()

    assert "1.2 s" in witness.found
    # What is skipped, or is a case that was not taken, is pale on purpose.
    enough = 3.0
    assert {text: it for text, it in witness.found.items() if it < enough} == {}
    assert witness.found["1.2 s"] >= 4.5


@each_theme
def test_the_style_sheet_knows_every_colour_that_it_names(theme: Theme):
    assert "$" not in style_sheet(theme)


def test_a_switch_keeps_the_contrast():
    switch = ThemeSwitch(HIGH_DARK)
    switch.toggle()

    assert switch.theme is HIGH_LIGHT


def test_a_switch_tells_once_that_the_theme_is_another_one(qtbot):
    switch = ThemeSwitch(DARK)
    told = []
    switch.changed.connect(told.append)

    switch.switch(DARK)
    switch.toggle()

    assert told == [LIGHT]
