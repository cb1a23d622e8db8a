"""Route mode: one chain out of several, chosen by what the event or the state says."""

from collections.abc import Sequence

from agentflow.flow.flow import Orchestrator, OrchestratorSettings
from agentflow.orchestrators.base import ChainRunner, Dispatch, OrchestrationMode


class RouteSettings(OrchestratorSettings):
    """A router's cases are its chains; it has no settings of its own."""


def build(orchestrator: Orchestrator, chains: Sequence[ChainRunner]) -> Dispatch:
    """Make it ready to run."""
    raise NotImplementedError


MODE = OrchestrationMode(
    name="route",
    title="Router",
    summary="Takes the first case that holds, or the default.",
    icon="directions-fork",
    settings=RouteSettings,
    chains="cases",
    port="",
    build=build,
)
