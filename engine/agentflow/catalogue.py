"""Catalogue: every mode, agent type and exporter that there is."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points

from agentflow import agents, exporters, orchestrators
from agentflow.agents.base import AgentType
from agentflow.discovery import Offered
from agentflow.exporters.base import Exporter
from agentflow.flow.flow import AgentSpec, Orchestrator
from agentflow.orchestrators.base import OrchestrationMode, OwnAgent

__all__ = ["Catalogue"]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What is installed, by name. Handed to whoever needs it; nobody keeps a global one."""

    modes: Mapping[str, OrchestrationMode]
    agent_types: Mapping[str, AgentType]
    exporters: Mapping[str, Exporter]

    def called_by(self, step: Orchestrator) -> tuple[AgentSpec, ...]:
        """The agents that an orchestrator brings with it; of another mode's nobody knows."""
        mode = self.modes.get(step.mode)
        called = mode.calls(step) if mode else ()
        return tuple(self.spec_of(it) for it in called if isinstance(it, OwnAgent))

    def spec_of(self, agent: OwnAgent) -> AgentSpec:
        """What such an agent is, as if a flow defined it."""
        settings = self.agent_types[agent.type].settings.model_validate(agent.settings)
        return AgentSpec(
            name=agent.name, type=agent.type, system_prompt=agent.system_prompt, settings=settings
        )

    @classmethod
    def installed(cls) -> "Catalogue":
        """This package's own, and those of every installed extension.

        What this package has is imported when it is asked for, an extension's here.

        Raises:
            DiscoveryError: an extension does not offer what it promises.
        """
        others = entry_points()  # once: it reads a file of each installed package
        modes = others.select(group="agentflow.modes")
        types = others.select(group="agentflow.agents")
        formats = others.select(group="agentflow.exporters")
        return cls(
            Offered(orchestrators, "MODE", OrchestrationMode, modes),
            Offered(agents, "AGENT_TYPE", AgentType, types),
            Offered(exporters, "EXPORTER", Exporter, formats),
        )
