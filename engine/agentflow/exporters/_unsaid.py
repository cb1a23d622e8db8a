"""What a format cannot say, collected while a flow is written in it."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from agentflow.flow.dialects.core_keys import fitting
from agentflow.flow.flow import Flow, Orchestrator, OrchestratorSettings
from agentflow.flow.read_settings import file_keys
from agentflow.flow.where import Keys, dotted
from agentflow.settings import Settings

__all__ = ["Unsaid"]

_LONGEST = 80


class Unsaid:
    """Sentences of the shape "where: what"; each is told once."""

    def __init__(self, to: str) -> None:
        self._to = to
        self._sentences: dict[str, None] = {}

    @property
    def sentences(self) -> tuple[str, ...]:
        """All of them, in the order in which they came."""
        return tuple(self._sentences)

    def tell(self, keys: Keys, what: str) -> None:
        """Tell what is not said of one place of the flow."""
        self._sentences[f"{dotted(keys)}: {what}"] = None

    def settings(self, keys: Keys, model: BaseModel, said: Collection[str] = ()) -> None:
        """Tell which settings are other than by default and have no place there.

        Args:
            keys: where the settings stand.
            model: the settings.
            said: those that do have a place.
        """
        for key, value in _changed(model):
            if key not in said:
                self.tell((*keys, key), f"{_shown(value)} has no place in {self._to}")
        self.placeholders(keys, model)

    def placeholders(self, keys: Keys, model: BaseModel) -> None:
        """Tell which settings are only known when the flow runs."""
        held: Mapping[str, str] = model.placeholders if isinstance(model, Settings) else {}
        for key, text in held.items():
            what = (
                f"{_shown(text)} is filled in when the flow runs, and {self._to} fills nothing in"
            )
            self.tell((*keys, key), what)

    def orchestrator(self, step: Orchestrator, said: Collection[str] = ()) -> None:
        """Tell of an orchestrator's settings."""
        self.settings(("orchestrators", step.name), step.settings, said)

    def refused(self, value: Any, kind: Any, keys: Keys) -> Any:
        """What of a value is of the kind that is wanted there; the rest is told."""
        fits, places = fitting(value, kind, keys)
        for place in places:
            self.tell(place, f"is of a kind for which {self._to} refuses the whole file; left out")
        return fits

    def lent(self, flow: Flow) -> None:
        """Tell of what agents borrow and remember."""
        for name in flow.pools:
            self.tell(("pools", name), f"has no place in {self._to}")
        if flow.memory is not None:
            self.tell(("memory",), f"what agents remember has no place in {self._to}")

    def parked(self, flow: Flow) -> None:
        """Tell of what hangs on nothing."""
        for number, chain in enumerate(flow.parked):
            named = ", ".join(repr(step.name) for step in chain.steps[:5])
            self.tell(("editor", "parked", number), f"{named} hangs on nothing and is left out")


def _changed(model: BaseModel) -> Iterator[tuple[str, Any]]:
    usual = OrchestratorSettings() if type(model) is OrchestratorSettings else None
    for key, name in file_keys(type(model)).items():
        field = type(model).model_fields[name]
        value = getattr(model, name)
        default = (
            getattr(usual, name, None) if usual else field.get_default(call_default_factory=True)
        )
        if not field.is_required() and value != default:
            yield key, value


def _shown(value: Any) -> str:
    text = repr(value) if isinstance(value, (str, int, float, bool)) else str(value)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
