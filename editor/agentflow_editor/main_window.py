"""MainWindow: the canvas with its docks, menus, toolbar and status bar."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QMainWindow,
    QMenu,
    QStackedWidget,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from agentflow.problem import Problem
from agentflow.runner import RunOutcome
from agentflow_editor import dialogs
from agentflow_editor.actions.base import Desk, WindowsVerbs
from agentflow_editor.actions.menus import ActionSet
from agentflow_editor.cameras import Cameras
from agentflow_editor.canvas.canvas import Canvas
from agentflow_editor.clipboard import Clipboard
from agentflow_editor.command_palette import CommandPalette
from agentflow_editor.docks import Docks
from agentflow_editor.exports import Exports
from agentflow_editor.files import Files
from agentflow_editor.finder import Finder
from agentflow_editor.gallery import ROOM as GALLERY_ROOM
from agentflow_editor.gallery import Gallery
from agentflow_editor.icons import icon
from agentflow_editor.keeping import Keeping
from agentflow_editor.notices import Notices
from agentflow_editor.panes.inspector import Inspector
from agentflow_editor.panes.source import Source
from agentflow_editor.plain_text import PlainLabel
from agentflow_editor.preferences_dialog import PreferencesDialog
from agentflow_editor.previews import Previews
from agentflow_editor.runs import Runs
from agentflow_editor.structure import Structure
from agentflow_editor.theme import Theme
from agentflow_editor.typed_text import TypedText
from agentflow_editor.welcome import ROOM as WELCOME_ROOM
from agentflow_editor.welcome import Example, Welcome
from agentflow_editor.window_memory import WindowMemory
from agentflow_editor.workbench import Workbench
from agentflow_resources.templates import templates

__all__ = ["MainWindow"]

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
        previews = Previews(workbench.catalogue, WELCOME_ROOM, self)
        self._welcome = Welcome(examples, workbench.theme.theme, previews)
        self._gallery_previews = Previews(workbench.catalogue, GALLERY_ROOM, self)
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
        self.exports = Exports(self, workbench, self.canvas.save_picture, self.typed_text)
        self.runs = Runs(self, workbench, self.files.revert, self.typed_text)
        self.keeping = Keeping(self, workbench, self.files, self.notices, windows.restore)
        self._cameras = Cameras(workbench, self.canvas.looking, self._is_at_work, self)
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
        self._memory = WindowMemory(self, self._docks, workbench.settings, self._is_at_work)
        self.action_set.lend(self._docks.pane("outline"))
        self._join_source()
        self.finder = Finder(workbench, self.canvas.diving.reveal, self.canvas)
        self.finder.closed.connect(self.canvas.setFocus)
        self._recent_menu = QMenu("Open &Recent", self)
        self._listed_windows: list[QAction] = []
        self._fill_bars()
        self._listen()
        self._restore()
        self._paint(workbench.theme.theme)
        self._show_state()

    def _join_source(self) -> None:
        source = self._docks.pane("source")
        assert isinstance(source, Source)
        source.escaped.connect(self.canvas.setFocus)
        self.typed_text.wanted.connect(lambda: self._docks.reveal("source"))
        self.typed_text.wanted.connect(source.show_fault)
        self._docks.watch("source", self.typed_text.set_in_sight)

    def _fill_bars(self) -> None:
        menus = self.action_set.fill_menus(self.menuBar())
        menus["File"].insertMenu(self.action_set["file.save"], self._recent_menu)
        self._recent_menu.aboutToShow.connect(self._fill_recent)
        menus["View"].addActions(self._docks.actions())
        self._window_menu = menus["Window"]
        self._window_menu.aboutToShow.connect(self._list_windows)
        bar = QToolBar("Toolbar")
        bar.setObjectName("toolbar")
        bar.setIconSize(QSize(20, 20))
        bar.setMovable(False)
        self.action_set.fill_toolbar(bar)
        self.addToolBar(bar)
        self._problems = QToolButton()
        self._problems.setAutoRaise(True)
        self._problems.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._problems.clicked.connect(lambda: self._docks.reveal("problems"))
        self._run_state = PlainLabel("")
        self.statusBar().addPermanentWidget(self._run_state)
        self.statusBar().addPermanentWidget(self._problems)

    def _listen(self) -> None:
        bench = self.workbench
        bench.document.changed.connect(self._refresh)
        bench.document.file_changed.connect(self._on_file_changed)
        bench.document.modified_changed.connect(self._refresh)
        bench.document.problems_changed.connect(self._show_problems)
        bench.document.undo_stack.indexChanged.connect(self._refresh)
        bench.selection.changed.connect(self._refresh)
        bench.source.changed.connect(self._refresh)
        bench.breakpoints.changed.connect(self._refresh)
        bench.run.state_changed.connect(self._refresh)
        bench.run.started.connect(self._on_run_started)
        bench.run.ended.connect(self._on_run_ended)
        self.runs.refused.connect(lambda: self._docks.reveal("problems"))
        bench.document.read_only_changed.connect(self._on_read_only)
        bench.keeper.watch.changed.connect(self._refresh)
        self.files.leaving.connect(self._cameras.remember)
        self.files.opened.connect(self._leave_welcome)
        self.files.told.connect(self._tell)
        self.exports.told.connect(self._tell)
        bench.theme.changed.connect(self._paint)
        self.canvas.message.connect(self._tell)
        self.canvas.activated.connect(self._on_activated)
        self.canvas.context_menu_requested.connect(self._show_context_menu)
        self._welcome.new_wanted.connect(self.files.new_flow)
        self._welcome.open_wanted.connect(self.files.ask_open)
        self._welcome.template_wanted.connect(self.show_gallery)
        self._welcome.session_wanted.connect(self._open_session)
        self._welcome.forget_wanted.connect(self._forget_recent)
        self._welcome.flow_chosen.connect(self.files.open_flow)
        self._welcome.example_chosen.connect(self.files.open_flow)

    def _tell(self, text: str) -> None:
        self.statusBar().showMessage(text, 6000)

    def _on_activated(self, _path: str) -> None:
        self._docks.reveal("inspector")

    def _refresh(self, *_: object) -> None:
        self.action_set.refresh()
        self._show_state()

    def _show_state(self) -> None:
        document = self.workbench.document
        suffix = " (read-only)" if document.is_read_only else ""
        shown = f"{document.title}[*]{suffix} - " if self._is_at_work() else ""
        self.setWindowTitle(shown + ("AgentFlow Studio" if shown else "AgentFlow Studio[*]"))
        self.setWindowModified(self.has_unsaved)
        run = self.workbench.run
        self._run_state.setText("Paused" if run.is_paused else "Running…" if run.is_running else "")

    def _show_problems(self, problems: Sequence[Problem]) -> None:
        theme = self.workbench.theme.theme
        errors_, warnings = (
            sum(problem.severity == kind for problem in problems) for kind in ("error", "warning")
        )
        shown = "error" if errors_ else "warning" if warnings else "done"
        names = {"error": "alert-circle", "warning": "alert", "done": "check-circle"}
        self._problems.setIcon(icon(names[shown], theme.color(shown)))
        self._problems.setText(_counted(errors_, warnings))
        self._problems.setToolTip("Show what was found in this flow")

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
        self._show_welcome_page()
        self._show_problems(self.workbench.document.problems)

    def _leave_welcome(self) -> None:
        self.workbench.trace.clear()
        self._pages.setCurrentWidget(self.canvas)
        self._docks.set_visible(True)
        self._problems.show()
        self._show_state()
        self.canvas.setFocus()
        # The canvas has its size only after the stack has been laid out.
        QTimer.singleShot(0, self._cameras.look)

    def _is_at_work(self) -> bool:
        return self._pages.currentWidget() is self.canvas

    @property
    def is_unused(self) -> bool:
        """Whether no flow was opened or begun in it."""
        document = self.workbench.document
        at_welcome = self._pages.currentWidget() is self._welcome
        return at_welcome and document.path is None and not self.has_unsaved

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
        self._show_welcome_page()
        self._pages.setCurrentWidget(self._welcome)
        self._docks.set_visible(False)
        self._problems.hide()
        self._show_state()

    def _show_welcome_page(self) -> None:
        settings = self.workbench.settings
        self._welcome.show_page(settings.recent, self.workbench.theme.theme, settings.session)

    def _forget_recent(self, path: Path) -> None:
        self.workbench.settings.forget(path)
        self._show_welcome_page()

    def _open_session(self) -> None:
        self._windows.open_flows(self.workbench.settings.session)

    def show_gallery(self) -> None:
        """Let a person begin a flow as a copy of a template."""
        path = self.workbench.document.path
        home = path.resolve().parent.parent if path is not None else Path.home()
        theme = self.workbench.theme.theme
        gallery = Gallery(self, templates(), home, self._gallery_previews, theme)
        gallery.created.connect(self.files.open_flow)
        gallery.open()

    def _fill_recent(self) -> None:
        self._recent_menu.clear()
        for path in self.workbench.settings.recent:
            label = str(path).replace("&", "&&")
            entry = self._recent_menu.addAction(label, lambda path=path: self.files.open_flow(path))
            if not path.is_file():
                entry.setText(f"{label} (not there any more)")
                entry.setEnabled(False)
        if self._recent_menu.isEmpty():
            self._recent_menu.addAction("No flow was opened yet").setEnabled(False)
        else:
            self._recent_menu.addSeparator()
            self._recent_menu.addAction("Forget These", self.workbench.settings.forget_recent)

    def _list_windows(self) -> None:
        for action in self._listed_windows:
            self._window_menu.removeAction(action)
            action.deleteLater()
        self._listed_windows = self._windows.list_in(self._window_menu, self)

    def _is_shown_elsewhere(self, path: Path) -> bool:
        return self._windows.reveal(path, asking=self)

    def _on_run_started(self) -> None:
        self.statusBar().clearMessage()
        self._docks.reveal("result")

    def _on_run_ended(self, outcome: RunOutcome) -> None:
        told = {"succeeded": "The run succeeded", "cancelled": "The run was stopped"}
        text = told.get(outcome.status, f"The run failed: {outcome.error}")
        self.statusBar().showMessage(f"{text} after {outcome.duration:.1f} s", 10_000)

    def _show_context_menu(self, _path: str, where: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for group in CONTEXT_MENU:
            menu.addSeparator()
            for action_id in group:
                menu.addAction(self.action_set[action_id])
        menu.popup(where)

    def show_commands(self) -> None:
        """Open the list of everything that can be done."""
        theme = self.workbench.theme.theme
        palette = CommandPalette(self.action_set.commands(), theme, self)
        palette.closed.connect((self.focusWidget() or self.canvas).setFocus)
        palette.open_on_top()

    def edit_source(self) -> None:
        """Show the flow as text, and let the person type in it."""
        if self._pages.currentWidget() is self.canvas:
            self._docks.reveal("source")
            self._docks.pane("source").setFocus()

    def find_steps(self) -> None:
        """Open the bar that finds steps."""
        if self._pages.currentWidget() is self.canvas:
            self.finder.open_bar()

    def find_next(self, by: int) -> None:
        """Go to the next step that is found, or the one before."""
        if self.finder.found:
            self.finder.go(by)
        else:
            self.find_steps()

    def explain(self) -> None:
        """Tell in the inspector what the selected step is, or show its fields again."""
        if self._is_at_work():
            self._docks.reveal("inspector")
            inspector = self._docks.pane("inspector")
            assert isinstance(inspector, Inspector)
            inspector.explain()

    def show_shortcuts(self) -> None:
        """List every shortcut."""
        rows = [row for row in self.action_set.rows() if row.shortcuts]
        pairs = [(", ".join(row.shortcuts), row.title.replace("&", "")) for row in rows]
        dialogs.PairsDialog(self, "Keyboard Shortcuts", pairs).open()

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
        dialogs.tell(
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
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for widget in widgets:
        column.addWidget(widget)
    return page


def _counted(errors_: int, warnings: int) -> str:
    parts = [
        f"{count} {kind}{'s' if count > 1 else ''}"
        for count, kind in ((errors_, "error"), (warnings, "warning"))
        if count
    ]
    return ", ".join(parts) or "No problems"
