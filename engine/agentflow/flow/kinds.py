"""Kinds: what the reader and the writer of flows must know of modes and agent types."""

from collections.abc import Mapping
from typing import Literal, Protocol

from agentflow.flow.flow import OrchestratorSettings
from agentflow.settings import Settings

__all__ = ["AgentKind", "Kinds", "ModeKind"]


class ModeKind(Protocol):
    """A mode. OrchestrationMode is one."""

    @property
    def settings(self) -> type[OrchestratorSettings]: ...

    @property
    def chains(self) -> Literal["one", "branches", "cases"]: ...


class AgentKind(Protocol):
    """An agent type. AgentType is one."""

    @property
    def settings(self) -> type[Settings]: ...


class Kinds(Protocol):
    """Modes and agent types by name. The Catalogue is one; it stands above the flow."""

    @property
    def modes(self) -> Mapping[str, ModeKind]: ...

    @property
    def agent_types(self) -> Mapping[str, AgentKind]: ...
