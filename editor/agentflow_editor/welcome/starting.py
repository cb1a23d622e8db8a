"""Starting: what the welcome page and the gallery of a window show, and what comes of a choice."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from agentflow_editor.actions.base import WindowsVerbs
from agentflow_editor.canvas.previews import Previews
from agentflow_editor.controllers.files import Files
from agentflow_editor.welcome.gallery import ROOM, Gallery
from agentflow_editor.welcome.page import Welcome
from agentflow_editor.workbench import Workbench
from agentflow_resources.templates import templates

__all__ = ["Starting"]


class Starting(QObject):
    """Begins flows in one window."""

    back_wanted = Signal()
    """A person wants to see the flow again that is open behind the welcome page."""

    def __init__(
        self,
        window: QWidget,
        workbench: Workbench,
        welcome: Welcome,
        files: Files,
        windows: WindowsVerbs,
    ) -> None:
        super().__init__(window)
        self._window, self._bench, self._welcome = window, workbench, welcome
        self._files, self._windows = files, windows
        self._is_begun = False
        self.gallery_previews = Previews(workbench.catalogue, ROOM, self)
        files.opened.connect(self._on_opened)
        welcome.back_wanted.connect(self.back_wanted)
        welcome.new_wanted.connect(files.new_flow)
        welcome.open_wanted.connect(files.ask_open)
        welcome.template_wanted.connect(self.show_gallery)
        welcome.session_wanted.connect(self._open_session)
        welcome.forget_wanted.connect(self._forget_recent)
        welcome.flow_chosen.connect(files.open_flow)
        welcome.example_chosen.connect(files.open_flow)

    def show_page(self) -> None:
        """Show on the welcome page what was opened last, in the theme's colours."""
        settings, theme = self._bench.settings, self._bench.theme.theme
        behind = self._bench.document.title if self._is_begun else ""
        self._welcome.show_page(settings.recent, theme, settings.session, behind)

    def show_gallery(self) -> None:
        """Let a person begin a flow as a copy of a template."""
        path = self._bench.document.path
        home = path.resolve().parent.parent if path is not None else Path.home()
        theme = self._bench.theme.theme
        gallery = Gallery(self._window, templates(), home, self.gallery_previews, theme)
        gallery.created.connect(self._files.open_flow)
        gallery.open()

    def _on_opened(self) -> None:
        self._is_begun = True

    def _forget_recent(self, path: Path) -> None:
        self._bench.settings.forget(path)
        self.show_page()

    def _open_session(self) -> None:
        self._windows.open_flows(self._bench.settings.session)
