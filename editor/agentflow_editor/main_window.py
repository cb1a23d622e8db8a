"""MainWindow: the canvas with its docks, menus, toolbar and status bar."""

import os
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QMainWindow,
    QStackedWidget,
    QToolBar,
    QWidget,
)

from agentflow_editor.actions.base import Desk, WindowsVerbs
from agentflow_editor.actions.menus import ActionSet
from agentflow_editor.canvas.canvas import Canvas
from agentflow_editor.canvas.previews import Previews
from agentflow_editor.controllers.clipboard import Clipboard
from agentflow_editor.controllers.exports import Exports
from agentflow_editor.controllers.files import Files
from agentflow_editor.controllers.keeping import Keeping
from agentflow_editor.controllers.runs import Runs
from agentflow_editor.controllers.structure import Structure
from agentflow_editor.controllers.typed_text import TypedText
from agentflow_editor.dialogs import messages
from agentflow_editor.dialogs.pairs import PairsDialog
from agentflow_editor.dialogs.preferences import PreferencesDialog
from agentflow_editor.looks.theme import Theme
from agentflow_editor.panes.inspector import Inspector
from agentflow_editor.panes.problems import Problems
from agentflow_editor.panes.source import Source
from agentflow_editor.welcome.page import ROOM, Example, Welcome
from agentflow_editor.welcome.starting import Starting
from agentflow_editor.widgets.column import column_in
from agentflow_editor.widgets.notices import Notices
from agentflow_editor.widgets.when_seen import WhenSeen
from agentflow_editor.window.cameras import Cameras
from agentflow_editor.window.command_palette import CommandPalette
from agentflow_editor.window.docks import Docks
from agentflow_editor.window.finder import Finder
from agentflow_editor.window.memory import WindowMemory
from agentflow_editor.window.opening_menus import RecentMenu, WindowList, context_menu
from agentflow_editor.window.status_line import StatusLine
from agentflow_editor.workbench import Workbench

__all__ = ["MainWindow"]

PATIENCE = 15
"""Milliseconds between two panes that are made while nobody sees any, for what a person does."""


class MainWindow(QMainWindow):
    """One window on one document."""

    closed = Signal()
    """The window is gone for good: nothing unsaved is left, or the person gave it up."""

    def __init__(
        self, workbench: Workbench, examples: Iterable[Example], windows: WindowsVerbs
    ) -> None:
        super().__init__()
        self.workbench = workbench
        self._windows = windows
        self._may_close = False
        self.setAcceptDrops(True)
        self.setAnimated(not workbench.preferences.current.reduced_motion)
        self.resize(1280, 800)
        self.canvas = Canvas(workbench)
        previews = Previews(workbench.catalogue, ROOM, self)
        self._welcome = Welcome(examples, workbench.theme.theme, previews)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._welcome)
        self._pages.addWidget(self.canvas)
        self.notices = Notices(workbench.theme.theme)
        self.setCentralWidget(_stacked(self.notices, self._pages))
        self.typed_text = TypedText(self, workbench.source, self.notices)
        self.files = Files(
            self,
            workbench,
            self._is_shown_elsewhere,
            self.typed_text,
        )
        self._starting = Starting(self, workbench, self._welcome, self.files, windows)
        self._starting.back_wanted.connect(self._show_flow)
        self.exports = Exports(self, workbench, self.canvas.save_picture, self.typed_text)
        self.runs = Runs(self, workbench, self.files.revert, self.typed_text)
        self.keeping = Keeping(self, workbench, self.files, self.notices, windows.restore)
        self._cameras = Cameras(workbench, self.canvas.looking, self.is_at_work, self)
        structure = Structure(self.canvas, self.canvas.edit, workbench)
        clipboard = Clipboard(structure, workbench, self.canvas.looking.spot, self.canvas.tell)
        desk = Desk(
            workbench,
            self.canvas,
            self,
            windows,
            self.files,
            self.exports,
            self.runs,
            structure,
            clipboard,
            self.keeping,
        )
        self.action_set = ActionSet(desk, self.canvas, self)
        self._docks = Docks(self, workbench)
        self._memory = WindowMemory(self, self._docks, workbench.settings, self.is_at_work)
        self._join_panes()
        self.finder = Finder(workbench, self.canvas.diving.reveal, self.canvas)
        self.finder.closed.connect(self.canvas.setFocus)
        self._fill_bars()
        self._listen()
        self._restore()
        self._paint(workbench.theme.theme)
        self._show_state()

    def _join_panes(self) -> None:
        self._docks.when_made("outline", self.action_set.lend)
        self._docks.when_made("source", self._join_source)
        self._docks.when_made("problems", self._join_problems)
        self.typed_text.wanted.connect(lambda: self._docks.reveal("source"))
        self._docks.watch("source", self.typed_text.set_in_sight)
        self._more_panes = WhenSeen(self._welcome, self._make_next_pane, patience=PATIENCE)
        self._more_panes.ask()

    def _make_next_pane(self) -> None:
        if self._docks.make_next():
            self._more_panes.ask()

    def make_panes(self) -> None:
        """Make every pane at once; else each is made in a moment of its own, before it is seen."""
        self._docks.make_all()

    def _join_source(self, source: Source) -> None:
        source.escaped.connect(self.canvas.setFocus)
        self.typed_text.wanted.connect(source.show_fault)

    def _join_problems(self, problems: Problems) -> None:
        problems.place_wanted.connect(self._show_place)
        problems.setting_wanted.connect(self._show_setting)

    def _fill_bars(self) -> None:
        menus = self.action_set.fill_menus(self.menuBar())
        recent = RecentMenu(self.workbench.settings, self.files, self)
        menus["File"].insertMenu(self.action_set["file.save"], recent)
        menus["View"].addActions(self._docks.actions())
        WindowList(menus["Window"], self._windows, self)
        bar = QToolBar("Toolbar")
        bar.setObjectName("toolbar")
        bar.setMovable(False)
        self.action_set.fill_toolbar(bar)
        self.addToolBar(bar)
        self._status = StatusLine(self.statusBar(), self.workbench)
        self._status.problems_wanted.connect(lambda: self._docks.reveal("problems"))

    def _listen(self) -> None:
        bench = self.workbench
        bench.document.changed.connect(self._refresh)
        bench.document.file_changed.connect(self._on_file_changed)
        bench.document.modified_changed.connect(self._refresh)
        bench.document.undo_stack.indexChanged.connect(self._refresh)
        bench.selection.changed.connect(self._refresh)
        bench.source.changed.connect(self._refresh)
        bench.breakpoints.changed.connect(self._refresh)
        bench.run.state_changed.connect(self._refresh)
        bench.run.started.connect(self._on_run_started)
        self.runs.refused.connect(self._on_run_refused)
        bench.document.read_only_changed.connect(self._on_read_only)
        bench.keeper.watch.changed.connect(self._refresh)
        self.files.leaving.connect(self._cameras.remember)
        self.files.leaving.connect(self.make_panes)  # so that none misses what is opened
        self.files.opened.connect(self._leave_welcome)
        self.files.told.connect(self._status.tell)
        self.exports.told.connect(self._status.tell)
        bench.theme.changed.connect(self._paint)
        self.canvas.message.connect(self._status.tell)
        self.canvas.watching.changed.connect(self._refresh)
        self.canvas.activated.connect(self._on_activated)
        self.canvas.context_menu_requested.connect(self._show_context_menu)

    def _on_activated(self, _path: str) -> None:
        self._docks.reveal("inspector")

    def _refresh(self, *_: object) -> None:
        self.action_set.refresh()
        self._show_state()

    def _show_state(self) -> None:
        document = self.workbench.document
        suffix = " (read-only)" if document.is_read_only else ""
        shown = f"{document.title}[*]{suffix} - " if self.is_at_work() else ""
        self.setWindowTitle(shown + ("AgentFlow Studio" if shown else "AgentFlow Studio[*]"))
        self.setWindowModified(self.has_unsaved)
        self._status.show_run()

    def _on_read_only(self, is_read_only: bool) -> None:
        self._docks.set_editable(not is_read_only)
        self._refresh()

    def _on_file_changed(self) -> None:
        document = self.workbench.document
        if document.path is not None:
            self.workbench.settings.remember(document.path)
        self._refresh()

    def _paint(self, theme: Theme) -> None:
        self.action_set.paint(theme)
        self._docks.paint(theme)
        self._starting.show_page()
        self._status.show_problems(self.workbench.document.problems)

    def _leave_welcome(self) -> None:
        self.workbench.trace.clear()
        self._show_flow()
        # The canvas has its size only after the stack has been laid out.
        QTimer.singleShot(0, self._cameras.look)

    def _show_flow(self) -> None:
        self._pages.setCurrentWidget(self.canvas)
        self._docks.set_visible(True)
        self._status.problems.show()
        self._refresh()
        self.canvas.setFocus()

    def is_at_work(self) -> bool:
        """Whether a flow is seen, and not the welcome page."""
        return self._pages.currentWidget() is self.canvas

    @property
    def is_unused(self) -> bool:
        """Whether no flow was opened or begun in it."""
        document = self.workbench.document
        return not self.is_at_work() and document.path is None and not self.has_unsaved

    @property
    def label(self) -> str:
        """What it is called in a list of windows: its flow, with a mark where that is unsaved."""
        if self.is_unused:
            return "Welcome"
        document = self.workbench.document
        return f"{document.title}{' *' if self.has_unsaved else ''}"

    def come_forward(self) -> None:
        """Be seen, in front of everything else, and have the keyboard."""
        self.show()
        if self.isMinimized():
            self.showNormal()
        self.raise_()
        self.activateWindow()

    def show_welcome(self) -> None:
        """Show the page with examples and recent files; the flow stays open behind it."""
        self._starting.show_page()
        self._pages.setCurrentWidget(self._welcome)
        self._docks.set_visible(False)
        self._status.problems.hide()
        self._refresh()

    def show_gallery(self) -> None:
        """Let a person begin a flow as a copy of a template."""
        self._starting.show_gallery()

    def _is_shown_elsewhere(self, path: Path) -> bool:
        return self._windows.reveal(path, asking=self)

    def _on_run_started(self) -> None:
        self._docks.reveal("result")

    def _on_run_refused(self, why: str) -> None:
        if self.is_at_work():
            self._docks.reveal("problems")
            problems = self._docks.pane("problems")
            assert isinstance(problems, Problems)
            problems.show_first()
        self.canvas.tell(why)

    def _show_place(self, where: str) -> None:
        source = self._docks.pane("source")
        assert isinstance(source, Source)
        self._docks.reveal("source")
        source.show_place(where)

    def _show_setting(self, where: str) -> None:
        """Show a setting of the selected step in the inspector; in the source if that is seen."""
        inspector, source = self._docks.pane("inspector"), self._docks.pane("source")
        assert isinstance(inspector, Inspector)
        assert isinstance(source, Source)
        inspector.show_setting(where)
        if self._docks.is_seen("source"):
            source.show_place(where, typing=False)
        else:
            self._docks.reveal("inspector")

    def _show_context_menu(self, _path: str, where: QPoint) -> None:
        context_menu(self.action_set, self).popup(where)

    def show_commands(self) -> None:
        """Open the list of everything that can be done."""
        settings, theme = self.workbench.settings, self.workbench.theme.theme
        palette = CommandPalette(self.action_set.commands(), settings.commands, theme, self)
        palette.command_chosen.connect(settings.remember_command)
        palette.closed.connect((self.focusWidget() or self.canvas).setFocus)
        palette.open_on_top()

    def edit_source(self) -> None:
        """Show the flow as text, and let the person type in it."""
        if self.is_at_work():
            self._docks.reveal("source")
            self._docks.pane("source").setFocus()

    def find_steps(self) -> None:
        """Open the bar that finds steps and notes."""
        if self.is_at_work():
            self.finder.open_bar()

    def find_next(self, by: int) -> None:
        """Go to the next step that is found, or the one before."""
        if self.finder.found:
            self.finder.go(by)
        else:
            self.find_steps()

    def explain(self) -> None:
        """Tell in the inspector what the selected step is, or show its fields again."""
        if self.is_at_work():
            self._docks.reveal("inspector")
            inspector = self._docks.pane("inspector")
            assert isinstance(inspector, Inspector)
            inspector.explain()

    def show_shortcuts(self) -> None:
        """List every shortcut."""
        PairsDialog(self, "Keyboard Shortcuts", self.action_set.shortcuts()).open()

    def show_preferences(self) -> None:
        """Let the person say how the editor is to be."""
        bench = self.workbench
        folders = [
            ("Settings, recent files and what was trusted", bench.settings.folder),
            ("Unsaved work", bench.keeper.shelf.folder),
        ]
        PreferencesDialog(self, bench.preferences, folders, os.environ).open()

    def show_about(self) -> None:
        """Say what this program is."""
        messages.tell(
            self,
            "About AgentFlow Studio",
            "Draw agents and orchestrators into a flow, watch it run, step through it, and run the "
            "very same file headless.\n\nMIT licence.",
        )

    def toggle_full_screen(self) -> None:
        """Fill the screen, or stop filling it."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def reset_docks(self) -> None:
        """Put every pane back to where it was at first."""
        self._docks.arrange()

    def _restore(self) -> None:
        self._memory.recall()
        self.show_welcome()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        if len(paths) == 1:
            self.files.open_flow(paths[0])
        elif paths:
            self._windows.open_flows(paths)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.has_unsaved and not self._may_close:
            event.ignore()
            self.files.when_safe(self.close_for_good)
            return
        self._cameras.remember()
        self._memory.remember()
        self.workbench.settings.sync()
        self.workbench.keeper.close()
        event.accept()
        self.closed.emit()

    @property
    def has_unsaved(self) -> bool:
        """Whether anything would be lost with it, be it a text that is typed but not applied."""
        return self.workbench.document.is_modified or self.workbench.source.is_open

    def close_for_good(self) -> None:
        """Close, whatever is unsaved."""
        self._may_close = True
        self.close()


def _stacked(*widgets: QWidget) -> QWidget:
    page = QWidget()
    column_in(page, *widgets)
    return page
