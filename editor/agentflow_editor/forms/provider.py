"""Who answers: a provider of language models, one of those that are known or any other."""

from agentflow.models.known import KNOWN_MODELS
from agentflow_editor.forms._completion import Offer
from agentflow_editor.forms._field import Field, FieldEditor, FormField, Surroundings
from agentflow_editor.forms._suggest import SuggestLine

__all__ = ["FORM_FIELD"]

_TOLD = {
    "local": "built in, offline",
    "openai": "needs a key",
    "ollama": "on this machine",
    "lmstudio": "on this machine",
    "vllm": "on this machine",
}
_BY_THE_EXTRA = "with the extra “providers”"


def _build(_field: Field, around: Surroundings) -> FieldEditor:
    offers = [Offer(name, _TOLD.get(name, _BY_THE_EXTRA)) for name in KNOWN_MODELS]
    return SuggestLine(
        lambda: offers, placeholder=around.for_all().provider or "what is there: the built-in one"
    )


FORM_FIELD = FormField(
    name="provider",
    rank=20,
    accepts=lambda field: field.kind is str and field.form == "provider",
    build=_build,
)
