"""Exports: writing a window's flow in other formats, once what they cannot say has been read."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from agentflow import errors
from agentflow.flow.load import parse
from agentflow_editor.controllers.typed_text import TypedText
from agentflow_editor.dialogs import messages
from agentflow_editor.dialogs.translation import TranslationDialog, counted
from agentflow_editor.workbench import Workbench

__all__ = ["Exports"]

PICTURES = "PNG picture (*.png);;SVG drawing (*.svg);;PDF document (*.pdf)"
_NO_NAME = re.compile(r"[/\\\0]")
"""What cannot stand in the name of a file."""


class Exports(QObject):
    """What a person does to have a flow as something else. The flow and its file stay the same."""

    told = Signal(str)
    """Something for the status bar."""

    def __init__(
        self,
        window: QWidget,
        workbench: Workbench,
        save_picture: Callable[[Path], None],
        typed: TypedText,
    ) -> None:
        super().__init__(window)
        self._window, self._bench = window, workbench
        self._save_picture, self._typed = save_picture, typed

    def export(self, name: str) -> None:
        """Write the flow in the format of that name, once what it cannot say has been read."""
        self._when_applied(lambda: self._export_now(name))

    def export_picture(self) -> None:
        """Write the drawing as a picture."""
        self._when_applied(
            lambda: self._ask("Export as Picture", PICTURES, ".png", self._save_picture)
        )

    def _when_applied(self, go_on: Callable[[], None]) -> None:
        title, anyway = "Export Without the Text in Source?", "Export What Is Drawn"
        self._typed.when_applied(title, anyway, go_on)

    def _export_now(self, name: str) -> None:
        exporter = self._bench.catalogue.exporters[name]
        exported = exporter.write(self._bench.document.sheet.flow, self._native_values())
        title = f"Export as {exporter.title}"

        def choose() -> None:
            kinds = f"{exporter.title} (*{exporter.suffix})"
            self._ask(title, kinds, exporter.suffix, lambda it: _write(it, exported.text))

        if not exported.unsaid:
            choose()
            return
        things = counted(len(exported.unsaid), "thing")
        text = f"{exporter.title} cannot say {things} of this flow. The flow itself stays whole."
        parts = [("What would be left out, or changed", exported.unsaid)]
        dialog = TranslationDialog(self._window, title, text, parts, yes="&Export…")
        dialog.accepted.connect(choose)
        dialog.open()

    def _native_values(self) -> dict[str, Any]:
        """What the file would say, with what is in it of other programs."""
        try:
            return parse(self._bench.document.text, self._bench.catalogue).native
        except errors.FlowFileError:
            return {}

    def _ask(self, title: str, kinds: str, suffix: str, write: Callable[[Path], None]) -> None:
        document = self._bench.document
        folder = document.path.parent if document.path else Path.cwd()
        name = _NO_NAME.sub("-", document.sheet.flow.name) or "flow"

        def export(chosen: Path) -> None:
            try:
                self._refuse_own_file(chosen)
                write(chosen)
            except errors.FlowFileError as error:
                messages.tell(self._window, "Not Exported", str(error))
            except OSError as error:
                why = f"{chosen} cannot be written ({error.strerror}); choose another place."
                messages.tell(self._window, "Not Exported", why)
            else:
                self.told.emit(f"Exported {chosen.name}")

        start = folder / f"{name}{suffix}"
        messages.choose_file(self._window, title, start, kinds, export, suffix=suffix)

    def _refuse_own_file(self, chosen: Path) -> None:
        own = self._bench.document.path
        if own is not None and chosen.resolve() == own.resolve():
            what, fix = "is the flow's own file", "export under another name"
            raise errors.SaveError(what, file=chosen, fix=fix)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
