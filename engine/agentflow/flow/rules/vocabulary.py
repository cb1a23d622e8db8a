"""Vocabulary: what the rules want to know of the modes and agent types that there are."""

from collections.abc import Callable, Mapping
from typing import Protocol

from agentflow.flow.flow import AgentSpec
from agentflow.problem import Problem

__all__ = ["AgentTypeInfo", "Vocabulary"]


class AgentTypeInfo(Protocol):
    """What the rules want to know of an agent type. AgentType is one."""

    @property
    def asks_model(self) -> bool: ...

    @property
    def writes(self) -> Callable[[AgentSpec], frozenset[str] | None]: ...

    @property
    def reads(self) -> Callable[[AgentSpec], frozenset[str]]: ...

    @property
    def faults(self) -> Callable[[AgentSpec], tuple[Problem, ...]]: ...

    @property
    def remembers(self) -> Callable[[AgentSpec], str]: ...

    @property
    def flow_file(self) -> Callable[[AgentSpec], str]: ...


class Vocabulary(Protocol):
    """What modes and agent types there are, by name. The Catalogue is one; it is above the flow."""

    @property
    def modes(self) -> Mapping[str, object]: ...

    @property
    def agent_types(self) -> Mapping[str, AgentTypeInfo]: ...
