"""Wording: the short texts on nodes, made from what the flow says."""

from agentflow.agents.base import AgentType
from agentflow.flow.flow import AgentSpec, Orchestrator
from agentflow.orchestrators.base import OrchestrationMode
from agentflow.orchestrators.loop import LoopSettings

__all__ = ["agent_subtitle", "orchestrator_subtitle"]


def agent_subtitle(spec: AgentSpec | None, kind: AgentType | None, uses: int) -> str:
    """What kind of agent it is, whether it is switched off, and how often it is used."""
    if spec is None:
        words = ["not defined"]
    else:
        words = [kind.title if kind else f"unknown type {spec.type!r}"]
        if not spec.enabled:
            words.append("disabled")
    if uses > 1:
        words.append(f"used {uses}\u00d7")
    return " · ".join(words)


def orchestrator_subtitle(orchestrator: Orchestrator, mode: OrchestrationMode | None) -> str:
    """Its mode, and the number that matters most in it."""
    title = mode.title if mode else f"unknown mode {orchestrator.mode!r}"
    settings, count = orchestrator.settings, len(orchestrator.chains)
    if isinstance(settings, LoopSettings):
        return f"{title} · at most {_counted(settings.max_iterations, 'pass', 'passes')}"
    if mode is not None and mode.chains == "branches":
        return f"{title} · {_counted(count, 'branch', 'branches')}"
    if mode is not None and mode.chains == "cases":
        cases = sum(chain.case is not None for chain in orchestrator.chains)
        return f"{title} · {_counted(cases, 'case', 'cases')}"
    steps = sum(len(chain.steps) for chain in orchestrator.chains)
    return f"{title} · {_counted(steps, 'step', 'steps')}"


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
