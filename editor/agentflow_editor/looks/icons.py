"""Icons: the Material Design icon font, in the colours of the theme."""

from PySide6.QtGui import QColor, QIcon, QPixmap

from agentflow_editor.looks.icon_font import SET, icon_font
from agentflow_resources.desktop_files import ICON_SIZES, icon_file

__all__ = ["application_icon", "icon"]


def icon(
    name: str,
    color: QColor | str,
    *,
    disabled: QColor | str | None = None,
    selected: QColor | str | None = None,
) -> QIcon:
    """The icon of a Material Design name ("robot-outline"); a puzzle piece where there is none."""
    options = {
        "color": QColor(color),
        "color_disabled": QColor(disabled or color),
        "color_selected": QColor(selected or color),
    }
    font = icon_font()
    known = name if name in font.charmap[SET] else "puzzle-outline"
    return font.icon(f"{SET}.{known}", **options)


def application_icon() -> QIcon:
    """The application's own icon, in every size that it was drawn in."""
    made = QIcon()
    for size in ICON_SIZES:
        pixmap = QPixmap()
        pixmap.loadFromData(icon_file(size))
        made.addPixmap(pixmap)
    return made
