"""Action: a row that becomes a menu entry, a shortcut and, where it says so, a button."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from agentflow_editor.workbench import Workbench

__all__ = ["Action", "Desk", "Separator", "WindowsVerbs", "always"]


class CanvasVerbs(Protocol):
    """What actions ask of the canvas."""

    def arrange(self) -> None: ...
    def frame(self) -> None: ...
    def frame_all(self) -> None: ...
    def open_search(self) -> None: ...
    def rename_current(self) -> None: ...
    def delete_selected(self) -> None: ...
    def duplicate_selected(self) -> None: ...
    def select_all(self) -> None: ...
    def zoom_in(self) -> None: ...
    def zoom_out(self) -> None: ...
    def reset_zoom(self) -> None: ...


class WindowVerbs(Protocol):
    """What actions ask of the window."""

    def show_welcome(self) -> None: ...
    def close(self) -> bool: ...
    def show_shortcuts(self) -> None: ...
    def show_about(self) -> None: ...
    def toggle_full_screen(self) -> None: ...
    def reset_docks(self) -> None: ...


class WindowsVerbs(Protocol):
    """What actions ask of the editor's windows as a whole."""

    def new_window(self) -> None: ...
    def open_flows(self, paths: Iterable[Path]) -> None: ...
    def reveal(self, path: Path, *, asking: object = None) -> bool: ...
    def list_in(self, menu: QMenu, current: object) -> list[QAction]: ...
    def quit(self) -> None: ...


class FileVerbs(Protocol):
    """What actions ask about files; each asks the person what it has to know."""

    def new_flow(self) -> None: ...
    def ask_open(self) -> None: ...
    def save(self) -> None: ...
    def ask_save_as(self) -> None: ...
    def revert(self) -> None: ...
    def export_mermaid(self) -> None: ...
    def export_picture(self) -> None: ...


class RunVerbs(Protocol):
    """What actions ask about starting runs."""

    def run_last(self) -> None: ...
    def run_stepping(self) -> None: ...
    def ask_run(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that an action may use."""

    workbench: Workbench
    canvas: CanvasVerbs
    window: WindowVerbs
    windows: WindowsVerbs
    files: FileVerbs
    runs: RunVerbs


def always(_: Desk) -> bool:
    """An action that can be done at any time."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something that a person can do."""

    id: str
    """Unique and lasting: "file.save"."""
    title: str
    """As in the menu, with its mnemonic: "&Save"."""
    run: Callable[[Desk], None]
    shortcuts: tuple[str, ...] = ()
    """The first is the one that is shown."""
    on_canvas: bool = False
    """Whether the shortcuts count only while the canvas has the keyboard."""
    icon: str = ""
    """A Material Design name; "" for none."""
    tip: str = ""
    """What it does, for the status bar; the title where it says enough."""
    enabled: Callable[[Desk], bool] = always
    toolbar: bool = False


@dataclass(frozen=True, slots=True)
class Separator:
    """A line between two groups of a menu, and of the toolbar."""
