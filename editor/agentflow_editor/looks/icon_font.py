"""The icon font: Material Design's alone, of the twelve that qtawesome would load at once."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Protocol, cast

from PySide6.QtGui import QFont, QIcon

import agentflow_editor.process.stand_ins  # noqa: F401  # pyright: ignore[reportUnusedImport]  # isort: skip
from qtawesome import iconic_font as untyped  # isort: skip

__all__ = ["SET", "IconFont", "icon_font"]

SET = "mdi6"
"""What the set of icons is called in front of an icon's name: "mdi6.robot-outline"."""
_FILES = "materialdesignicons6-webfont"


class IconFont(Protocol):
    """What is used of qtawesome's IconicFont, which has no types."""

    charmap: Mapping[str, Mapping[str, str]]
    icon: Callable[..., QIcon]

    def font(self, prefix: str, size: int) -> QFont: ...


@cache
def icon_font() -> IconFont:
    """The font, loaded when an icon is first asked for; there is an application by then."""
    folder = Path(untyped.__file__).with_name("fonts")
    (letters,) = folder.glob(f"{_FILES}-*.ttf")
    (names,) = folder.glob(f"{_FILES}-charmap-*.json")
    load = cast("Callable[..., IconFont]", untyped.IconicFont)
    return load((SET, letters.name, names.name, str(folder)))
