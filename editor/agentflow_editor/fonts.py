"""Fonts: the ones that the editor brings along, so that it looks the same everywhere."""

from importlib.resources import files

from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

__all__ = ["MONO", "SANS", "install_fonts", "mono"]

SANS = "Inter"
MONO = "JetBrains Mono"


def install_fonts(app: QApplication) -> None:
    """Make the fonts known to Qt and the plain one the application's own."""
    for file in files("agentflow_resources").joinpath("fonts").iterdir():
        if file.name.endswith((".otf", ".ttf")):
            QFontDatabase.addApplicationFontFromData(file.read_bytes())
    font = QFont(SANS)
    font.setPixelSize(13)
    app.setFont(font)


def mono(pixels: int = 13) -> QFont:
    """The font of sources, values and paths."""
    font = QFont(MONO)
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setPixelSize(pixels)
    # Its ligatures draw ">=" as one sign, which nobody could type.
    font.setFeature(QFont.Tag("calt"), 0)
    return font
