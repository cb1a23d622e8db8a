"""TextMap: on which line of a flow's text each step stands, and which step stands on a line."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from agentflow.flow.flow import AgentUse, Flow, Orchestrator, Place
from agentflow.flow.rules.wheres import wheres
from agentflow.flow.spelled import Spelled, as_written
from agentflow.flow.where import Keys

__all__ = ["TextMap"]

_STAGES: Keys = ("orchestration", "mixed", "stages")
_NODES: Keys = ("editor", "nodes")


class TextMap:
    """One text and the flow that it says. What is asked for is found once."""

    def __init__(
        self, flow: Flow, tables: Sequence[tuple[int, Keys]], spelled: Mapping[Keys, Spelled]
    ) -> None:
        """Make it.

        Args:
            flow: what the text says.
            tables: the line, from 1, and the keys of each table in it, in order.
            spelled: where the text says things otherwise than the native format.
        """
        self._flow, self._tables, self._spelled = flow, tables, spelled

    def line_of(self, path: str) -> int | None:
        """The line of a step's table: an agent's own, or the one of its orchestrator."""
        place = self._places.get(path)
        if place is None:
            return None
        if isinstance(place.step, AgentUse) and ("agents", place.step.agent) in self._lines:
            return self._lines[("agents", place.step.agent)]
        keys = as_written(self._wheres[path], self._spelled)
        around = (self._lines.get(keys[:length]) for length in range(len(keys), 1, -1))
        return next((line for line in around if line is not None), None)

    def path_at(self, line: int, word: str = "", near: str | None = None) -> str | None:
        """The step that a line is about; None where it is about none.

        Args:
            line: from 1.
            word: the text in quotes that is pointed at there, which may be a member's name.
            near: the path that is chosen already; it stays where the line is about it, too.
        """
        table = self.table_at(line)
        if table == _NODES:
            return word if word in self._places else None
        paths = self._paths_of(table)
        members = [it for path in paths for it in self._members(path) if it.step.name == word]
        found = [it.path for it in members] or paths
        return near if near in found else next(iter(found), None)

    def table_at(self, line: int) -> Keys:
        """The keys of the table that a line stands in; () above the first."""
        at = bisect_right(self._tables, line, key=lambda it: it[0])
        return self._tables[at - 1][1] if at else ()

    def _paths_of(self, table: Keys) -> list[str]:
        if len(table) > 1 and table[0] == "agents":
            uses = (it for it in self._places.values() if isinstance(it.step, AgentUse))
            return [it.path for it in uses if it.step.name == table[1]]
        lengths = range(len(table), 1, -1)
        found = (self._by_keys[table[:it]] for it in lengths if table[:it] in self._by_keys)
        return [path] if (path := next(found, None)) is not None else []

    def _members(self, path: str) -> list[Place]:
        return [it for it in self._places.values() if it.owner == path]

    @cached_property
    def _lines(self) -> dict[Keys, int]:
        return {keys: line for line, keys in reversed(self._tables)}

    @cached_property
    def _places(self) -> dict[str, Place]:
        return {it.path: it for it in self._flow.places()}

    @cached_property
    def _wheres(self) -> dict[str, Keys]:
        members = (keys for _, keys in self._tables if keys[:1] == ("orchestrators",))
        names: dict[str, Any] = {str(keys[1]): {} for keys in members if len(keys) > 1}
        written = (as_written(_STAGES, self._spelled), _STAGES)
        is_staged = any(keys[: len(it)] == it for _, keys in self._tables for it in written)
        mode = {"mode": "mixed"} if is_staged else {}
        data: dict[str, Any] = {"orchestrators": names, "orchestration": mode}
        return wheres(self._flow, list(self._places.values()), data)

    @cached_property
    def _by_keys(self) -> dict[Keys, str]:
        """Tables as they are written → paths of orchestrators, and of stages of one agent."""
        found: dict[Keys, str] = {}
        for path, keys in self._wheres.items():
            if isinstance(self._places[path].step, Orchestrator):
                found[as_written(keys, self._spelled)] = path
            elif keys[: len(_STAGES)] == _STAGES and keys[4:5] == ("agents",):
                found.setdefault(as_written(keys[:4], self._spelled), path)
        return found
