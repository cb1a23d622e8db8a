"""Windows: the open windows of the editor, each with a document, an undo history and runs."""

from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu

from agentflow_editor.document.state import State
from agentflow_editor.main_window import MainWindow
from agentflow_editor.recovery.shelf import Kept
from agentflow_editor.settings.preferences import PreferenceStore
from agentflow_editor.settings.store import EditorSettings

__all__ = ["Windows"]

CASCADE = QPoint(28, 28)
"""How far a new window stands from the one before, so that none hides another."""


class Windows(QObject):
    """The windows that are open now, in the order of their making. They share nothing but looks."""

    window_closed = Signal(object)
    """(MainWindow) It is gone for good; whoever owns its parts may end them."""
    all_closed = Signal()
    """The last one is gone."""

    def __init__(
        self,
        make: Callable[["Windows"], MainWindow],
        preferences: PreferenceStore,
        settings: EditorSettings,
    ) -> None:
        super().__init__()
        self.preferences = preferences
        """What holds for every window."""
        self._make = make
        self._settings = settings
        self._is_quitting = False
        self._windows: list[MainWindow] = []

    @property
    def windows(self) -> tuple[MainWindow, ...]:
        """Those that are open now."""
        return tuple(self._windows)

    @property
    def front(self) -> MainWindow | None:
        """The one that a person works in; the newest when none has the keyboard."""
        active = QApplication.activeWindow()
        return next((it for it in self._windows if it is active), None) or (
            self._windows[-1] if self._windows else None
        )

    def make_window(self) -> MainWindow:
        """Another window, on its welcome page and not yet shown."""
        window = self._make(self)
        if self._windows:
            window.move(self._windows[-1].pos() + CASCADE)
        self._windows.append(window)
        window.workbench.document.file_changed.connect(self._remember_session)
        window.closed.connect(lambda: self._forget(window))
        return window

    def new_window(self) -> None:
        """Show another window, on its welcome page."""
        self.make_window().show()

    def open_flows(self, paths: Iterable[Path]) -> None:
        """Show each file in a window of its own: where it is open, in an unused one, or a new one.

        Without any path the window in front is shown.
        """
        shown = [self._shown(path) for path in paths] or [self.front or self.make_window()]
        for window in shown:
            window.come_forward()

    def to_reopen(self) -> tuple[Path, ...]:
        """The files that were open last, where the person wants them back."""
        return self._settings.session if self.preferences.current.reopen_files else ()

    def restore(self, kept: Kept) -> None:
        """Open work that an editor left behind, where nothing unsaved is in its way."""
        path = kept.draft.path
        places = [it for it in self._windows if path is not None and _has(it, path)]
        places += [it for it in self._windows if it.is_unused]
        free = (it for it in places if not it.has_unsaved)
        window = next(free, None) or self.make_window()
        window.come_forward()
        window.files.restore(kept)

    def reveal(self, path: Path, *, asking: object = None) -> bool:
        """Bring the window that has a file open to the front; whether one besides `asking` has."""
        window = next((it for it in self._windows if it is not asking and _has(it, path)), None)
        if window is not None:
            window.come_forward()
        return window is not None

    def list_in(self, menu: QMenu, current: object) -> list[QAction]:
        """Add an entry for each window to a menu, with a mark at the current one."""
        entries: list[QAction] = []
        for window in self._windows:
            action = menu.addAction(window.label.replace("&", "&&"), window.come_forward)
            action.setCheckable(True)
            action.setChecked(window is current)
            entries.append(action)
        return entries

    def quit(self) -> None:
        """Close every window, once each that has something unsaved was asked about."""
        self._ask_next({})

    def _ask_next(self, settled: dict[MainWindow, State]) -> None:
        window = next((it for it in self._windows if _is_at_stake(it, settled)), None)
        if window is None:
            self._is_quitting = True
            for each in self.windows:
                each.close_for_good()
            return

        def on_answer() -> None:
            self._ask_next({**settled, window: window.workbench.document.state})

        window.come_forward()
        window.files.when_safe(on_answer)

    def _remember_session(self) -> None:
        paths = [it.workbench.document.path for it in self._windows]
        if not self._is_quitting:
            self._settings.remember_session(path for path in paths if path is not None)

    def _shown(self, path: Path) -> MainWindow:
        for window in self._windows:
            if _has(window, path):
                return window
        unused = next((it for it in self._windows if it.is_unused), None)
        window = unused or self.make_window()
        window.show()
        window.files.open_flow(path)
        return window

    def _forget(self, window: MainWindow) -> None:
        if window not in self._windows:
            return
        self._windows.remove(window)
        if self._windows:
            self._remember_session()
        self.window_closed.emit(window)
        if not self._windows:
            self.all_closed.emit()


def _has(window: MainWindow, path: Path) -> bool:
    opened = window.workbench.document.path
    return opened is not None and opened.resolve() == path.resolve()


def _is_at_stake(window: MainWindow, settled: dict[MainWindow, State]) -> bool:
    # What was edited after its "Discard" is asked about anew.
    document, source = window.workbench.document, window.workbench.source
    is_settled = settled.get(window) is document.state
    return source.is_open or (document.is_modified and not is_settled)
