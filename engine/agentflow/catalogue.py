"""Catalogue: every mode, agent type and exporter that there is."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from agentflow import agents, exporters, orchestrators
from agentflow.agents.base import AgentType
from agentflow.discovery import offered
from agentflow.exporters.base import Exporter
from agentflow.orchestrators.base import OrchestrationMode

__all__ = ["Catalogue"]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What is installed, by name. Handed to whoever needs it; nobody keeps a global one."""

    modes: Mapping[str, OrchestrationMode]
    agent_types: Mapping[str, AgentType]
    exporters: Mapping[str, Exporter]

    @classmethod
    def installed(cls) -> "Catalogue":
        """This package's own, and those of every installed extension.

        Raises:
            DiscoveryError: an extension does not offer what it promises.
        """
        modes = offered(orchestrators, "MODE", OrchestrationMode, group="agentflow.modes")
        types = offered(agents, "AGENT_TYPE", AgentType, group="agentflow.agents")
        formats = offered(exporters, "EXPORTER", Exporter, group="agentflow.exporters")
        return cls(
            MappingProxyType({mode.name: mode for mode in modes}),
            MappingProxyType({kind.name: kind for kind in types}),
            MappingProxyType({exporter.name: exporter for exporter in formats}),
        )
