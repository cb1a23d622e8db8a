"""Menus that are filled whenever they open: with recent files, with windows, for a step."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from agentflow_editor.actions.base import WindowsVerbs
from agentflow_editor.actions.menus import ActionSet
from agentflow_editor.controllers.files import Files
from agentflow_editor.settings.store import EditorSettings

__all__ = ["RecentMenu", "WindowList", "context_menu"]

CONTEXT_MENU = (
    ("edit.add", "edit.note", "edit.rename"),
    ("edit.cut", "edit.copy", "edit.paste", "edit.duplicate", "edit.delete", "edit.heal"),
    (
        "structure.wrap",
        "structure.dissolve",
        "structure.mode",
        "structure.release",
        "structure.switch",
    ),
    ("view.enter", "view.up", "view.collapse"),
    ("run.breakpoint", "view.arrange", "view.frame-all"),
)


class RecentMenu(QMenu):
    """The flows that were opened last."""

    def __init__(self, settings: EditorSettings, files: Files, parent: QWidget) -> None:
        super().__init__("Open &Recent", parent)
        self._settings, self._files = settings, files
        self.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        self.clear()
        for path in self._settings.recent:
            label = str(path).replace("&", "&&")
            entry = self.addAction(label, lambda path=path: self._files.open_flow(path))
            if not path.is_file():
                entry.setText(f"{label} (not there any more)")
                entry.setEnabled(False)
        if self.isEmpty():
            self.addAction("No flow was opened yet").setEnabled(False)
        else:
            self.addSeparator()
            self.addAction("Forget These", self._settings.forget_recent)


class WindowList(QObject):
    """The editor's windows, at the end of a menu."""

    def __init__(self, menu: QMenu, windows: WindowsVerbs, current: QWidget) -> None:
        super().__init__(menu)
        self._menu, self._windows, self._current = menu, windows, current
        self._listed: list[QAction] = []
        menu.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        for action in self._listed:
            self._menu.removeAction(action)
            action.deleteLater()
        self._listed = self._windows.list_in(self._menu, self._current)


def context_menu(actions: ActionSet, parent: QWidget) -> QMenu:
    """What can be done with what is selected; it ends when it closes."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for group in CONTEXT_MENU:
        menu.addSeparator()
        for action_id in group:
            menu.addAction(actions[action_id])
    return menu
