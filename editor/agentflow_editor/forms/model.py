"""Which language model: those that its provider is known for or tells of, or any other."""

from collections.abc import Iterator

from agentflow.flow.flow import LlmSettings
from agentflow.models.known import KNOWN_MODELS
from agentflow.models.open import named_model, named_provider
from agentflow_editor.forms._completion import Offer
from agentflow_editor.forms._field import Field, FieldEditor, FormField, Surroundings
from agentflow_editor.forms._suggest import SuggestLine
from agentflow_editor.looks.plain_text import PlainLabel
from agentflow_editor.widgets.wrapped_button import WrappedButton

__all__ = ["FORM_FIELD", "ModelEditor"]

ASK = "Ask the provider for its models"
ASK_ALL_THE_SAME = "Ask there all the same"
ASKING = "Asking…"


class ModelEditor(SuggestLine):
    """A line for a name. Its button asks the provider, and tells first where a flow says who."""

    def __init__(self, around: Surroundings) -> None:
        placeholder = around.for_all().model or "the provider’s default"
        super().__init__(lambda: _offers(around), placeholder=placeholder)
        self._around = around
        self._waits_for: LlmSettings | None = None
        self._stood = ""
        """What the line said when it was asked."""
        self._agreed = ""
        self.ask = WrappedButton(ASK)
        self.ask.setToolTip("What it has is listed here then; nobody is asked before.")
        self.ask.clicked.connect(self._on_ask)
        self.told = PlainLabel("")
        self.told.setWordWrap(True)
        self.told.hide()
        self.column.addWidget(self.told)
        self.column.addWidget(self.ask)
        if (lists := around.model_lists) is not None:
            lists.answered.connect(self._on_answer)
        else:
            self.ask.hide()

    def _on_ask(self) -> None:
        lists, asked = self._around.model_lists, _asked(self._around)
        if lists is None or self._waits_for is not None:
            return
        to_agree = lists.to_agree(asked)
        if to_agree not in ("", self._agreed):
            self._agreed = to_agree
            self.ask.say(ASK_ALL_THE_SAME)
            self._say(f"This asks where the flow says: {to_agree}.")
            return
        self._waits_for, self._stood = asked, self.line.text()
        self.ask.say(ASKING)
        self._say("")
        lists.ask(asked)

    def _on_answer(self, asked: LlmSettings, fault: str) -> None:
        lists = self._around.model_lists
        if lists is None or asked is not self._waits_for:
            return
        self._waits_for = None
        self.ask.say(ASK)
        names = lists.known(asked)
        found = "1 model is listed." if len(names) == 1 else f"{len(names)} models are listed."
        self._say(fault[:1].upper() + fault[1:] or found, is_fault=bool(fault))
        is_typed = self.line.text() != self._stood
        if names and not fault and self.ask.hasFocus() and not is_typed:
            self.open_list()

    def forget(self) -> None:
        super().forget()
        self._waits_for, self._agreed = None, ""
        self.ask.say(ASK)
        self._say("")

    def _say(self, text: str, *, is_fault: bool = False) -> None:
        self.told.setText(text)
        self.told.setVisible(bool(text))
        self.told.setObjectName("fault" if is_fault else "hint")
        self.told.style().unpolish(self.told)
        self.told.style().polish(self.told)


def _asked(around: Surroundings) -> LlmSettings:
    """Who is asked as things are: what the form says, laid over what the flow says for all."""
    said = {name: around.said(name) for name in ("provider", "base_url", "api_key")}
    own = {name: value for name, value in said.items() if isinstance(value, str) and value}
    return around.for_all().model_copy(update={**own, "model": ""})


def _offers(around: Surroundings) -> Iterator[Offer]:
    """What the provider has said to have, else what is known of it; and what flows name."""
    asked = _asked(around)
    provider, default = named_provider(asked), named_model(asked)
    listed = around.model_lists.known(asked) if around.model_lists is not None else ()
    names = dict.fromkeys(listed, f"listed by {provider}")
    if not listed:
        names |= dict.fromkeys(KNOWN_MODELS.get(provider, ()), "")
    for model in around.models():
        if named_provider(model) in (provider, "local"):
            names.setdefault(model.model, "in this flow")
    for model in around.recent_models():
        if (named_provider(model), model.base_url) == (provider, asked.base_url):
            names.setdefault(model.model, "in a recent flow")
    for name, told in names.items():
        if name and "${" not in name:
            yield Offer(name, "default" if name == default else told)


def _build(_field: Field, around: Surroundings) -> FieldEditor:
    return ModelEditor(around)


FORM_FIELD = FormField(
    name="model",
    rank=20,
    accepts=lambda field: field.kind is str and field.form == "model",
    build=_build,
)
