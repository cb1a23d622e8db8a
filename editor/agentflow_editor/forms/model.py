"""Which language model: those that its provider is known for, those of this flow, or any other."""

from collections.abc import Iterator

from agentflow.models.known import KNOWN_MODELS
from agentflow.models.open import named_model, named_provider
from agentflow_editor.forms._completion import Offer
from agentflow_editor.forms._field import Field, FieldEditor, FormField, Surroundings
from agentflow_editor.forms._suggest import SuggestLine

__all__ = ["FORM_FIELD"]


def _offers(around: Surroundings) -> Iterator[Offer]:
    """The models of the provider that the form, or else the flow, names."""
    said = {name: around.said(name) for name in ("provider", "base_url")}
    own = {name: value for name, value in said.items() if isinstance(value, str) and value}
    asked = around.for_all().model_copy(update={**own, "model": ""})
    provider = named_provider(asked)
    default = named_model(asked)
    names = dict.fromkeys(KNOWN_MODELS.get(provider, ()), "")
    names |= {
        it.model: "in this flow"
        for it in around.models()
        if it.model and named_provider(it) in (provider, "local")
    }
    for name, told in names.items():
        yield Offer(name, "default" if name == default else told)


def _build(_field: Field, around: Surroundings) -> FieldEditor:
    placeholder = around.for_all().model or "the provider’s default"
    return SuggestLine(lambda: _offers(around), placeholder=placeholder)


FORM_FIELD = FormField(
    name="model",
    rank=20,
    accepts=lambda field: field.kind is str and field.form == "model",
    build=_build,
)
