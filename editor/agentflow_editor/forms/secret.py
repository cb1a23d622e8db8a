"""A secret, as the name of the environment variable that holds it; its value is never typed."""

import re
from collections.abc import Iterator
from typing import Any

from agentflow.secret_text import looks_like_secret
from agentflow_editor.forms._completion import Offer
from agentflow_editor.forms._field import UNSET, Field, FieldEditor, FormField, Surroundings, Unset
from agentflow_editor.forms._suggest import SuggestLine
from agentflow_editor.looks.fonts import mono
from agentflow_editor.looks.plain_text import PlainLabel

__all__ = ["FORM_FIELD", "SecretEditor"]

_PLACEHOLDER = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::\s*)?\}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_USUAL = re.compile(r"KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL")
_NO_NAME = "this is no name of an environment variable; write one such as OPENAI_API_KEY"
_A_KEY = (
    "this looks like the key itself, which everybody who gets the file could read; keep it in an "
    "environment variable, and write that variable’s name here"
)
_IN_THE_FILE = "a key stands in the file, where everybody who gets the file can read it"


class SecretEditor(SuggestLine):
    """A line for a name. Nothing is told before it is left, so that no piece of a key ever is."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(
            lambda: _usual(around),
            placeholder="the environment variable that holds it",
            read=_read,
            write=_write,
        )
        self._around = around
        self._told: Any = UNSET
        self._state = PlainLabel("")
        self._state.setObjectName("hint")
        self._state.setWordWrap(True)
        self._state.hide()
        self.column.addWidget(self._state)
        self.line.setFont(mono(12))
        self.line.editingFinished.connect(self._commit)

    def show_value(self, value: Any) -> None:
        super().show_value(value)
        self._told = self.value()
        hidden = isinstance(value, str) and bool(value) and not _name_in(value)
        self.line.setPlaceholderText(
            "hidden: a key stands in the file" if hidden else "the variable that holds it"
        )
        self._say_whether_it_is_set()

    def own_fault(self, value: Any) -> str:
        if isinstance(value, Unset) or not value or _name_in(str(value)):
            return ""
        return _IN_THE_FILE if not self.line.text() else _fault(self.line.text())

    def _tell(self) -> None:
        self.doubted.emit(_fault(self.line.text()))
        self._say_whether_it_is_set()
        assert self.completion is not None
        self.completion.typed()

    def _commit(self) -> None:
        value = self.value()
        if value != self._told and not _fault(self.line.text()):
            self._told = value
            self.edited.emit(value)

    def _say_whether_it_is_set(self) -> None:
        name = self.line.text()
        is_name = bool(name) and not _fault(name)
        self._state.setVisible(is_name)
        is_set = is_name and name in set(self._around.environment())
        self._state.setText("It is set here." if is_set else "It is not set in this environment.")


def _fault(text: str) -> str:
    if not text:
        return ""
    if looks_like_secret(text) or _looks_made_up(text):
        return _A_KEY
    return "" if _NAME.fullmatch(text) else _NO_NAME


def _looks_made_up(text: str) -> bool:
    """Long, with letters and digits in no order and no word apart, as no person names a thing."""
    mixed = re.search(r"[a-z]", text) and re.search(r"[0-9]", text)
    return len(text) >= 20 and bool(mixed) and "_" not in text[1:-1]


def _usual(around: Surroundings) -> Iterator[Offer]:
    provider = around.said("provider") or around.for_all().provider
    there = sorted(name for name in around.environment() if _USUAL.search(name.upper()))
    if isinstance(provider, str) and _NAME.fullmatch(provider.replace("-", "_")):
        name = f"{provider.replace('-', '_').upper()}_API_KEY"
        if name not in there:
            yield Offer(name, "not set")
    yield from (Offer(name, "set") for name in there)


def _name_in(value: str) -> str:
    found = _PLACEHOLDER.fullmatch(value)
    return found[1] if found else ""


def _read(text: str) -> str:
    found = _name_in(text) or text
    return f"${{{found}}}"


def _write(value: Any) -> str:
    return _name_in(str(value))


def _build(_field: Field, around: Surroundings) -> FieldEditor:
    return SecretEditor(around)


FORM_FIELD = FormField(
    name="secret",
    rank=20,
    accepts=lambda field: field.kind is str and field.form == "secret",
    build=_build,
)
