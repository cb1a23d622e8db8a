"""Stubs: stand-ins for agents that nobody has defined yet."""

from collections.abc import Container

from agentflow.catalogue import Catalogue
from agentflow.flow.flow import AgentSpec, AgentUse, Flow

__all__ = ["with_stubs"]


def with_stubs(flow: Flow, catalogue: Catalogue, registered: Container[str] = ()) -> Flow:
    """The flow with a scripted agent, which answers with its own name, for each missing one."""
    used = dict.fromkeys(
        place.step.agent for place in flow.places() if isinstance(place.step, AgentUse)
    )
    used |= dict.fromkeys(spec.fallback for spec in flow.agents.values() if spec.fallback)
    for step in flow.orchestrators():
        mode = catalogue.modes.get(step.mode)
        called = mode.calls(step) if mode else ()
        used |= dict.fromkeys(it for it in called if isinstance(it, str))
    settings = catalogue.agent_types["scripted"].settings
    stubs = {
        name: AgentSpec(
            name=name,
            type="scripted",
            settings=settings.model_validate({"output": {"response": name}}),
        )
        for name in used
        if name not in flow.agents and name not in registered
    }
    return flow.model_copy(update={"agents": {**flow.agents, **stubs}})
