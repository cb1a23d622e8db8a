"""The preferences dialog: what is chosen in it holds at once, and Cancel takes it back."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QFrame,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from agentflow.models.open import KEY_NAMES
from agentflow_editor.forms.choice import ChoiceEditor
from agentflow_editor.inspector.parts import Heading
from agentflow_editor.looks.plain_text import PlainLabel
from agentflow_editor.settings.preferences import Preferences, PreferenceStore
from agentflow_editor.widgets.check_box import CheckBox

__all__ = ["PreferencesDialog"]

THEMES = (("As the system", "system"), ("Light", "light"), ("Dark", "dark"))
CONTRASTS = (("As the system", "system"), ("Plain", "plain"), ("High", "high"))
SIZES = tuple((f"{size} %", size) for size in (80, 90, 100, 110, 125, 150, 175, 200))
SWITCHES = {
    "reduced_motion": "&Reduce motion",
    "follow_run": "Fo&llow a run on the canvas",
    "reopen_files": "Reopen the &files that were open last",
    "single_instance": "&Open files in the editor that is running already",
    "keep_runs": "&Keep every run",
}
Buttons = QDialogButtonBox.StandardButton


class PreferencesDialog(QDialog):
    """Shows every preference, and what follows from where the editor was started."""

    def __init__(
        self,
        parent: QWidget,
        store: PreferenceStore,
        folders: Sequence[tuple[str, Path]],
        environ: Mapping[str, str],
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Preferences")
        self._store = store
        self._before = store.current
        self.theme = ChoiceEditor(THEMES)
        self.contrast = ChoiceEditor(CONTRASTS)
        self.text_size = ChoiceEditor(SIZES)
        self.switches = {name: CheckBox(text) for name, text in SWITCHES.items()}
        self.buttons = QDialogButtonBox(Buttons.Ok | Buttons.Cancel | Buttons.RestoreDefaults)
        self._lay_out(folders, environ)
        self._show(store.current)
        self._listen()

    def done(self, result: int) -> None:
        if result == QDialog.DialogCode.Accepted:
            self._store.keep(self._store.current)
        else:
            self._store.try_out(self._before)
        super().done(result)

    def showEvent(self, event: QShowEvent) -> None:
        """Take the room that the contents need, now that their style is known."""
        super().showEvent(event)
        self.resize(self.sizeHint().expandedTo(self.size()))

    def sizeHint(self) -> QSize:
        """As large as its contents, as far as the screen goes."""
        inner = self._page.sizeHint().expandedTo(self._page.minimumSizeHint()) + QSize(40, 0)
        below = self.buttons.sizeHint()
        wanted = QSize(max(inner.width(), below.width() + 40), inner.height() + below.height() + 40)
        return wanted.boundedTo(self.screen().availableSize() * 0.9)

    def _lay_out(self, folders: Sequence[tuple[str, Path]], environ: Mapping[str, str]) -> None:
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.addRow("&Theme", self.theme)
        form.addRow("&Contrast", self.contrast)
        form.addRow("Text &size", self.text_size)
        self._page = QWidget()
        column = QVBoxLayout(self._page)
        column.addWidget(Heading("Appearance"))
        column.addLayout(form)
        column.addWidget(self.switches["reduced_motion"])
        column.addWidget(_hint("Menus, panes and the text cursor keep still."))
        column.addWidget(Heading("Running"))
        column.addWidget(self.switches["follow_run"])
        column.addWidget(_hint("Until you look elsewhere yourself; F7 goes along again."))
        column.addWidget(Heading("Starting"))
        column.addWidget(self.switches["reopen_files"])
        column.addWidget(self.switches["single_instance"])
        column.addWidget(Heading("Language models"))
        column.addWidget(_hint(_models(environ)))
        column.addWidget(Heading("Kept on this computer"))
        column.addWidget(self.switches["keep_runs"])
        column.addWidget(_hint("The command “agentflow runs” shows them, and goes on with them."))
        for what, folder in folders:
            column.addWidget(_hint(f"{what}: {folder}"))
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self._page)
        outer = QVBoxLayout(self)
        outer.addWidget(scroll)
        outer.addWidget(self.buttons)

    def _listen(self) -> None:
        self.theme.edited.connect(partial(self._try, "theme"))
        self.contrast.edited.connect(partial(self._try, "contrast"))
        self.text_size.edited.connect(partial(self._try, "text_size"))
        for name, box in self.switches.items():
            box.toggled.connect(partial(self._try, name))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.buttons.button(Buttons.RestoreDefaults).clicked.connect(self._restore)

    def _try(self, name: str, value: Any) -> None:
        self._store.try_out(self._store.current.model_copy(update={name: value}))
        self.resize(self.sizeHint().expandedTo(self.size()))

    def _restore(self) -> None:
        self._show(Preferences())
        self._store.try_out(Preferences())

    def _show(self, preferences: Preferences) -> None:
        self.theme.show_value(preferences.theme)
        self.contrast.show_value(preferences.contrast)
        self.text_size.show_value(preferences.text_size)
        for name, box in self.switches.items():
            box.blockSignals(True)
            box.setChecked(getattr(preferences, name))
            box.blockSignals(False)
            box.update()


def _models(environ: Mapping[str, str]) -> str:
    """Where models and their keys come from; of the environment, names and nothing else."""
    told = (f"{name} ({'set' if environ.get(name) else 'not set'})" for name in KEY_NAMES)
    return (
        "A flow names its provider in [llm]; without one, the built-in model answers. Keys come "
        f"from the environment that the editor was started in: {', '.join(told)}."
    )


def _hint(text: str) -> PlainLabel:
    label = PlainLabel(text)
    label.setObjectName("hint")
    label.setWordWrap(True)
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse
        | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    return label
