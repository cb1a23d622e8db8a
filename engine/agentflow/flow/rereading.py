"""Rereading: what reading a file would tell again once an edited flow is written into it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from agentflow.flow.differences import is_same
from agentflow.flow.flow import AgentSpec, Flow
from agentflow.flow.flow_file import FlowFile
from agentflow.flow.kinds import Kinds
from agentflow.flow.lines import LineIndex
from agentflow.flow.load import flow_of
from agentflow.flow.read_agents import read_agents
from agentflow.flow.read_editor import read_layout, read_sketch
from agentflow.flow.read_notes import Notes, TooMuchError
from agentflow.flow.read_tables import tell_unknown_tables
from agentflow.flow.rewriting import Rewriting
from agentflow.flow.setting_tables import Tables
from agentflow.flow.spelled import Spelled
from agentflow.flow.spelling import canonical
from agentflow.flow.toml_values import table_of
from agentflow.flow.where import Keys, keys_of
from agentflow.problem import Problem

__all__ = ["Reread", "Rereading"]


@dataclass(frozen=True, slots=True)
class Reread:
    """A file as it would be read. Nobody has written it, so there are no lines."""

    problems: tuple[Problem, ...]
    """What is wrong in it, or unknown."""
    native: Tables
    """Its values, all said as the native format says them."""
    spelled: Mapping[Keys, Spelled]
    """Where it says things otherwise."""


class Rereading:
    """One file, of which only what edits have made another is looked at again."""

    def __init__(self, rewriting: Rewriting, kinds: Kinds) -> None:
        """Make it.

        Args:
            rewriting: writes into the file, which is a native one.
            kinds: which modes and agent types there are.
        """
        self.file = rewriting.file
        """What was read."""
        self._rewriting, self._kinds = rewriting, kinds

    def read(self, flow: Flow) -> Reread | None:
        """What would be read of a flow.

        None where the file would have to be written anew, without what is wrong in it.
        """
        file = self.file
        data = self._rewriting.data(flow, file.layout, file.sketch)
        try:
            return None if data is None else self._read(flow, data)
        except TooMuchError:
            return None

    def _read(self, flow: Flow, data: Tables) -> Reread | None:
        notes, known = Notes(), _KnownAgents(self.file)
        said = canonical(data, notes)
        others: list[Problem] = []
        if self._says_the_same_but_of_agents(said.data):
            notes, others = Notes(), [it for keys, it in self._told if not _is_of_agent(keys)]
            agents = read_agents(said.data, self._kinds, notes, known.agent)
            read = self.file.flow.model_copy(update={"agents": agents})
        else:
            read = flow_of(said.data, self._kinds, notes, known.agent)
            read_layout(said.data, notes)
            read_sketch(said.data, notes)
            tell_unknown_tables(said.data, notes)
        if read != flow:
            return None
        kept = [it for keys, it in self._told if keys[:2] in known.kept]
        found = notes.problems(said.spelled, LineIndex(""))
        return Reread((*others, *kept, *found), said.data, said.spelled)

    def _says_the_same_but_of_agents(self, data: Tables) -> bool:
        one, other = data.get("agents"), self.file.native.get("agents")
        if list(table_of(one) or ()) != list(table_of(other) or ()):
            return False
        return is_same({**data, "agents": None}, {**self.file.native, "agents": None})

    @cached_property
    def _told(self) -> list[tuple[Keys, Problem]]:
        """What was found in the file, without lines."""
        unplaced = LineIndex("")
        found = ((keys_of(it.where), it) for it in self.file.problems)
        return [(keys, unplaced.placed(it, keys)) for keys, it in found]


def _is_of_agent(keys: Keys) -> bool:
    return keys[:1] == ("agents",) and len(keys) > 1


class _KnownAgents:
    """The agents of a file, as long as their tables are what was read."""

    def __init__(self, file: FlowFile) -> None:
        self._agents = file.flow.agents
        self._tables = table_of(file.native.get("agents")) or {}
        self.kept: set[Keys] = set()
        """Where those stand that were asked for and are as they were."""

    def agent(self, name: str, table: Any) -> AgentSpec | None:
        """The agent of a table that is as it was."""
        if name not in self._tables or not is_same(self._tables[name], table):
            return None
        self.kept.add(("agents", name))
        return self._agents.get(name)
