"""The style sheet: what the palette alone cannot say about Qt's own widgets."""

from dataclasses import asdict
from importlib.resources import files
from string import Template

from agentflow_editor.looks.theme import Theme

__all__ = ["style_sheet"]


def style_sheet(theme: Theme) -> str:
    """Small corrections to Fusion in a theme's colours: lines, spacing, tabs, docks."""
    sheet = files("agentflow_resources").joinpath("styles", "editor.qss")
    return Template(sheet.read_text(encoding="utf-8")).substitute(asdict(theme))
