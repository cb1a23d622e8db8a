"""The question dialog: a form for what an agent wants to know, which holds up nothing else."""

from functools import partial
from typing import Any, Literal

from pydantic import BaseModel, create_model
from pydantic.fields import FieldInfo
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QScrollArea, QVBoxLayout, QWidget

from agentflow.asking import Question, QuestionField, answer_fault
from agentflow_editor.forms.base import Form, Unset
from agentflow_editor.looks.fonts import pixels
from agentflow_editor.looks.plain_text import PlainLabel, height_of, on_one_line
from agentflow_editor.run.questions import OpenQuestion, Questions
from agentflow_editor.widgets.text_view import LONGEST_SHOWN, TextView

__all__ = ["Asker", "QuestionDialog"]

WIDTH, HIGHEST = 520, 220
"""Pixels at 100 %, of the dialog and of the question in it."""
SHARE = 0.8
"""The most that it takes of the height of the screen."""
AROUND = 24
"""What is around the text of the question."""


class Asker:
    """Shows a window's open questions, one at a time."""

    def __init__(self, window: QWidget, questions: Questions) -> None:
        self._window, self._questions = window, questions
        self.dialog: QuestionDialog | None = None
        """The question that stands there now."""
        questions.changed.connect(self._show_first)

    def _show_first(self) -> None:
        asked = self._questions.open[0] if self._questions.open else None
        if self.dialog is not None and self.dialog.asked is not asked:
            self.dialog.put_away()
        if self.dialog is None and asked is not None:
            self.dialog = QuestionDialog(self._window, asked)
            self.dialog.finished.connect(self._forget)
            self.dialog.show()
            self.dialog.raise_()

    def _forget(self) -> None:
        self.dialog = None


class QuestionDialog(QDialog):
    """One question. Closing it, and Escape, decline to answer."""

    def __init__(self, parent: QWidget, asked: OpenQuestion) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        self.asked = asked
        question = asked.question
        self.setWindowTitle(f"{on_one_line(question.agent, 60)} Asks")
        self._values: dict[str, Any] = dict(question.defaults)
        self._by_key = {f"field_{n}": it for n, it in enumerate(question.fields)}
        shown = {key: it.default for key, it in self._by_key.items() if it.default is not None}
        self.form = Form(_model(self._by_key))
        self.form.show_values(shown)
        for key, row in self.form.rows.items():
            # What does not fit, too: an answer must not be what stood there before.
            row.editor.edited.connect(partial(self._hear, self._by_key[key]))
        self._buttons = QDialogButtonBox()
        self.send = self._buttons.addButton("&Answer", QDialogButtonBox.ButtonRole.AcceptRole)
        self.send.setDefault(True)
        decline = self._buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        decline.setToolTip("Do not answer; the step fails")
        self._buttons.accepted.connect(self._answer)
        self._buttons.rejected.connect(self.reject)
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(key), self, self._answer)
        self.rejected.connect(asked.decline)
        self._lay_out(question)

    def put_away(self) -> None:
        """Go: nobody waits for the answer any more."""
        self.done(int(QDialog.DialogCode.Accepted))

    def _lay_out(self, question: Question) -> None:
        column = QVBoxLayout(self)
        text = TextView()
        text.setObjectName("bare")
        text.setAccessibleName("Question")
        text.show_text(question.text[:LONGEST_SHOWN] or question.path)
        lines = height_of(text.toPlainText(), text.fontMetrics(), pixels(WIDTH) - 2 * AROUND)
        text.setMaximumHeight(min(lines, pixels(HIGHEST)) + AROUND)
        column.addWidget(text, 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(self.form)
        column.addWidget(area, 1)
        if question.seconds is not None:
            column.addWidget(PlainLabel(f"Without an answer within {_time(question)} it goes on."))
        column.addWidget(self._buttons)
        # All of it is seen at once, as far as the screen is high enough.
        more = max(0, self.form.sizeHint().height() - area.sizeHint().height())
        most = round(self.screen().availableGeometry().height() * SHARE)
        self.resize(pixels(WIDTH), min(self.sizeHint().height() + more, most))
        if self._by_key:
            self.form.focus(next(iter(self._by_key)))

    def _hear(self, field: QuestionField, value: Any) -> None:
        self._values[field.name] = field.default if isinstance(value, Unset) else value

    def _answer(self) -> None:
        faults = {
            key: answer_fault(field, self._values.get(field.name, _silence(field)))
            for key, field in self._by_key.items()
        }
        for key, fault in faults.items():
            self.form.show_fault(key, fault)
        wrong = next((key for key, fault in faults.items() if fault), None)
        if wrong is not None:
            self.form.focus(wrong)
            return
        told = {it.name: self._values.get(it.name, _silence(it)) for it in self._by_key.values()}
        self.asked.answer(told)
        self.put_away()


def _time(question: Question) -> str:
    """How long an answer is waited for."""
    seconds = question.seconds or 0
    return f"{seconds:g} s" if seconds < 120 else f"{seconds / 60:g} minutes"


def _silence(field: QuestionField) -> Any:
    """What an untouched widget says: an unticked box says no, all others nothing."""
    return False if field.kind == "yes/no" else None


def _model(fields: dict[str, QuestionField]) -> type[BaseModel]:
    """What the form is drawn from."""
    made: dict[str, Any] = {key: (_type(it), _info(it)) for key, it in fields.items()}
    return create_model("Answer", **made)


def _type(field: QuestionField) -> Any:
    if field.kind == "choice":
        return Literal[field.choices or ("",)]
    return {"number": float, "yes/no": bool}.get(field.kind, str)


def _info(field: QuestionField) -> Any:
    title = on_one_line(field.label, 80)
    extra: dict[str, Any] = {"form": "multiline"} if field.kind == "lines" else {}
    if field.kind == "yes/no":
        return FieldInfo(title=title, default=field.default is True)
    if field.default is None:
        return FieldInfo(title=title, json_schema_extra=extra)
    return FieldInfo(title=title, default=field.default, json_schema_extra=extra)
