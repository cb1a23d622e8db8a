"""The composition root: builds everything, hands it to whom it belongs, and runs it."""

import asyncio
import signal
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import platformdirs
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from agentflow.catalogue import Catalogue
from agentflow.journal.shelf import Shelf as JournalShelf
from agentflow_editor.document.document import Document
from agentflow_editor.document.selection import Selection
from agentflow_editor.document.source_draft import SourceDraft
from agentflow_editor.looks.appearance import Appearance
from agentflow_editor.looks.fonts import install_fonts
from agentflow_editor.looks.icons import application_icon
from agentflow_editor.looks.theme_switch import ThemeSwitch
from agentflow_editor.main_window import MainWindow
from agentflow_editor.process import crash
from agentflow_editor.process.event_loop import EventLoop
from agentflow_editor.process.garbage import Garbage
from agentflow_editor.process.instance import Instance, hand_over
from agentflow_editor.recovery.keeper import Keeper
from agentflow_editor.recovery.shelf import Shelf
from agentflow_editor.run.breakpoints import Breakpoints
from agentflow_editor.run.controller import RunController
from agentflow_editor.run.kept_runs import KeptRuns
from agentflow_editor.run.model_lists import ModelLists
from agentflow_editor.run.recent_models import RecentModels
from agentflow_editor.run.trace_model import TraceModel
from agentflow_editor.run.trust import TrustStore
from agentflow_editor.settings.preferences import Preferences, PreferenceStore
from agentflow_editor.settings.store import EditorSettings, settings_folder
from agentflow_editor.welcome.gallery import title_of
from agentflow_editor.welcome.page import Example
from agentflow_editor.windows import Windows
from agentflow_editor.workbench import Workbench
from agentflow_resources.templates import FLOW_FILE, templates

__all__ = ["build", "build_windows", "catch_crashes", "end_window", "main", "make_app"]


def make_app(arguments: Sequence[str] = ()) -> QApplication:
    """The Qt application, with its fonts and style; the running one where there is one."""
    app = QApplication.instance() or QApplication(["agentflow-editor", *arguments])
    assert isinstance(app, QApplication)
    app.setApplicationName("AgentFlow Studio")
    app.setDesktopFileName("agentflow-studio")
    app.setStyle("Fusion")
    # The window says when it is closed; Qt must not end the loop while agents are still awaited.
    app.setQuitOnLastWindowClosed(False)
    install_fonts(app)
    app.setWindowIcon(application_icon())
    return app


def build(app: QApplication, folder: Path) -> MainWindow:
    """A window with everything that it needs; what it remembers is kept in a folder."""
    window = build_windows(app, folder).make_window()
    window.make_panes()
    return window


def build_windows(app: QApplication, folder: Path, state: Path | None = None) -> Windows:
    """What makes windows, none made yet. They share what is remembered, the looks and the trust.

    Args:
        app: the application.
        folder: where settings are kept.
        state: where unsaved work is kept; beside the settings where nothing is said.
    """
    kept = state or folder / "state"
    settings = EditorSettings(folder)
    preferences = PreferenceStore(settings)
    appearance = Appearance(app, preferences)
    catalogue = Catalogue.installed()
    trust = TrustStore(folder / "trusted.json")

    def make(windows: Windows) -> MainWindow:
        workbench = _workbench(catalogue, trust, settings, preferences, appearance.theme, kept)
        return MainWindow(workbench, _examples(), windows)

    return Windows(make, preferences, settings)


def _workbench(
    catalogue: Catalogue,
    trust: TrustStore,
    settings: EditorSettings,
    preferences: PreferenceStore,
    theme: ThemeSwitch,
    state: Path,
) -> Workbench:
    document = Document(catalogue)
    breakpoints = Breakpoints()
    trace = TraceModel()
    kept = KeptRuns(JournalShelf(), lambda: preferences.current.keep_runs)
    return Workbench(
        catalogue=catalogue,
        document=document,
        keeper=Keeper.of(document, catalogue, state),
        selection=Selection(document),
        source=SourceDraft(document, catalogue, document),
        breakpoints=breakpoints,
        trace=trace,
        run=RunController(document, trace, breakpoints, catalogue, trust, kept=kept),
        model_lists=ModelLists(catalogue, parent=document),
        recent_models=RecentModels(lambda: settings.recent, catalogue),
        settings=settings,
        preferences=preferences,
        theme=theme,
    )


def _examples() -> list[Example]:
    return [
        Example(title_of(it), it.summary, Path(str(it.folder)) / FLOW_FILE) for it in templates()
    ]


async def _until_closed(windows: Windows) -> None:
    loop = asyncio.get_running_loop()
    ending: set[asyncio.Task[None]] = set()

    def end(window: MainWindow) -> None:
        ending.add(loop.create_task(end_window(window)))

    closed = asyncio.Event()
    windows.window_closed.connect(end)
    windows.all_closed.connect(closed.set)
    await closed.wait()
    await asyncio.wait(ending)


async def end_window(window: MainWindow) -> None:
    """End what a closed window owns: its runs first, then itself."""
    await window.workbench.run.close()
    window.workbench.document.close()
    window.deleteLater()


def main(files: Sequence[Path], *, is_alone: bool = False) -> int:
    """Start the editor, a window for each file; returns when the last is closed.

    Args:
        files: what is shown first.
        is_alone: it is a new instance, which later starts do not find.
    """
    app = make_app()
    folder = settings_folder()
    state = platformdirs.user_state_path("agentflow-studio", appauthor=False)
    windows = build_windows(app, folder, state)
    instance = Instance(folder)
    follow = partial(_follow, instance, is_alone)
    follow(windows.preferences.current)
    if not is_alone and not instance.is_open and hand_over(folder, files):
        return 0  # another one became it in this very moment
    instance.files_wanted.connect(windows.open_flows)
    windows.preferences.changed.connect(follow)
    garbage = Garbage(app)
    loop = EventLoop(app)
    asyncio.set_event_loop(loop)
    catch_crashes(loop, windows)
    for number in (signal.SIGINT, signal.SIGTERM):  # before a window is there to be told to end
        loop.add_signal_handler(number, windows.quit)
    windows.open_flows(files or ([] if is_alone else windows.to_reopen()))
    QTimer.singleShot(0, lambda: _offer_left_behind(windows))
    with loop:
        loop.run_until_complete(_until_closed(windows))  # pyright: ignore[reportUnknownMemberType]
    instance.close()
    Shelf(state / "unsaved", Catalogue.installed()).clear_given_up()
    garbage.end()
    return 0


def catch_crashes(loop: asyncio.AbstractEventLoop, windows: Windows) -> None:
    """Show errors that nobody expected in the window in front, wherever they are raised."""
    crash.catch_everything(loop, lambda error: _show_crash(windows.front, error))


def _offer_left_behind(windows: Windows) -> None:
    if windows.front is not None:
        windows.front.keeping.offer_left_behind()


def _follow(instance: Instance, is_alone: bool, preferences: Preferences) -> None:
    if preferences.single_instance and not is_alone:
        instance.open()
    else:
        instance.close()


def _show_crash(window: MainWindow | None, error: BaseException) -> None:
    if window is None:  # it stands on stderr already
        return
    window.keeping.show_crash(crash.report(error, window.action_set.last))
