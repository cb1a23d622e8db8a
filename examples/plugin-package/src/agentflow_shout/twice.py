"""Twice: a mode that runs its steps two times over."""

from collections.abc import Sequence

from agentflow.flow.flow import Orchestrator, OrchestratorSettings
from agentflow.orchestrators.base import ChainRunner, Dispatch, OrchestrationMode
from agentflow.run import Run
from agentflow.state import State


class TwiceSettings(OrchestratorSettings):
    """There is nothing to set beside what may be set on every orchestrator."""


def build(orchestrator: Orchestrator, chains: Sequence[ChainRunner]) -> Dispatch:
    """Make it ready to run."""
    (steps,) = chains

    async def dispatch(run: Run, state: State, path: str) -> State:
        for number in (1, 2):
            state = await steps(run, state, f"{path}#{number}/")
        return state

    return dispatch


MODE = OrchestrationMode(
    name="twice",
    title="Twice",
    summary="Runs its steps two times over.",
    icon="numeric-2-box-outline",
    settings=TwiceSettings,
    chains="one",
    port="steps",
    build=build,
)
