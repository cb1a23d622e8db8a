"""Which model: what flows name, and what a provider lists once a person has it asked."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from agentflow.flow.flow import LlmSettings
from agentflow.models.known import KNOWN_MODELS
from agentflow_editor.forms.base import Form, Surroundings, form_for
from agentflow_editor.forms.model import ASK, ASK_ALL_THE_SAME, ASKING, ModelEditor
from agentflow_editor.run.model_lists import ModelLists
from agentflow_editor.run.recent_models import LARGEST, RecentModels
from editor.document.drawn import CATALOGUE
from editor.fronting import in_front
from editor.model_server import HERE, Provider, provider

KEY = "sk-" + "0123456789"


@pytest.fixture
def server() -> Iterator[Provider]:
    with provider() as told:
        yield told


class Choosing:
    """A form of `[llm]` in a window, and a person who chooses a model in it."""

    def __init__(self, qtbot, told, **around) -> None:
        self.qtbot, self._shown = qtbot, dict[str, str]()
        lists = ModelLists(CATALOGUE, {"KEY": KEY})
        self.form: Form = form_for(
            LlmSettings, {}, told, around=Surroundings(model_lists=lists, **around)
        )
        lists.setParent(self.form)
        qtbot.addWidget(self.form)
        in_front(qtbot, self.form)
        editor = self.form.rows["model"].editor
        assert isinstance(editor, ModelEditor)
        self.editor = editor

    def says(self, **fields: str) -> None:
        """What the form shows, placeholders as they stand in a file."""
        self._shown |= fields
        self.form.show_values(self._shown)

    def types(self, text: str) -> None:
        self.editor.line.setFocus()
        self.qtbot.keyClicks(self.editor.line, text)

    def asks(self) -> None:
        self.editor.ask.setFocus(Qt.FocusReason.TabFocusReason)
        self.qtbot.waitUntil(self.editor.ask.hasFocus)
        self.qtbot.keyClick(self.editor.ask, Qt.Key.Key_Space)

    def waits(self) -> None:
        self.qtbot.waitUntil(lambda: self.editor.ask.text() == ASK, timeout=10_000)

    @property
    def offered(self) -> list[str]:
        self.qtbot.keyClick(self.editor.line, Qt.Key.Key_Down)
        return list(self.editor.completion.offered)

    @property
    def told(self) -> str:
        return self.editor.told.text() if self.editor.told.isVisible() else ""


@pytest.fixture
def choosing(qtbot, told) -> Choosing:
    return Choosing(qtbot, told)


def test_nobody_is_asked_before_a_person_asks(choosing, server):
    choosing.says(provider="vllm", base_url=server.url)

    assert choosing.offered == []
    choosing.qtbot.wait(100)
    assert server.asked == []


def test_what_the_provider_lists_is_offered_once_it_is_asked(choosing, server, told):
    choosing.says(provider="vllm", base_url=server.url)
    choosing.asks()
    assert server.asked == []
    choosing.asks()  # once more, since it is an address of the flow's own
    choosing.waits()

    assert [path for path, _ in server.asked] == ["/v1/models"]
    assert choosing.told == "2 models are listed."
    assert choosing.editor.completion.offered == sorted(HERE)
    choosing.qtbot.keyClick(QApplication.activePopupWidget(), Qt.Key.Key_Return)
    assert told.last == "big-70b"


def test_ollama_is_asked_for_what_is_on_its_disk_in_place_of_what_it_could_have(choosing, server):
    choosing.says(provider="ollama")
    assert choosing.offered == list(KNOWN_MODELS["ollama"])
    QApplication.activePopupWidget().hide()
    choosing.says(base_url=server.url)
    choosing.asks()
    choosing.asks()
    choosing.waits()

    assert [path for path, _ in server.asked] == ["/api/tags"]
    assert choosing.offered == sorted(HERE)


def test_an_address_of_the_flows_gets_nothing_before_a_person_has_read_what(choosing, server):
    choosing.says(base_url=server.url, api_key="${KEY}")
    choosing.asks()

    assert server.asked == []
    assert choosing.editor.ask.text() == ASK_ALL_THE_SAME
    home = server.url.removesuffix("v1")
    assert choosing.told == f"This asks where the flow says: {home}, sends ${{KEY}}."

    choosing.asks()
    choosing.waits()
    assert server.asked == [("/v1/models", f"Bearer {KEY}")]


def test_another_address_than_the_one_that_was_read_is_told_anew(choosing, server):
    choosing.says(base_url="http://127.0.0.1:9/v1")
    choosing.asks()
    choosing.says(base_url=server.url)
    choosing.asks()

    assert server.asked == []
    assert server.url.removesuffix("v1") in choosing.told


def test_the_window_goes_on_while_it_is_asked(choosing, server):
    server.may_answer.clear()
    choosing.says(provider="vllm", base_url=server.url)
    choosing.asks()
    choosing.asks()
    choosing.qtbot.waitUntil(lambda: len(server.asked) == 1, timeout=5000)
    assert choosing.editor.ask.text() == ASKING
    choosing.asks()
    choosing.types("typed-meanwhile")

    server.may_answer.set()
    choosing.waits()
    assert len(server.asked) == 1
    assert choosing.editor.line.text() == "typed-meanwhile"
    assert not choosing.editor.completion.offered


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({}, "The built-in model is the only one here, and needs no name"),
        ({"provider": "openai"}, "Openai wants a key and there is none; set OPENAI_API_KEY"),
        ({"provider": "vllm", "base_url": "http://127.0.0.1:9/v1"}, "cannot be reached; start it"),
        ({"base_url": "nonsense"}, "no address that can be asked; write its base_url as"),
        ({"base_url": "http://[/v1"}, "check"),
        ({"base_url": "http://127.0.0.1:9", "api_key": "${NO_SUCH}"}, "NO_SUCH"),
    ],
)
def test_what_went_wrong_is_told_under_the_field(choosing, said, why):
    choosing.says(**said)
    choosing.asks()
    if choosing.editor.ask.text() == ASK_ALL_THE_SAME:
        choosing.asks()
    choosing.waits()

    assert why in choosing.told
    assert choosing.editor.told.objectName() == "fault"


def test_a_refusal_is_told_without_the_key(choosing, server):
    server.status = 401
    choosing.says(base_url=server.url, api_key="${KEY}")
    choosing.asks()
    choosing.asks()
    choosing.waits()

    assert "refused with 401: not for you; check its api_key" in choosing.told
    assert KEY not in choosing.told


def test_an_answer_that_comes_too_late_hurts_nobody(qtbot, told, server):
    server.may_answer.clear()
    choosing = Choosing(qtbot, told)
    choosing.says(provider="vllm", base_url=server.url)
    choosing.asks()
    choosing.asks()
    qtbot.waitUntil(lambda: len(server.asked) == 1, timeout=5000)
    choosing.form.begin({})  # another agent is shown
    assert choosing.editor.ask.text() == ASK
    server.may_answer.set()
    qtbot.wait(300)

    assert choosing.told == ""


def flow_of(model: str, provider: str = "openai") -> str:
    return f'[llm]\nprovider = "{provider}"\nmodel = "{model}"\n'


def test_models_of_flows_that_were_open_lately_are_offered(qtbot, told, tmp_path: Path):
    files = [tmp_path / f"{name}.toml" for name in ("one", "gone", "broken", "other", "large")]
    files[0].write_text(flow_of("ours-1"))
    files[2].write_text("[llm")
    files[3].write_text(flow_of("elsewhere", "ollama") + '[agents.a.llm]\nmodel = "${M}"\n')
    files[4].write_text(flow_of("never") + "#" * LARGEST)
    recent = RecentModels(lambda: files, CATALOGUE)
    choosing = Choosing(qtbot, told, recent_models=recent.all)
    choosing.says(provider="openai")

    assert choosing.offered == [*KNOWN_MODELS["openai"], "ours-1"]
    QApplication.activePopupWidget().hide()
    files[0].write_text(flow_of("ours-23"))
    assert choosing.offered[-1] == "ours-23"
