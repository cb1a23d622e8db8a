"""Wheres: at which keys of agentflow.toml each step of a flow stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agentflow.flow.flow import Flow, Orchestrator, Place
from agentflow.flow.spelling import MODE_TABLES
from agentflow.flow.where import Keys

__all__ = ["Wheres"]


@dataclass(frozen=True, slots=True)
class Wheres:
    """Where the steps stand in the file; for a flow in no file, where a save would put them."""

    steps: Mapping[str, Keys]
    """By path: an orchestrator's table, or the entry that uses an agent."""
    data: Mapping[str, Any]
    """The file's tables in their native form; empty for a flow in no file."""

    @classmethod
    def of(
        cls, flow: Flow, places: Sequence[Place], data: Mapping[str, Any] | None = None
    ) -> "Wheres":
        """Find the place of each step; owners stand before their members in `places`."""
        found: dict[str, Keys] = {}
        wheres = cls(found, data or {})
        owners: dict[str, Orchestrator] = {}
        for place in places:
            owner = owners.get(place.owner)
            found[place.path] = (
                wheres._table(flow, place, place.step)
                if isinstance(place.step, Orchestrator)
                else wheres._use(place, owner)
            )
            if isinstance(place.step, Orchestrator):
                owners[place.path] = place.step
        return wheres

    def step(self, path: str) -> Keys:
        """The keys of a step's place."""
        return self.steps[path]

    def case(self, path: str, orchestrator: Orchestrator, chain: int) -> Keys:
        """The keys of a router's case, or of its default, from the router's table on."""
        if orchestrator.chains[chain].case is None:
            return ("default",)
        table = self._value(self.steps[path])
        if "cases" not in table and "agents" in table:
            return ("agents", chain)
        return ("cases", chain)  # The default is the last chain.

    def _table(self, flow: Flow, place: Place, orchestrator: Orchestrator) -> Keys:
        if place.owner or orchestrator.name in self._value(("orchestrators",)):
            return ("orchestrators", orchestrator.name)
        if self._is_flat(flow):
            return ("orchestration", MODE_TABLES.get(orchestrator.mode, orchestrator.mode))
        return ("orchestration", "mixed", "stages", place.index)

    def _is_flat(self, flow: Flow) -> bool:
        """Whether the root is written in its mode's own table."""
        told = self._value(("orchestration",)).get("mode", flow.mode)
        return len(flow.root.steps) == 1 and told != "mixed"

    def _use(self, place: Place, owner: Orchestrator | None) -> Keys:
        if owner is not None:
            table = self.steps[place.owner]
            return (*table, *self._member(table, owner, place))
        if place.owner:
            return ("editor", "parked", place.chain, place.index)
        stage: Keys = ("orchestration", "mixed", "stages", place.index)
        return (*stage, *self._only(stage, 0))

    def _member(self, table: Keys, owner: Orchestrator, place: Place) -> Keys:
        chain = owner.chains[place.chain]
        if owner.mode == "route":
            case = self.case(place.owner, owner, place.chain)
            if case[0] == "cases":
                return (*case, *self._only((*table, *case), place.index))
            return self._default(table, place.index) if case == ("default",) else case
        if len(owner.chains) > 1 or owner.mode == "collaborative":
            branch: Keys = ("agents", place.chain)
            return branch if len(chain.steps) == 1 else (*branch, place.index)
        return self._only(table, place.index)

    def _default(self, table: Keys, index: int) -> Keys:
        """A default of one step may be written without a list."""
        told = self._value(table).get("default")
        return ("default",) if isinstance(told, str) else ("default", index)

    def _only(self, table: Keys, index: int) -> Keys:
        """A chain of one may be written as `agent`."""
        return ("agent",) if "agent" in self._value(table) else ("agents", index)

    def _value(self, keys: Keys) -> Mapping[str, Any]:
        """The table at some keys of the file; an empty one where there is none."""
        value: Any = self.data
        for key in keys:
            try:
                value = value[key]
            except (KeyError, IndexError, TypeError):
                return {}
        return value if isinstance(value, Mapping) else {}  # pyright: ignore[reportUnknownVariableType] - tables have text keys
