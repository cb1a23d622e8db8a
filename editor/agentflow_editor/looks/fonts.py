"""Fonts: the ones that the editor brings along, so that it looks the same everywhere."""

from importlib.resources import files

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

__all__ = [
    "MONO",
    "SANS",
    "install_fonts",
    "mono",
    "pixels",
    "restore_own_sizes",
    "scale_text",
    "unscaled",
    "zoomed",
]

SANS = "Inter"
MONO = "JetBrains Mono"
PLAIN = 13
"""Pixels of plain text at 100 %."""
OWN = "own_pixels"
"""The property of a widget whose text has a size of its own: that size at 100 %."""


def install_fonts(app: QApplication) -> None:
    """Make the fonts known to Qt and the plain one the application's own."""
    for file in files("agentflow_resources").joinpath("fonts").iterdir():
        if file.name.endswith((".otf", ".ttf")):
            QFontDatabase.addApplicationFontFromData(file.read_bytes())
    font = QFont(SANS)
    font.setPixelSize(PLAIN)
    app.setFont(font)


def zoomed(size: int, weight: QFont.Weight) -> QFont:
    """The font of a text that is zoomed with what it is on, however large texts are otherwise."""
    font = QFont([SANS, "DejaVu Sans"])
    font.setPixelSize(size)
    font.setWeight(weight)
    # Glyphs must grow with what they are on, not snap to whole pixels.
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def pixels(size: float) -> int:
    """How large a text of so many pixels is drawn, with the size that the person has chosen."""
    return round(size * _scale())


def unscaled(size: float) -> int:
    """What so many pixels would be with text of 100 %."""
    return round(size / _scale())


def _scale() -> float:
    # A font that is measured in points, as before ours is installed, is at 100 %.
    chosen = QApplication.font().pixelSize()
    return chosen / PLAIN if chosen > 0 else 1.0


def scale_text(app: QApplication, percent: int) -> None:
    """Draw every text of the application at so many percent of its size, at once."""
    before = app.font().pixelSize()
    font = QFont(app.font())
    font.setPixelSize(round(PLAIN * percent / 100))
    if font.pixelSize() == before:
        return
    sizes = {
        widget: widget.font().pixelSize()
        for widget in app.allWidgets()
        if widget.testAttribute(Qt.WidgetAttribute.WA_SetFont)
    }
    app.setFont(font)
    for widget, size in sizes.items():
        # A size that has not followed the application's is the widget's own.
        if widget.property(OWN) is None and widget.font().pixelSize() == size > 0:
            widget.setProperty(OWN, size * PLAIN / before)
    restore_own_sizes(app)


def restore_own_sizes(app: QApplication) -> None:
    """Give texts of a size of their own that size again, which a new style sheet takes away."""
    for widget in app.allWidgets():
        own = widget.property(OWN)
        if own is not None:
            font = QFont(widget.font())
            font.setPixelSize(pixels(own))
            widget.setFont(font)


def mono(size: int = PLAIN) -> QFont:
    """The font of sources, values and paths."""
    font = QFont(MONO)
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setPixelSize(pixels(size))
    # Its ligatures draw ">=" as one sign, which nobody could type.
    font.setFeature(QFont.Tag("calt"), 0)
    return font
