"""Surroundings: what fields may offer and show beside what their declarations say."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agentflow.flow.flow import LlmSettings
from agentflow_editor.looks.theme import LIGHT, Theme
from agentflow_editor.run.model_lists import ModelLists

__all__ = ["Surroundings"]


def _nothing(_: Any = None) -> None:
    return None


def _none() -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Whatever is asked for is asked when somebody wants to see it: the flow goes on changing."""

    agents: Callable[[], Sequence[str]] = _none
    """The names of the flow's agents."""
    keys: Callable[[], Sequence[str]] = _none
    """The keys of the state that may be there where the settings are read."""
    last_run: Callable[[], Mapping[str, Any] | None] = _nothing
    """What the state held there in the last run; None where that has not come there."""
    on_run: Callable[[Callable[[], None]], object] = _nothing
    """Has something called whenever the last run is another, or has got further."""
    said: Callable[[str], Any] = _nothing
    """What another field of the same form says; the form provides it."""
    for_all: Callable[[], LlmSettings] = LlmSettings
    """What the flow says of the language model of all its agents."""
    models: Callable[[], Iterable[LlmSettings]] = lambda: ()
    """What the flow's agents say of theirs."""
    recent_models: Callable[[], Iterable[LlmSettings]] = lambda: ()
    """What flows say of theirs that were open lately."""
    model_lists: ModelLists | None = None
    """Asks providers which models they have; None where nobody can be asked."""
    environment: Callable[[], Iterable[str]] = _none
    """The names of the environment's variables; never what they hold."""
    theme: Callable[[], Theme] = lambda: LIGHT
