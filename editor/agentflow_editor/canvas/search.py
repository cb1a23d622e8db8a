"""Search: the small list that adds a step where the person is."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtWidgets import QWidget

from agentflow.catalogue import Catalogue
from agentflow.flow.flow import Flow
from agentflow_editor.looks.theme import Theme
from agentflow_editor.widgets.chooser import Choice, Chooser

__all__ = ["Offer", "QuickAdd", "found", "offers"]

WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Offer:
    """A step that can be added."""

    kind: Literal["agent_type", "mode", "agent", "note"]
    """The key of what is dragged from the palette, too."""
    name: str
    title: str
    summary: str
    icon: str
    color: str
    """The theme's role for it."""


NOTE = Offer("note", "note", "Note", "a text on the canvas", "note-plus-outline", "muted")


def offers(flow: Flow, catalogue: Catalogue, *, on_ground: bool = False) -> tuple[Offer, ...]:
    """Everything that can be added: orchestrators, new agents, and those that the flow has.

    Args:
        flow: whose agents can be used again.
        catalogue: what there is besides.
        on_ground: whether it may stand by itself; else only what a link can lead to is meant.
    """
    return (
        *(
            Offer("mode", mode.name, mode.title, mode.summary, mode.icon, mode.name)
            for mode in catalogue.modes.values()
        ),
        *(
            Offer("agent_type", kind.name, kind.title, kind.summary, kind.icon, "agent")
            for kind in catalogue.agent_types.values()
        ),
        *_existing(flow, catalogue),
        *([NOTE] if on_ground else []),
    )


def _existing(flow: Flow, catalogue: Catalogue) -> Iterator[Offer]:
    for name, spec in flow.agents.items():
        kind = catalogue.agent_types.get(spec.type)
        shown = kind.icon if kind else "help-circle-outline"
        yield Offer("agent", name, name, "use this agent again", shown, "muted")


def found(listed: Sequence[Offer], text: str) -> list[Offer]:
    """The offers with a word that begins as each of a text does, those of that title first."""
    words = WORD.findall(text.casefold())

    def rank(offer: Offer) -> tuple[bool, bool]:
        title = offer.title.casefold()
        return (not title.startswith(words[0]), words[0] not in title) if words else (False, False)

    def holds(offer: Offer) -> bool:
        said = WORD.findall(f"{offer.title} {offer.name} {offer.summary}".casefold())
        return all(any(one.startswith(word) for one in said) for word in words)

    return sorted(filter(holds, listed), key=rank)


class QuickAdd(Chooser):
    """Adds a step: `chosen` tells the offer."""

    def __init__(self, hint: str, listed: Sequence[Offer], theme: Theme, parent: QWidget) -> None:
        super().__init__(
            hint,
            lambda text: [_choice(offer) for offer in found(listed, text)],
            theme,
            parent,
        )


def _choice(offer: Offer) -> Choice:
    text = f"{offer.title} - {offer.summary}"
    return Choice(text=text, what=offer, icon=offer.icon, color=offer.color)
