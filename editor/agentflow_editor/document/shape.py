"""Shape: the tree of a flow by name, so that two trees can be compared and brought together."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from agentflow.flow.flow import (
    AgentUse,
    Case,
    Chain,
    Flow,
    Orchestrator,
    OrchestratorSettings,
    Step,
)

__all__ = ["ChainShape", "Kind", "Shape"]


@dataclass(frozen=True, slots=True)
class ChainShape:
    """A chain as the names of its steps."""

    names: tuple[str, ...]
    case: Case | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """What an orchestrator is, without its members."""

    mode: str
    settings: OrchestratorSettings


@dataclass(frozen=True, slots=True)
class Shape:
    """A tree, taken apart. Each orchestrator has a name of its own; agents may stand repeatedly."""

    kinds: Mapping[str, Kind]
    """The orchestrators by name."""
    chains: Mapping[str, tuple[ChainShape, ...]]
    """The chains of each; those of the flow itself, which are one, under ""."""
    parked: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, flow: Flow) -> "Shape":
        """Take a flow's tree apart."""
        found = list(flow.orchestrators())
        chains = {it.name: tuple(map(_shape, it.chains)) for it in found}
        return cls(
            kinds={it.name: Kind(it.mode, it.settings) for it in found},
            chains={"": (_shape(flow.root),), **chains},
            parked=tuple(_shape(it).names for it in flow.parked),
        )

    def counts(self) -> Counter[str]:
        """How often each name stands in the tree."""
        return Counter(self._names())

    def flow(self, flow: Flow) -> Flow:
        """A flow with this tree instead of its own.

        Raises:
            ValueError: an orchestrator stands in several places, or in none, or in itself.
        """
        counts = self.counts()
        if any(counts[name] != 1 for name in self.kinds):
            raise ValueError("an orchestrator stands in several places, or in none")
        built = _Builder(self)
        (root,) = self.chains[""]
        parked = tuple(built.chain(ChainShape(names)) for names in self.parked)
        tree = {"root": built.chain(root), "parked": parked}
        if built.placed != set(self.kinds):
            raise ValueError("orchestrators stand in each other")
        return flow.model_copy(update=tree)

    def _names(self) -> Iterator[str]:
        for owner, chains in self.chains.items():
            if not owner or owner in self.kinds:
                for chain in chains:
                    yield from chain.names
        for names in self.parked:
            yield from names


class _Builder:
    """Puts a tree together; what stands in itself is never reached."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self.placed: set[str] = set()

    def chain(self, shape: ChainShape) -> Chain:
        return Chain(steps=tuple(map(self._step, shape.names)), case=shape.case)

    def _step(self, name: str) -> Step:
        kind = self._shape.kinds.get(name)
        if kind is None:
            return AgentUse(agent=name)
        self.placed.add(name)
        chains = tuple(map(self.chain, self._shape.chains[name]))
        return Orchestrator(name=name, mode=kind.mode, settings=kind.settings, chains=chains)


def _shape(chain: Chain) -> ChainShape:
    return ChainShape(tuple(it.name for it in chain.steps), chain.case)
