"""keys_here: which keys a state may have where a step of a flow begins, or asks its conditions."""

from dataclasses import dataclass

from agentflow.flow.flow import Flow, Orchestrator
from agentflow.flow.rules.keys import ALWAYS_THERE, COUNTED, watch_keys
from agentflow.flow.rules.known_keys import KnownKeys
from agentflow.flow.rules.survey import Survey
from agentflow.flow.rules.vocabulary import Vocabulary

__all__ = ["KeysHere", "keys_here"]


@dataclass(frozen=True, slots=True)
class KeysHere:
    """What may be read at one place of a flow."""

    written: tuple[str, ...] = ()
    """What steps before it write, in the order in which it is first written."""
    always: tuple[str, ...] = ()
    """What a condition may read though no step writes it, sorted."""
    are_all: bool = True
    """Whether every step before it tells what it writes; else there may be others."""

    @property
    def names(self) -> tuple[str, ...]:
        """All of them."""
        return tuple(dict.fromkeys((*self.written, *self.always)))


def keys_here(
    flow: Flow, vocabulary: Vocabulary, path: str, *, is_asking: bool = False
) -> KeysHere:
    """What may be read by the step at a path, as far as it is known without running anything.

    Args:
        flow: the flow; it may be unfinished in any way.
        vocabulary: the modes and agent types that exist.
        path: where the step stands; a parked one gets nothing from anybody.
        is_asking: what the conditions and keys of an orchestrator's own settings may read, rather
            than what its members get first.
    """
    told: list[tuple[tuple[str, ...], bool]] = []

    def watch(at: str, asks: bool, keys: KnownKeys) -> None:
        if at == path and asks == is_asking:
            told.append((tuple(keys.written), not keys.strangers))

    for _ in watch_keys(Survey.of(flow, vocabulary), watch):
        if told:
            break
    written, are_all = told[0] if told else ((), True)
    return KeysHere(written, _always(flow, path, is_asking), are_all)


def _always(flow: Flow, path: str, is_asking: bool) -> tuple[str, ...]:
    step = flow.at(path)
    is_loop = isinstance(step, Orchestrator) and step.mode == "loop"
    return tuple(sorted(ALWAYS_THERE | COUNTED if is_loop and is_asking else ALWAYS_THERE))
