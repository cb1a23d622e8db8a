"""Draws the application's icon in every size that desktops ask for, from its two drawings."""

import os
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from agentflow_resources.desktop_files import ICON_SIZES

FOLDER = Path(__file__).parents[1] / "resources/agentflow_resources/desktop"
SMALL = 24
"""Up to so many pixels the drawing with fewer and thicker lines is used."""


def draw(size: int) -> None:
    """Write the icon in one size."""
    name = "agentflow-studio-small.svg" if size <= SMALL else "agentflow-studio.svg"
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(str(FOLDER / name)).render(painter)
    painter.end()
    image.save(str(FOLDER / f"agentflow-studio-{size}.png"))


if __name__ == "__main__":
    app = QGuiApplication([])
    for each in ICON_SIZES:
        draw(each)
