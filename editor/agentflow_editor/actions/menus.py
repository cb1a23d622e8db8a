"""ActionSet: the rows as QActions, in menus, in the toolbar and under the keyboard."""

from collections import deque
from collections.abc import Iterator

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QToolBar, QWidget

from agentflow_editor.actions import edit, file, help, run, structure, view, window
from agentflow_editor.actions.base import Action, Desk, Separator
from agentflow_editor.looks.icons import icon
from agentflow_editor.looks.theme import Theme

__all__ = ["ActionSet"]

MENUS = (file.MENU, edit.MENU, structure.MENU, view.MENU, run.MENU, window.MENU, help.MENU)

MOST_REMEMBERED = 20


class ActionSet(QObject):
    """Every action of one window. `refresh` after anything that may enable or disable one."""

    def __init__(self, desk: Desk, canvas: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self.last: deque[str] = deque(maxlen=MOST_REMEMBERED)
        """Ids of what was done last, the newest at the end."""
        self._rows = {row.id: row for row in self.rows()}
        self._submenus: list[QMenu] = []
        drawing = canvas.focusProxy() or canvas
        self._actions = {
            row.id: self._made(
                row, drawing if row.on_drawing else canvas if row.on_canvas else parent
            )
            for row in self.rows()
        }
        self.refresh()

    @staticmethod
    def rows() -> Iterator[Action]:
        """Every row, in the order of the menus."""
        for _, entries in MENUS:
            yield from (entry for entry in entries if isinstance(entry, Action))

    def __getitem__(self, action_id: str) -> QAction:
        return self._actions[action_id]

    def fill_menus(self, bar: QMenuBar) -> dict[str, QMenu]:
        """Put every action into its menu; the menus by title without their mnemonic."""
        menus: dict[str, QMenu] = {}
        for title, entries in MENUS:
            menu = menus[title.replace("&", "")] = bar.addMenu(title)
            inner: dict[str, QMenu] = {}
            for entry in entries:
                if isinstance(entry, Separator):
                    menu.addSeparator()
                    continue
                if entry.submenu and entry.submenu not in inner:
                    inner[entry.submenu] = menu.addMenu(entry.submenu)
                inner.get(entry.submenu, menu).addAction(self._actions[entry.id])
            self._submenus += inner.values()
        self.refresh()
        return menus

    def fill_toolbar(self, bar: QToolBar) -> None:
        """Put the actions with a button into the toolbar, a line between the menus' groups."""
        for _, entries in MENUS:
            shown = [it for it in entries if isinstance(it, Action) and it.toolbar]
            if shown and bar.actions():
                bar.addSeparator()
            bar.addActions([self._actions[row.id] for row in shown])

    def lend(self, widget: QWidget) -> None:
        """Let the shortcuts that change selected steps count in another widget, too."""
        for row in self.rows():
            is_about_steps = row.id.startswith(("edit.", "structure."))
            if row.on_canvas and is_about_steps and not row.id.startswith(_ABOUT_PLACES):
                widget.addAction(self._actions[row.id])

    def commands(self) -> Iterator[tuple[str, str, QAction]]:
        """Every action with its menu and its icon, in the order of the menus."""
        for title, entries in MENUS:
            for entry in entries:
                if isinstance(entry, Action):
                    yield title.replace("&", ""), entry.icon, self._actions[entry.id]

    @staticmethod
    def shortcuts() -> dict[str, list[tuple[str, str]]]:
        """The keys of each action that has some, with its title; by menu."""
        listed = {
            title.replace("&", ""): [
                (", ".join(it.shortcuts), it.title.replace("&", ""))
                for it in entries
                if isinstance(it, Action) and it.shortcuts
            ]
            for title, entries in MENUS
        }
        return {title: pairs for title, pairs in listed.items() if pairs}

    def refresh(self) -> None:
        """Enable what can be done now and nothing else."""
        is_at_work = self._desk.window.is_at_work()
        for action_id, action in self._actions.items():
            row = self._rows[action_id]
            is_possible = is_at_work or not row.needs_flow
            action.setEnabled(is_possible and row.enabled(self._desk))
            if row.checked is not None:
                action.setChecked(row.checked(self._desk))
        for menu in self._submenus:
            menu.menuAction().setEnabled(any(it.isEnabled() for it in menu.actions()))
        stack = self._desk.workbench.document.undo_stack
        self["edit.undo"].setText(f"&Undo {stack.undoText()}".rstrip())
        self["edit.redo"].setText(f"&Redo {stack.redoText()}".rstrip())

    def paint(self, theme: Theme) -> None:
        """Draw the icons in a theme's colours."""
        for action_id, action in self._actions.items():
            if name := self._rows[action_id].icon:
                action.setIcon(
                    icon(name, theme.color(_ROLES.get(action_id, "text")), disabled=theme.border)
                )

    def _do(self, row: Action) -> None:
        self.last.append(row.id)
        row.run(self._desk)
        if row.checked is not None:
            self[row.id].setChecked(row.checked(self._desk))

    def _made(self, row: Action, home: QWidget) -> QAction:
        action = QAction(row.title, home)
        action.setObjectName(row.id)
        if row.checked is not None:
            action.setCheckable(True)
            action.setIconVisibleInMenu(False)  # its place is the tick's
        action.setShortcuts([QKeySequence(key) for key in row.shortcuts])
        if row.on_canvas:
            # Plain letters and Delete belong to whatever text field has the keyboard.
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        if row.on_drawing:
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        plain = row.title.replace("&", "").rstrip("…")
        action.setStatusTip(row.tip or plain)
        shown = f" ({action.shortcut().toString()})" if row.shortcuts else ""
        action.setToolTip(f"{plain}{shown}" + (f"\n{row.tip}" if row.tip else ""))
        action.triggered.connect(lambda: self._do(row))
        home.addAction(action)
        return action


_ABOUT_PLACES = ("edit.add", "edit.note-", "edit.nudge")
_ROLES = {"run.run": "done", "run.stop": "failed", "run.pause": "paused", "run.step": "running"}
