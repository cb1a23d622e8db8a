"""Shout agents: say the answer louder."""

from agentflow.agents.base import AgentCall, AgentHandler, AgentSetup, AgentType
from agentflow.flow.flow import AgentSpec
from agentflow.settings import Settings
from agentflow.state import State


class ShoutSettings(Settings):
    """How loud it is."""

    marks: int = 1
    """How many exclamation marks stand at the end."""


def build(spec: AgentSpec, setup: AgentSetup) -> AgentHandler:
    """Make one ready to run."""
    settings = spec.settings
    assert isinstance(settings, ShoutSettings)

    async def shout(state: State, call: AgentCall) -> dict[str, str]:
        return {"response": str(state.answer).upper() + "!" * settings.marks}

    return shout


AGENT_TYPE = AgentType(
    name="shout",
    title="Shout",
    summary="Says the answer louder.",
    icon="bullhorn-outline",
    settings=ShoutSettings,
    build=build,
)
