"""Sequential mode: each step gets the state that the one before it left."""

from collections.abc import Sequence

from agentflow.flow.flow import Orchestrator, OrchestratorSettings
from agentflow.orchestrators.base import ChainRunner, Coming, Dispatch, OrchestrationMode
from agentflow.run import Run
from agentflow.state import State


class SequentialSettings(OrchestratorSettings):
    """A sequence has no settings of its own."""


def build(orchestrator: Orchestrator, chains: Sequence[ChainRunner]) -> Dispatch:
    """Make it ready to run."""
    (steps,) = chains

    def dispatch(run: Run, state: State, path: str) -> Coming:
        return steps(run, state, f"{path}/")

    return dispatch


MODE = OrchestrationMode(
    name="sequential",
    title="Sequence",
    summary="Runs its steps one after another; each gets what the one before left.",
    icon="arrow-right-bold-box-outline",
    settings=SequentialSettings,
    chains="one",
    port="steps",
    build=build,
)
