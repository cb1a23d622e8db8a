"""Collaborative mode: every branch works on the same state at once, and their results are merged."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from agentflow.duration import Duration
from agentflow.flow.flow import Orchestrator, OrchestratorSettings
from agentflow.orchestrators.base import ChainRunner, Dispatch, OrchestrationMode


Reducer = Literal[
    "last", "first", "append", "sum", "min", "max", "mean", "any", "all", "vote", "best"
]


class CollaborativeSettings(OrchestratorSettings):
    """How branches may fail, and how what they found becomes one state."""

    agent_timeout: Duration | None = None
    """How long each branch may take."""
    failure_threshold: float | None = None
    """The share of branches that may fail, 0 to 1; None takes the flow's."""
    merge: dict[str, Reducer] = Field(default_factory=dict)
    """How the branches' values of a key become one, by key."""


def build(orchestrator: Orchestrator, chains: Sequence[ChainRunner]) -> Dispatch:
    """Make it ready to run."""
    raise NotImplementedError


MODE = OrchestrationMode(
    name="collaborative",
    title="Parallel",
    summary="Runs its branches at the same time on the same input and merges what they found.",
    icon="source-fork",
    settings=CollaborativeSettings,
    chains="branches",
    port="branches",
    build=build,
)
