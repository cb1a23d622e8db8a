"""Dialogs: what a person is asked. None of them blocks: each opens, and calls back later."""

import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from agentflow_editor.looks.fonts import mono
from agentflow_editor.looks.plain_text import PlainLabel

__all__ = ["InputDialog", "ListDialog", "ask", "choose_file", "parse_input", "tell"]


def tell(parent: QWidget, title: str, text: str, *, details: str = "") -> QMessageBox:
    """Say something that needs to be read; `details` can be unfolded and copied."""
    box = _box(parent, title, text)
    box.setDetailedText(details)
    box.open()
    return box


def ask(
    parent: QWidget,
    title: str,
    text: str,
    answers: Sequence[tuple[str, Callable[[], Any]]],
    *,
    is_fault: bool = False,
) -> QMessageBox:
    """Ask a question; the first answer is the default one, and Escape is the last.

    Args:
        parent: the window that it is about.
        title: its title.
        text: what is asked, and why.
        answers: each with what it does.
        is_fault: whether something went wrong.
    """
    box = _box(parent, title, text)
    box.setIcon(QMessageBox.Icon.Warning if is_fault else QMessageBox.Icon.Question)
    role = QMessageBox.ButtonRole.AcceptRole
    buttons = [(box.addButton(label, role), do) for label, do in answers]
    box.setDefaultButton(buttons[0][0])
    box.setEscapeButton(buttons[-1][0])

    def on_finished() -> None:
        clicked = box.clickedButton()
        next((do for button, do in buttons if button is clicked), buttons[-1][1])()

    box.finished.connect(on_finished)
    box.open()
    return box


def choose_file(
    parent: QWidget,
    title: str,
    start: Path,
    kinds: str,
    chosen: Callable[[Path], None],
    *,
    suffix: str = "",
) -> QFileDialog:
    """Ask for a file: for one that is there, or with a suffix for one that is to be written."""
    dialog = QFileDialog(parent, title, str(start), kinds)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    if suffix:
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(suffix)
        dialog.selectFile(start.name)
        dialog.filterSelected.connect(partial(_follow_kind, dialog))
    else:
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)

    def on_selected(name: str) -> None:
        chosen(Path(name))

    dialog.fileSelected.connect(on_selected)
    dialog.open()
    return dialog


def _follow_kind(dialog: QFileDialog, kind: str) -> None:
    """Let the name end as files of the chosen kind do."""
    suffix = kind.rpartition("*.")[2].rstrip(")")
    dialog.setDefaultSuffix(suffix)
    name = Path(next(iter(dialog.selectedFiles()), "")).name
    if name and suffix.isalnum():
        dialog.selectFile(str(Path(name).with_suffix(f".{suffix}")))


def _box(parent: QWidget, title: str, text: str) -> QMessageBox:
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle(title)
    box.setText(text)
    return box


class ListDialog(QDialog):
    """Shows a list exactly as it is, to be agreed to or not."""

    def __init__(
        self, parent: QWidget, title: str, text: str, lines: Sequence[str], yes: str
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.resize(560, 320)
        intro = PlainLabel(text)
        intro.setWordWrap(True)
        shown = QPlainTextEdit("\n".join(lines))
        shown.setReadOnly(True)
        shown.setFont(mono())
        shown.setAccessibleName("What would be executed")
        buttons = QDialogButtonBox()
        agree = buttons.addButton(yes, QDialogButtonBox.ButtonRole.AcceptRole)
        refuse = buttons.addButton("Do Not Run", QDialogButtonBox.ButtonRole.RejectRole)
        agree.setAutoDefault(False)
        refuse.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        for widget in (intro, shown, buttons):
            column.addWidget(widget)


class InputDialog(QDialog):
    """Asks what a flow is to work on: a message, or JSON data, and metadata."""

    def __init__(self, parent: QWidget, last: dict[str, Any]) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Run with Input")
        self.resize(560, 420)
        self._message = _field("What the flow is to work on…", last.get("text", ""))
        self._data = _field('{"topic": "tides", "limit": 3}', last.get("data", ""), code=True)
        self._metadata = _field("route = billing", last.get("metadata", ""), code=True)
        self._metadata.setMaximumHeight(84)
        self._tabs = QTabWidget()
        self._tabs.addTab(self._message, "Message")
        self._tabs.addTab(self._data, "Data (JSON)")
        self._tabs.setCurrentIndex(1 if last.get("data") and not last.get("text") else 0)
        self._message.setAccessibleName("Message")
        self._data.setAccessibleName("Data (JSON)")
        self._metadata.setAccessibleName("Metadata")
        self._session = QLineEdit(last.get("session", ""))
        self._session.setPlaceholderText("shared by all runs that name none")
        self._session.setAccessibleName("Session")
        self._fault = PlainLabel("")
        self._fault.setObjectName("fault")
        self._fault.setWordWrap(True)
        self._buttons = QDialogButtonBox()
        run = self._buttons.addButton("&Run", QDialogButtonBox.ButtonRole.AcceptRole)
        run.setDefault(True)
        self._buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        self._buttons.accepted.connect(self._accept_if_whole)
        self._buttons.rejected.connect(self.reject)
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(key), self, self._accept_if_whole)
        self._lay_out()
        written = self._tabs.currentWidget()
        assert written is not None
        written.setFocus()

    def given(self) -> dict[str, str]:
        """The texts as they stand in the fields: {"text", "data", "metadata", "session"}."""
        return {
            "text": self._message.toPlainText(),
            "data": self._data.toPlainText(),
            "metadata": self._metadata.toPlainText(),
            "session": self._session.text().strip(),
        }

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        hint = PlainLabel(
            "A message becomes the state's “message”. Data is a JSON object whose keys become the "
            "state; with both, the message is added to the data."
        )
        hint.setWordWrap(True)
        form = QFormLayout()
        form.addRow("Metadata", self._metadata)
        form.addRow("Session", self._session)
        column.addWidget(hint)
        column.addWidget(self._tabs, 1)
        column.addLayout(form)
        column.addWidget(self._fault)
        column.addWidget(self._buttons)

    def _accept_if_whole(self) -> None:
        try:
            parse_input(self.given())
        except ValueError as error:
            self._fault.setText(str(error))
        else:
            self.accept()


def parse_input(given: dict[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """The fields of the input dialog as (data, metadata).

    Raises:
        ValueError: a sentence that says which field is wrong, and how.
    """
    data = _object(given.get("data", ""))
    if given.get("text"):
        data["message"] = given["text"]
    metadata: dict[str, str] = {}
    for line in filter(None, map(str.strip, given.get("metadata", "").splitlines())):
        key, separator, value = line.partition("=")
        if not separator:
            raise ValueError(f"Metadata: {line!r} is no “name = value”")
        metadata[key.strip()] = value.strip()
    return data, metadata


def _object(text: str) -> dict[str, Any]:
    if not text.strip():
        return {}
    try:
        data: Any = json.loads(text)
    except RecursionError:
        raise ValueError("Data: this JSON is nested too deeply") from None
    except ValueError as error:
        raise ValueError(f"Data: this is not JSON ({error})") from None
    if not isinstance(data, dict):
        raise ValueError('Data: a JSON object is wanted, such as {"topic": "tides"}')
    return cast("dict[str, Any]", data)


def _field(placeholder: str, text: str, *, code: bool = False) -> QPlainTextEdit:
    field = QPlainTextEdit(text)
    field.setPlaceholderText(placeholder)
    field.setTabChangesFocus(True)
    if code:
        field.setFont(mono())
    return field
