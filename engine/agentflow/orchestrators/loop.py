"""Loop mode: a body runs again and again until its condition holds."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from agentflow.duration import Duration
from agentflow.flow.flow import Orchestrator, OrchestratorSettings
from agentflow.orchestrators.base import ChainRunner, Dispatch, OrchestrationMode


class LoopSettings(OrchestratorSettings):
    """When a loop ends. Whatever its condition says, it ends at its limits."""

    condition: str = ""
    """Ends the loop when it holds: "quality_score >= 0.9"; "" leaves that to `loop_completed`."""
    check: Literal["before", "after"] = "before"
    """Whether the condition is asked before each pass, or only after each."""
    max_iterations: int = Field(default=5, ge=1, le=1_000_000)
    """How often the body may run."""
    max_duration: Duration | None = None
    """How long all passes together may take; a pass that runs is not cut off."""
    on_exhausted: Literal["continue", "fail"] = "continue"
    """What a limit means that is reached before the condition holds."""


def build(orchestrator: Orchestrator, chains: Sequence[ChainRunner]) -> Dispatch:
    """Make it ready to run."""
    raise NotImplementedError


MODE = OrchestrationMode(
    name="loop",
    title="Loop",
    summary="Runs its body again and again until a condition holds or a limit is reached.",
    icon="repeat-variant",
    settings=LoopSettings,
    chains="one",
    port="body",
    build=build,
)
