"""Dag: steps with dependencies as stages and orchestrators of the native format."""

from collections.abc import Collection, Mapping
from typing import Any

from agentflow.flow.dialects.series_parallel import Parallel, Series, Tree

__all__ = ["tables_of_tree"]


def tables_of_tree(
    tree: Tree, agents: Mapping[str, str], taken: Collection[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What stands in [orchestration], and in [orchestrators].

    Args:
        tree: of the names of steps.
        agents: each step's agent.
        taken: names that no new orchestrator may have.
    """
    return _Writer(agents, taken).root(tree)


class _Writer:
    def __init__(self, agents: Mapping[str, str], taken: Collection[str]) -> None:
        self._agents, self._taken = agents, set(taken)
        self._members: dict[str, Any] = {}

    def root(self, tree: Tree) -> tuple[dict[str, Any], dict[str, Any]]:
        if isinstance(tree, Parallel):
            own = {"agents": [self._branch(it) for it in tree.parts]}
            return {"mode": "collaborative", "collaborative": own}, self._members
        parts = tree.parts if isinstance(tree, Series) else (tree,)
        if all(isinstance(it, str) for it in parts):
            own = {"agents": [self._agents[str(it)] for it in parts]}
            return {"mode": "sequential", "sequential": own}, self._members
        stages = [self._stage(it) for it in parts]
        return {"mode": "mixed", "mixed": {"stages": stages}}, self._members

    def _stage(self, tree: Tree) -> dict[str, Any]:
        if isinstance(tree, str):
            agent = self._agents[tree]
            return {"name": agent, "agents": [agent]}
        name = self._free_name()
        return {"name": name, **self._parallel(tree)}

    def _parallel(self, tree: Series | Parallel) -> dict[str, Any]:
        return {"mode": "collaborative", "agents": [self._branch(it) for it in tree.parts]}

    def _branch(self, tree: Tree) -> str | list[str]:
        if isinstance(tree, Series):
            return [self._member(it) for it in tree.parts]
        return self._member(tree)

    def _member(self, tree: Tree) -> str:
        if isinstance(tree, str):
            return self._agents[tree]
        name = self._free_name()
        self._members[name] = None  # Owners stand before their members.
        self._members[name] = self._parallel(tree)
        return name

    def _free_name(self) -> str:
        numbers = range(1, len(self._taken) + 2)
        names = ("parallel" if it == 1 else f"parallel {it}" for it in numbers)
        name = next(it for it in names if it not in self._taken)
        self._taken.add(name)
        return name
