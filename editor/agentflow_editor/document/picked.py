"""Picked: what the selected steps are, which says what can be done with them."""

from collections.abc import Iterable
from dataclasses import dataclass

from agentflow.flow.flow import Flow, Orchestrator, Place

__all__ = ["Picked", "picked"]


@dataclass(frozen=True, slots=True)
class Picked:
    """Some steps of a flow."""

    places: tuple[Place, ...] = ()
    """In the order of `Flow.places`; without the start."""
    has_neighbour: bool = False
    """Whether the first of them shares its chain with another step."""
    has_sibling_chain: bool = False
    """Whether the first of them stands in one of several branches or cases."""

    @property
    def paths(self) -> tuple[str, ...]:
        """Where they stand."""
        return tuple(place.path for place in self.places)

    @property
    def orchestrators(self) -> tuple[str, ...]:
        """Those of them that have members."""
        return tuple(it.path for it in self.places if isinstance(it.step, Orchestrator))

    @property
    def only(self) -> Place | None:
        """The one that is picked; None for none or several."""
        return self.places[0] if len(self.places) == 1 else None

    @property
    def is_member(self) -> bool:
        """Whether it is one step, of an orchestrator."""
        owner = self.only.owner if self.only else ""
        return bool(owner) and ("/" in owner or not owner.startswith("|"))


def picked(flow: Flow, paths: Iterable[str]) -> Picked:
    """What some paths are in a flow; those that are not there are left out."""
    asked = {path for path in paths if path}
    if not asked:
        return Picked()
    every = tuple(flow.places())
    places = tuple(place for place in every if place.path in asked)
    if not places:
        return Picked()
    first = places[0]
    siblings = [place for place in every if place.owner == first.owner]
    return Picked(
        places,
        has_neighbour=sum(place.chain == first.chain for place in siblings) > 1,
        has_sibling_chain=len({place.chain for place in siblings}) > 1,
    )
