"""Tree: a sheet unfolded into steps that carry their positions, to be edited and folded again.

A path says where a step stands, so moving one changes the paths of others. Here positions hang on
the steps themselves; folding reads the new paths off the tree.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import is_

from agentflow.flow.flow import AgentSpec, Case, Chain, Flow, Orchestrator, Step
from agentflow_editor.document.edits.error import EditError
from agentflow_editor.document.sheet import Layout, Note, Position, Sheet, Sketch

__all__ = ["PlacedChain", "PlacedStep", "Slot", "Tree"]


@dataclass(frozen=True, slots=True)
class Slot:
    """A place that a step can be put at."""

    owner: str
    """An orchestrator's path; "" for the root chain, "|2" for the third parked one."""
    chain: int = 0
    """Which of its chains; one more than the last begins a new branch, or a router's default."""
    index: int = 0
    """Before which step of that chain; its length for the end."""


class PlacedStep:
    """A step that knows its position and the chain it stands in. It is compared by identity."""

    __slots__ = ("chains", "home", "is_collapsed", "position", "step")

    def __init__(self, step: Step, position: Position | None) -> None:
        self.step = step
        """An orchestrator's own chains are overruled by `chains`."""
        self.position = position
        self.home: PlacedChain = PlacedChain()
        self.chains: list[PlacedChain] = []
        self.is_collapsed = False
        """Whether it is drawn as one node, without its members."""

    @property
    def owner(self) -> "PlacedStep | None":
        """The orchestrator that it is a member of; None in the root chain and in a parked one."""
        return self.home.owner

    @property
    def index(self) -> int:
        """Its place in its chain."""
        return self.home.steps.index(self)

    @property
    def takes_another_chain(self) -> bool:
        """Whether a chain without a case may be added: a branch, or the default of a router."""
        if not isinstance(self.step, Orchestrator) or not self.chains:
            return isinstance(self.step, Orchestrator)
        if self.step.mode == "route":
            return all(chain.case is not None for chain in self.chains)
        # A mode that always has one chain keeps to it; a third party's branches are linked.
        return self.step.mode == "collaborative" or len(self.chains) > 1

    def owners(self) -> Iterator["PlacedStep"]:
        """The orchestrators around it, from the inside out."""
        owner = self.owner
        while owner is not None:
            yield owner
            owner = owner.owner

    def all(self) -> Iterator["PlacedStep"]:
        """Itself and everything that it owns, in the order of `Flow.places`."""
        waiting: list[PlacedStep] = [self]
        while waiting:
            step = waiting.pop()
            yield step
            waiting.extend(
                member for chain in reversed(step.chains) for member in reversed(chain.steps)
            )

    def lift(self) -> None:
        """Take it out of its chain; the neighbours close up."""
        self.home.steps.remove(self)

    def add_chain(self, case: Case | None = None, index: int | None = None) -> "PlacedChain":
        """Give it another chain, at the end where no index is said."""
        chain = PlacedChain(case, owner=self)
        self.chains.insert(len(self.chains) if index is None else index, chain)
        return chain


class PlacedChain:
    """A chain of placed steps."""

    __slots__ = ("case", "goes_on", "origin", "owner", "steps")

    def __init__(
        self,
        case: Case | None = None,
        owner: PlacedStep | None = None,
        *,
        goes_on: bool = False,
    ) -> None:
        self.case = case
        self.owner = owner
        self.goes_on = goes_on
        """Whether it is meant to be empty: a router's default that lets the flow just go on."""
        self.origin: Chain | None = None
        """The chain that was unfolded; None for a new one."""
        self.steps: list[PlacedStep] = []

    def insert(self, index: int, steps: Sequence[PlacedStep]) -> None:
        """Put steps before the one that is at an index; they must stand in no other chain."""
        self.steps[index:index] = steps
        for step in steps:
            step.home = self

    def cut(self, index: int) -> list[PlacedStep]:
        """Take out every step from an index on."""
        rest = self.steps[index:]
        del self.steps[index:]
        return rest


class Tree:
    """A sheet that can be changed. It belongs to the one edit that unfolded it."""

    def __init__(self, sheet: Sheet) -> None:
        self._flow = sheet.flow
        self._layout = sheet.layout
        self.notes: dict[str, Note] = dict(sheet.sketch.notes)
        self.agents: dict[str, AgentSpec] = dict(sheet.flow.agents)
        self.root = _unfolded(sheet.flow.root)
        self.parked = [_unfolded(chain) for chain in sheet.flow.parked]
        self._by_path: dict[str, PlacedStep] = {}
        for place, step in zip(sheet.flow.places(), self.steps(), strict=True):
            step.position = sheet.layout.get(place.path)
            step.is_collapsed = place.path in sheet.sketch.collapsed
            self._by_path[place.path] = step

    def steps(self) -> Iterator[PlacedStep]:
        """Every step, in the order of `Flow.places`."""
        for chain in (self.root, *self.parked):
            for step in chain.steps:
                yield from step.all()

    def step(self, path: str) -> PlacedStep:
        """The step that stood at a path when the sheet was unfolded.

        Raises:
            EditError: there was none.
        """
        found = self._by_path.get(path)
        if found is None:
            raise EditError(path or "Start", "there is no such step", "choose one that is drawn")
        return found

    def __contains__(self, path: object) -> bool:
        """Whether a step stood at a path."""
        return path in self._by_path

    def outermost(self, paths: Iterable[str]) -> list[PlacedStep]:
        """The steps of these paths that no other of them owns, in the order of `Flow.places`.

        Raises:
            EditError: there was no such step, or none is named at all.
        """
        asked = {self.step(path) for path in paths if path}
        if not asked:
            raise EditError("", "no step is selected", "select the steps first")
        return [it for it in self.steps() if it in asked and asked.isdisjoint(it.owners())]

    def orchestrator(self, path: str) -> PlacedStep:
        """The same for an orchestrator.

        Raises:
            EditError: there was none.
        """
        found = self.step(path)
        if not isinstance(found.step, Orchestrator):
            raise EditError(path, "this is an agent and has no members", "choose an orchestrator")
        return found

    def chain(self, slot: Slot) -> PlacedChain:
        """The chain of a slot; a branch or default chain that is not there yet is made.

        Raises:
            EditError: there is no such chain.
        """
        if not slot.owner:
            return self.root
        if slot.owner.startswith("|") and "/" not in slot.owner:
            number = slot.owner[1:]
            if number.isdecimal() and int(number) < len(self.parked):
                return self.parked[int(number)]
            raise EditError(slot.owner, "there is no such chain", "choose one that is drawn")
        owner = self.orchestrator(slot.owner)
        if slot.chain == len(owner.chains) and owner.takes_another_chain:
            return owner.add_chain()
        if not 0 <= slot.chain < len(owner.chains):
            raise EditError(slot.owner, f"it has no chain {slot.chain}", "choose one that is drawn")
        return owner.chains[slot.chain]

    def park(self, steps: Sequence[PlacedStep]) -> None:
        """Let steps that stand in no chain hang on nothing, in a chain of their own."""
        self.parked.append(PlacedChain())
        self.parked[-1].insert(0, steps)

    def names(self) -> set[str]:
        """Every name that is taken: of agents, defined or only used, and of orchestrators."""
        return {*self.agents, *(step.step.name for step in self.steps())}

    def used_agents(self) -> set[str]:
        """The names of the agents that steps use."""
        return {it.step.name for it in self.steps() if not isinstance(it.step, Orchestrator)}

    def fold(self) -> Sheet:
        """The sheet that the tree has become. Chains that mean nothing are left out."""
        parked = tuple(_folded(chain) for chain in self.parked if chain.steps)
        self.parked = [chain for chain in self.parked if chain.steps]
        if _are_same(parked, self._flow.parked):
            parked = self._flow.parked
        flow = self._flow.model_copy(
            update={"agents": self.agents, "root": _folded(self.root), "parked": parked}
        )
        return Sheet(flow, Layout(self._positions(flow)), Sketch(self.notes, self._collapsed(flow)))

    def _collapsed(self, flow: Flow) -> frozenset[str]:
        if not any(step.is_collapsed for step in self.steps()):
            return frozenset()
        placed = zip(flow.places(), self.steps(), strict=True)
        return frozenset(place.path for place, step in placed if step.is_collapsed)

    def _positions(self, flow: Flow) -> Iterator[tuple[str, Position]]:
        if "" in self._layout:
            yield "", self._layout[""]
        for place, step in zip(flow.places(), self.steps(), strict=True):
            if step.position is not None:
                yield place.path, step.position


def _unfolded(chain: Chain, owner: PlacedStep | None = None) -> PlacedChain:
    placed = PlacedChain(chain.case, owner, goes_on=_goes_on(chain, owner))
    placed.origin = chain
    placed.insert(0, [PlacedStep(step, None) for step in chain.steps])
    for step in placed.steps:
        if isinstance(step.step, Orchestrator):
            step.chains = [_unfolded(own, step) for own in step.step.chains]
    return placed


def _goes_on(chain: Chain, owner: PlacedStep | None) -> bool:
    if owner is None or chain.steps or chain.case is not None:
        return False
    step = owner.step
    assert isinstance(step, Orchestrator)
    return step.mode == "route" or any(other.case is not None for other in step.chains)


def _folded(chain: PlacedChain) -> Chain:
    """The chain that it has become; the very one that it was, where nothing in it is another."""
    steps, known = tuple(_folded_step(step) for step in chain.steps), chain.origin
    if known is not None and known.case is chain.case and _are_same(steps, known.steps):
        return known
    return Chain.model_construct(steps=steps, case=chain.case)


def _folded_step(placed: PlacedStep) -> Step:
    step = placed.step
    if not isinstance(step, Orchestrator):
        return step
    placed.chains = _meaningful(placed.chains, step.mode)
    chains = tuple(_folded(chain) for chain in placed.chains)
    return step if _are_same(chains, step.chains) else step.model_copy(update={"chains": chains})


def _are_same(some: tuple[object, ...], others: tuple[object, ...]) -> bool:
    return len(some) == len(others) and all(map(is_, some, others))


def _meaningful(chains: list[PlacedChain], mode: str) -> list[PlacedChain]:
    """A branch without steps is nothing; cases, a default that goes on, and an only chain stay."""
    kept = [it for it in chains if it.steps or it.case is not None or it.goes_on]
    return kept if kept or mode in ("collaborative", "route") else chains[:1]
