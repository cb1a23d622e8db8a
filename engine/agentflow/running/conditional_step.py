"""ConditionalStep: a use of an agent that is skipped where the agent's condition does not hold."""

from time import monotonic

from agentflow.conditions import asked
from agentflow.errors import ConditionError
from agentflow.flow.condition import Condition
from agentflow.orchestrators.base import ChainRunner, arrived
from agentflow.run import Run
from agentflow.state import State
from agentflow.trace import StepFailed, StepSkipped, StepStarted

__all__ = ["ConditionalStep"]

_STARTED = StepStarted.__name__


class ConditionalStep:
    """A step that asks before it begins."""

    __slots__ = ("_condition", "_name", "_segment", "_step")

    def __init__(self, name: str, segment: str, condition: Condition, step: ChainRunner) -> None:
        self._name, self._segment, self._condition, self._step = name, segment, condition, step

    async def run(self, run: Run, state: State, prefix: str) -> State:
        """Run the step where the condition holds; its input where it does not.

        Raises:
            ConditionError: the condition reads what is not there, or gives no truth value.
            RunError: the step failed.
        """
        path = prefix + self._segment
        try:
            holds, values = asked(self._condition, run, state, path)
        except ConditionError as error:
            self._record_failure(run, path, error)
            raise
        if holds:
            return await arrived(self._step(run, state, prefix))
        found = ", ".join(f"{name} = {value!r:.60}" for name, value in values.items())
        why = f"{self._condition.text} does not hold" + (f" ({found})" if found else "")
        run.record(StepSkipped, path, self._name, why)
        return state

    def _record_failure(self, run: Run, path: str, error: ConditionError) -> None:
        seq = run.recorder.add((_STARTED, monotonic(), path, "agent", self._name, run.left))
        run.record(StepFailed, path, str(error), 0.0, None, (), seq)
