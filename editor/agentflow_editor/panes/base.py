"""Pane: what a dock shows, and how it is made."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from PySide6.QtWidgets import QWidget

from agentflow_editor.workbench import Workbench

__all__ = ["Pane"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pane:
    """The contents of a dock. One file of this folder offers one, as PANE."""

    id: str
    """What the window remembers it by: "problems"."""
    title: str
    icon: str
    """The name of a Material Design icon."""
    area: Literal["left", "right", "bottom"]
    """Where it stands at first."""
    build: Callable[[Workbench], QWidget]
