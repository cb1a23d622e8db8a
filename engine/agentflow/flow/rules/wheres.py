"""Wheres: at which keys of agentflow.toml each step of a flow stands, in the native form."""

from collections.abc import Mapping, Sequence
from typing import Any

from agentflow.flow.flow import Flow, Orchestrator, Place
from agentflow.flow.spelling import MODE_TABLES
from agentflow.flow.toml_values import table_of
from agentflow.flow.where import Keys

__all__ = ["case_keys", "told_by", "wheres"]


def wheres(
    flow: Flow, places: Sequence[Place], data: Mapping[str, Any] | None = None
) -> dict[str, Keys]:
    """By path: the keys of an orchestrator's table, or of the entry that uses an agent.

    Args:
        flow: what was read, or would be saved.
        places: those of the flow; owners stand before their members.
        data: the file's tables in their native form; None says where a save would put them.
    """
    tables = table_of((data or {}).get("orchestrators")) or {}
    root = table_of((data or {}).get("orchestration")) or {}
    is_flat = len(flow.root.steps) == 1 and root.get("mode", flow.mode) != "mixed"
    found: dict[str, Keys] = {}
    owners: dict[str, Orchestrator] = {}
    for place in places:
        step = place.step
        if not isinstance(step, Orchestrator):
            found[place.path] = _use(place, owners.get(place.owner), found)
            continue
        owners[place.path] = step
        if place.owner or step.name in tables:
            found[place.path] = ("orchestrators", step.name)
        elif is_flat:
            found[place.path] = ("orchestration", MODE_TABLES.get(step.mode, step.mode))
        else:
            found[place.path] = ("orchestration", "mixed", "stages", place.index)
    return found


def told_by(data: Mapping[str, Any] | None) -> tuple[object, ...]:
    """All that `wheres` reads of a file's tables."""
    tables = table_of((data or {}).get("orchestrators")) or {}
    root = table_of((data or {}).get("orchestration")) or {}
    return frozenset(tables), root.get("mode", "")


def case_keys(router: Orchestrator, chain: int) -> Keys:
    """The keys of a router's case, or of its default, from the router's table on."""
    # The default is the last chain, so that the others are numbered as the cases are.
    return ("default",) if router.chains[chain].case is None else ("cases", chain)


def _use(place: Place, owner: Orchestrator | None, found: Mapping[str, Keys]) -> Keys:
    if owner is not None:
        return (*found[place.owner], *_member(owner, place))
    if place.owner:
        return ("editor", "parked", place.chain, place.index)
    return ("orchestration", "mixed", "stages", place.index, "agents", 0)


def _member(owner: Orchestrator, place: Place) -> Keys:
    chain = owner.chains[place.chain]
    if owner.mode == "route":
        inner: Keys = () if chain.case is None else ("agents",)
        return (*case_keys(owner, place.chain), *inner, place.index)
    if owner.mode == "collaborative" or len(owner.chains) > 1:
        # A branch of one step is written without a list of its own.
        inner = () if len(chain.steps) == 1 else (place.index,)
        return ("agents", place.chain, *inner)
    return ("agents", place.index)
