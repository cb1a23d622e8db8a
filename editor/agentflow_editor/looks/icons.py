"""Icons: the Material Design icon font, in the colours of the theme."""

from collections.abc import Callable

from PySide6.QtGui import QColor, QIcon, QPixmap

import agentflow_editor.process.stand_ins  # noqa: F401  # pyright: ignore[reportUnusedImport]  # isort: skip
import qtawesome  # isort: skip
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
    draw: Callable[..., QIcon] = getattr(qtawesome, "icon")  # noqa: B009 - it is untyped
    try:
        return draw(f"mdi6.{name}", **options)
    except Exception:  # noqa: BLE001 - qtawesome raises a bare Exception for an unknown name
        return draw("mdi6.puzzle-outline", **options)


def application_icon() -> QIcon:
    """The application's own icon, in every size that it was drawn in."""
    made = QIcon()
    for size in ICON_SIZES:
        pixmap = QPixmap()
        pixmap.loadFromData(icon_file(size))
        made.addPixmap(pixmap)
    return made
