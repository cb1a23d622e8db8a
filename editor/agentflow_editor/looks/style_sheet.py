"""The style sheet: what the palette alone cannot say about Qt's own widgets."""

from dataclasses import asdict
from importlib.resources import files
from string import Template

from agentflow_editor.looks.fonts import pixels
from agentflow_editor.looks.theme import Theme

__all__ = ["style_sheet"]

SIZES = {"small_icon": 16, "icon": 18, "large_icon": 20}
"""Pixels of icons beside text of 100 %."""


def style_sheet(theme: Theme) -> str:
    """Small corrections to Fusion in a theme's colours: lines, spacing, tabs, docks.

    Icons are as large as the text wants that a person has chosen.
    """
    sheet = files("agentflow_resources").joinpath("styles", "editor.qss")
    sizes = {name: f"{pixels(size)}px" for name, size in SIZES.items()}
    return Template(sheet.read_text(encoding="utf-8")).substitute(asdict(theme), **sizes)
