"""Pools: what agents borrow from; they are added, named, sized and removed."""

from typing import Any

from agentflow.flow.flow import AgentSpec, PoolSettings
from agentflow_editor.document.edits.error import EditError
from agentflow_editor.document.edits.names import free_name, new_name
from agentflow_editor.document.edits.values import changed
from agentflow_editor.document.sheet import Sheet

__all__ = ["add_pool", "remove_pool", "rename_pool", "set_pool"]


def add_pool(sheet: Sheet, name: str | None = None) -> Sheet:
    """Define a pool of one thing.

    Raises:
        EditError: the name is none, or taken.
    """
    pools = sheet.flow.pools
    chosen = free_name("pool", pools) if name is None else new_name(name, pools, "pools")
    return _with(sheet, {**pools, chosen: PoolSettings()})


def remove_pool(sheet: Sheet, name: str) -> Sheet:
    """Remove a pool; no agent uses it any more.

    Raises:
        EditError: there is none of this name.
    """
    _pool(sheet, name)
    pools = {key: pool for key, pool in sheet.flow.pools.items() if key != name}
    return _with(sheet, pools, {name: None})


def rename_pool(sheet: Sheet, old: str, new: str) -> Sheet:
    """Give a pool another name; agents that use it go on using it.

    Raises:
        EditError: there is none of this name, or the new name is none, or taken.
    """
    _pool(sheet, old)
    if new.strip() == old:
        return sheet
    name = new_name(new, sheet.flow.pools, f"pools.{old}")
    pools = {name if key == old else key: pool for key, pool in sheet.flow.pools.items()}
    return _with(sheet, pools, {old: name})


def set_pool(sheet: Sheet, name: str, field: str, value: Any) -> Sheet:
    """Set a pool's "size" or "timeout"; None is the default again.

    Raises:
        EditError: there is no such pool or field, or it cannot be that.
    """
    pool = changed(_pool(sheet, name), field, value, f"pools.{name}")
    return _with(sheet, {**sheet.flow.pools, name: pool})


def _pool(sheet: Sheet, name: str) -> PoolSettings:
    found = sheet.flow.pools.get(name)
    if found is None:
        raise EditError(f"pools.{name}", "there is no such pool", "choose one that there is")
    return found


def _with(
    sheet: Sheet, pools: dict[str, PoolSettings], names: dict[str, str | None] | None = None
) -> Sheet:
    """The same with other pools, and what agents use under its new name, or not at all."""
    agents = {name: _using(spec, names or {}) for name, spec in sheet.flow.agents.items()}
    return sheet.with_flow(sheet.flow.model_copy(update={"pools": pools, "agents": agents}))


def _using(spec: AgentSpec, names: dict[str, str | None]) -> AgentSpec:
    if not any(name in names for name in spec.uses):
        return spec
    uses = tuple(it for name in spec.uses if (it := names.get(name, name)) is not None)
    return spec.model_copy(update={"uses": uses})
