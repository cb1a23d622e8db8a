"""FallbackStep: a use of an agent in whose place another one is called when it has failed."""

from agentflow.errors import (
    AgentFailedError,
    CircuitOpenError,
    FailedBeforeError,
    OrchestrationTimeoutError,
)
from agentflow.orchestrators.base import ChainRunner, arrived
from agentflow.run import Run
from agentflow.state import State
from agentflow.trace import StepNoted

__all__ = ["FallbackStep"]

# A callback that fails is no failure of the agent, which another agent could make up for.
_FAILURES = (AgentFailedError, CircuitOpenError, FailedBeforeError, OrchestrationTimeoutError)


class FallbackStep:
    """A step and the one that stands by for it; its path is that of the first, "/" and its name."""

    __slots__ = ("_fallback", "_instead", "_segment", "_step")

    def __init__(
        self, segment: str, step: ChainRunner, fallback: str, instead: ChainRunner
    ) -> None:
        self._segment, self._step = segment, step
        self._fallback, self._instead = fallback, instead

    async def run(self, run: Run, state: State, prefix: str) -> State:
        """Run the step, and if it fails the other one on the same state.

        Raises:
            RunError: that failed, too.
        """
        path = prefix + self._segment
        try:
            return await arrived(self._step(run, state, prefix))
        except _FAILURES as failure:
            text = f"{self._fallback} is called in its place"
            facts = {"fallback": self._fallback, "error": str(failure)}
            run.record(StepNoted, path, "fallback", text, facts)
        return await arrived(self._instead(run, state, f"{path}/"))
