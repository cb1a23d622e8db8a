"""Secrets are names of environment variables; models are chosen, or typed freely."""

import pytest
from pydantic import Field
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from agentflow.flow.flow import LlmSettings
from agentflow.models.known import KNOWN_MODELS
from agentflow.models.open import named_model
from agentflow_editor.forms.base import UNSET, Form, Surroundings, form_for
from editor.fronting import in_front

KEY = "sk-" + "a1b2c3d4" * 4
ENVIRONMENT = ("PATH", "OPENAI_API_KEY", "GITHUB_TOKEN")


@pytest.fixture
def secret(made):
    declared = Field(default="", json_schema_extra={"form": "secret"})
    form = made(Surroundings(environment=lambda: ENVIRONMENT), api_key=(str, declared))
    return form.rows["api_key"]


@pytest.fixture
def llm(qtbot, told) -> Form:
    around = Surroundings(models=lambda: (LlmSettings(provider="openai", model="our-own"),))
    form = form_for(LlmSettings, {}, told, around=around)
    qtbot.addWidget(form)
    in_front(qtbot, form)
    return form


def fault(row) -> str:
    return row._fault.text() if row._fault.isVisible() else ""


def test_a_name_is_written_as_a_placeholder_once_the_field_is_left(qtbot, secret, told):
    line = secret.editor.line
    qtbot.keyClicks(line, "MY_KEY")
    assert told.values == []

    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert told.values == ["${MY_KEY}"]
    assert line.text() == "MY_KEY"


def test_a_key_that_is_typed_is_never_told(qtbot, secret, told):
    line = secret.editor.line
    qtbot.keyClicks(line, KEY)
    assert "looks like the key itself" in fault(secret)

    qtbot.keyClick(line, Qt.Key.Key_Return)
    line.clearFocus()
    assert told.values == []
    assert line.text() == KEY
    assert "looks like the key itself" in fault(secret)


@pytest.mark.parametrize("typed", ["9lives", "two words", "MY-KEY"])
def test_what_cannot_be_a_variable_is_said_to_be_none(qtbot, secret, told, typed):
    qtbot.keyClicks(secret.editor.line, typed)
    qtbot.keyClick(secret.editor.line, Qt.Key.Key_Return)

    assert "no name of an environment variable" in fault(secret)
    assert told.values == []


def test_the_names_of_likely_variables_are_offered_and_what_they_hold_is_not(qtbot, secret):
    qtbot.keyClick(secret.editor.line, Qt.Key.Key_Down)

    assert secret.editor.completion.offered == ["GITHUB_TOKEN", "OPENAI_API_KEY"]


def test_it_is_said_whether_the_variable_is_set(qtbot, secret):
    qtbot.keyClicks(secret.editor.line, "OPENAI_API_KEY")
    assert secret.editor._state.text() == "It is set here."

    qtbot.keyClicks(secret.editor.line, "_2")
    assert secret.editor._state.text() == "It is not set in this environment."


def test_a_key_that_stands_in_the_file_is_not_shown(secret):
    secret.show_value(KEY)

    assert secret.editor.line.text() == ""
    assert "key stands in the file" in fault(secret)
    assert secret.editor.line.placeholderText() == "hidden: a key stands in the file"


def test_emptying_it_takes_the_placeholder_out(qtbot, secret, told):
    secret.show_value("${MY_KEY}")
    secret.editor.line.selectAll()
    qtbot.keyClick(secret.editor.line, Qt.Key.Key_Delete)
    qtbot.keyClick(secret.editor.line, Qt.Key.Key_Return)

    assert told.values == [UNSET]


def test_a_key_that_is_pasted_into_any_other_field_goes_no_further(qtbot, made, told):
    row = made(note=(str, "")).rows["note"]
    QApplication.clipboard().setText(f"Bearer {KEY}")
    qtbot.keyClick(row.editor.line, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    assert row.editor.line.text() == f"Bearer {KEY}"
    assert "looks like a key" in fault(row)
    assert told.values == []


def test_the_models_of_the_chosen_provider_are_offered(qtbot, llm, told):
    line = llm.rows["provider"].editor.line
    qtbot.keyClicks(line, "open")
    assert llm.rows["provider"].editor.completion.offered == ["openai"]
    qtbot.keyClick(QApplication.activePopupWidget(), Qt.Key.Key_Return)
    assert told.last == "openai"

    model = llm.rows["model"].editor
    qtbot.keyClick(model.line, Qt.Key.Key_Down)
    assert model.completion.offered == [*KNOWN_MODELS["openai"], "our-own"]
    qtbot.keyClick(QApplication.activePopupWidget(), Qt.Key.Key_Return)
    assert told.last == named_model(LlmSettings(provider="openai"))


def test_any_other_model_may_be_typed(qtbot, llm, told):
    qtbot.keyClicks(llm.rows["model"].editor.line, "my/very-own:7b")

    assert told.last == "my/very-own:7b"


def test_a_click_on_the_arrow_opens_the_list(qtbot, llm):
    editor = llm.rows["provider"].editor
    button = editor.line.children()[-1]
    editor._arrow.trigger()

    assert button is not None
    assert editor.completion.offered == list(KNOWN_MODELS)


@pytest.mark.parametrize("provider", ["openai", "ollama"])
def test_a_providers_default_is_among_its_known_models(provider):
    assert named_model(LlmSettings(provider=provider)) in KNOWN_MODELS[provider]
