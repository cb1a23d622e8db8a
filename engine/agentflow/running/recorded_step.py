"""What an agent's step of a resumed run comes to that had ended before the run was broken off."""

import asyncio

from agentflow.errors import FailedBeforeError
from agentflow.keeping import Ended
from agentflow.run import Run
from agentflow.state import State
from agentflow.trace import StepCancelled, StepFailed

__all__ = ["as_recorded"]


async def as_recorded(run: Run, state: State, path: str, agent: str, ended: Ended) -> State:
    """The state that it left; its agent is not called again.

    Raises:
        FailedBeforeError: it had failed, and the flow does not go on after that.
    """
    for _ in range(ended.calls):
        run.counted(agent)
    entry = ended.entry
    while isinstance(entry, StepCancelled):
        # What stopped it then, a timeout or a branch that failed, stops it again.
        await asyncio.get_running_loop().create_future()
    if isinstance(entry, StepFailed) and entry.changes is None:
        raise FailedBeforeError(path, entry.error)
    run.left = entry.seq
    return state.with_changes(entry.changes or {}, removed=entry.removed, metadata=entry.metadata)
