"""Drafting: draws up the scene of a sheet, and of one after another only what is different.

Sheets are frozen: what is the same object in two of them looks the same. A scene hands on all
that it shares with the one before, so that whoever shows it can tell at a glance what is new.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from agentflow.catalogue import Catalogue
from agentflow.flow.flow import AgentUse, Orchestrator, Place, Step
from agentflow.problem import Problem
from agentflow_editor.canvas.areas import Ownership, Region, owners_of, regions_again
from agentflow_editor.canvas.boxes import NOWHERE, Facts, box_of, start_box
from agentflow_editor.canvas.scene import Box, Link, LinkKey, ReturnLink, Scene
from agentflow_editor.document.concern import problems_by_step
from agentflow_editor.document.ports import NEXT, chain_ports
from agentflow_editor.document.sheet import Sheet

__all__ = ["Drafter", "build_scene"]

Chains = Mapping[tuple[str, int], Sequence[str]]
"""The paths in each chain, by (owner, number of the chain)."""

Owned = Mapping[str, tuple[Orchestrator, tuple[Link, ...]]]
"""Each orchestrator with the links that begin at it or in its chains, by path."""


def build_scene(sheet: Sheet, catalogue: Catalogue, problems: Iterable[Problem] = ()) -> Scene:
    """Draw up a sheet.

    Args:
        sheet: what is drawn. Steps without a position stand at the origin.
        catalogue: what its steps are.
        problems: what is shown on the steps that have some.
    """
    return Drafter(catalogue).draw(sheet, problems)


@dataclass(frozen=True, slots=True)
class _Structure:
    """What a scene shows whatever stands where and whatever the agents are."""

    places: tuple[Place, ...] = ()
    uses: tuple[int, ...] = ()
    """How often the name of each of them is used."""
    owned: Owned = field(default_factory=dict[str, tuple[Orchestrator, tuple[Link, ...]]])
    links: Mapping[LinkKey, Link] = field(default_factory=dict[LinkKey, Link])
    returns: tuple[ReturnLink, ...] = ()
    ownership: Ownership = field(default_factory=Ownership)


class Drafter:
    """Draws up sheet after sheet."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._structure = _Structure()
        self._drawn: dict[str, tuple[Step, Facts, Box]] = {}
        self._scene = Scene({}, {}, (), {})
        self._marked: tuple[object, object] = ((), ())
        """The problems and places that the marks were made of."""
        self._marks_made: Mapping[str, Sequence[Problem]] = {}

    def draw(self, sheet: Sheet, problems: Iterable[Problem] = ()) -> Scene:
        """The scene of a sheet; the very one that was drawn last where nothing is different."""
        before, places = self._scene, sheet.flow.places()
        if places is not self._structure.places:
            self._structure = _structure(places, self._catalogue, self._structure)
        boxes, structure = self._boxes(sheet, self._marks(problems, places)), self._structure
        is_same = structure.links is before.links and all(
            box is before.boxes.get(path) for path, box in boxes.items()
        )
        if is_same and sheet.sketch.notes == before.notes:
            return before
        regions = before.regions if is_same else _regions(boxes, structure, before)
        notes = sheet.sketch.notes
        self._scene = Scene(boxes, structure.links, structure.returns, regions, notes)
        return self._scene

    def _marks(
        self, problems: Iterable[Problem], places: tuple[Place, ...]
    ) -> Mapping[str, Sequence[Problem]]:
        """What is shown on each step; most edits change neither problems nor places."""
        if self._marked[0] is not problems or self._marked[1] is not places:
            shown = (it for it in problems if it.severity != "info")
            self._marked, self._marks_made = (problems, places), problems_by_step(shown, places)
        return self._marks_made

    def _boxes(self, sheet: Sheet, problems: Mapping[str, Sequence[Problem]]) -> dict[str, Box]:
        known, agents, at = self._drawn, sheet.flow.agents, sheet.layout
        start, before = start_box(at.get("", NOWHERE)), self._scene.boxes.get("")
        boxes = {"": before if before is not None and before == start else start}
        drawn: dict[str, tuple[Step, Facts, Box]] = {}
        for place, uses in zip(self._structure.places, self._structure.uses, strict=True):
            path, step = place.path, place.step
            spec = agents.get(step.agent) if isinstance(step, AgentUse) else None
            facts = spec, at.get(path, NOWHERE), uses, problems.get(path, ())
            draft = known.get(path)
            if draft is None or draft[1] != facts or not _is_same(draft[0], step):
                draft = step, facts, box_of(place, facts, self._catalogue)
            drawn[path], boxes[path] = draft, draft[2]
        self._drawn = drawn
        return boxes


def _is_same(one: Step, other: Step) -> bool:
    # Frozen models that are the very same one compare all of themselves even so.
    return one is other or one == other


def _structure(places: tuple[Place, ...], known: Catalogue, before: _Structure) -> _Structure:
    names = [place.step.name for place in places]
    uses = Counter(names)
    chains: dict[tuple[str, int], list[str]] = defaultdict(list)
    for place in places:
        chains[place.owner, place.chain].append(place.path)
    owned = {
        place.path: _owned_again(place.path, place.step, known, chains, before)
        for place in places
        if isinstance(place.step, Orchestrator)
    }
    returns = tuple(
        ReturnLink(paths[-1], owner, owned[owner][0].mode == "loop")
        for (owner, _), paths in chains.items()
        if owner in owned
    )
    links = {link.key: link for link in _links(chains, owned)}
    ownership = Ownership.of((it.path for it in places), ((it.source, it.target) for it in returns))
    counts = tuple(uses[name] for name in names)
    return _Structure(places, counts, owned, links, returns, ownership)


def _owned_again(
    path: str, step: Orchestrator, known: Catalogue, chains: Chains, before: _Structure
) -> tuple[Orchestrator, tuple[Link, ...]]:
    old = before.owned.get(path)
    return old if old and old[0] is step else (step, tuple(_owned(path, step, known, chains)))


def _links(chains: Chains, owned: Owned) -> Iterator[Link]:
    for (owner, _), paths in chains.items():
        if owner == "":
            yield Link("", NEXT, paths[0])
        if owner not in owned:
            yield from _followed(paths)
    for _, links in owned.values():
        yield from links


def _followed(paths: Sequence[str]) -> Iterator[Link]:
    for source, target in pairwise(paths):
        yield Link(source, NEXT, target)


def _owned(path: str, step: Orchestrator, known: Catalogue, chains: Chains) -> Iterator[Link]:
    """The links from an orchestrator's own ports to each chain, and those within the chains."""
    for number in range(len(step.chains)):
        yield from _followed(chains.get((path, number), ()))
    for port in chain_ports(step, known):
        numbers = range(len(step.chains)) if port.chain is None else (port.chain,)
        begun = [chains[path, number][0] for number in numbers if chains.get((path, number))]
        for order, target in enumerate(begun, start=1):
            is_case = port.chain is not None and step.mode == "route"
            label = port.label if is_case else ""
            yield Link(path, port.name, target, order if len(begun) > 1 else 0, label)


def _regions(boxes: Mapping[str, Box], known: _Structure, before: Scene) -> dict[str, Region]:
    """The regions; those around boxes that are all the same ones as before are so, too."""
    touched = {path for path, box in boxes.items() if before.boxes.get(path) is not box}
    touched |= before.boxes.keys() - boxes.keys()
    around = touched.union(*map(owners_of, touched))
    stale = [it for it in known.owned if it in around or it not in before.regions]
    regions = regions_again(before.regions, stale, boxes, known.ownership)
    return {path: regions[path] for path in known.owned}
