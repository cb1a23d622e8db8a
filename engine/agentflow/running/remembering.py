"""RememberingCaller: calls an agent while it may use the memory of its run's session."""

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from agentflow.agents.base import AgentSetup
from agentflow.call_key import call_key, is_inside
from agentflow.flow.flow import Flow
from agentflow.json_value import texts_changed
from agentflow.memory.current import lent_memory
from agentflow.returned import Left
from agentflow.run import Run
from agentflow.running.agent_call import Caller
from agentflow.state import State
from agentflow.trace import StepNoted

if TYPE_CHECKING:
    from agentflow.memory.session import Memory

__all__ = ["RememberingCaller", "memory_for"]


def memory_for(flow: Flow, setup: AgentSetup, environ: Mapping[str, str]) -> "Memory | None":
    """What the agents of a flow remember with; None for nothing.

    That is what the program gave; else what the flow's file says; else what the flow that runs
    this one has.

    Raises:
        SetupError: the file is where it must not be.
        MissingSecretError: the environment lacks what the flow asks for.
    """
    said, given = flow.memory, setup.memory
    if said is None or (given is not None and setup.depth == 0):
        return given
    said = said.resolved(environ, where="memory")
    if not said.enabled:
        return None
    # SQLite is imported only for flows that remember something.
    from agentflow.memory.place import memory_file  # noqa: PLC0415
    from agentflow.memory.session import Memory  # noqa: PLC0415

    memory = Memory(memory_file(said.path, setup.folder, flow.name), max_items=said.max_items)
    setup.on_close.append(memory.close)
    return memory


class RememberingCaller:
    """Lends an agent the memory for each call. What a call did is not done by its repetition."""

    def __init__(
        self, memory: "Memory", unsaid: Callable[[str], str], is_retried: bool, caller: Caller
    ) -> None:
        self._memory, self._unsaid, self._caller = memory, unsaid, caller
        self._is_retried = is_retried

    async def called(
        self, run: Run, state: State, path: str, attempt: int, seq: int, began: float, /
    ) -> Left:
        """Call it.

        Raises:
            RunError: the call failed.
        """
        # Of what nobody can resume, only retries are repetitions.
        is_kept = run.keeping is not None or is_inside()
        key = call_key(run.id, path, seq) if is_kept or self._is_retried else ""
        notes = _Notes(run, path, self._unsaid)
        memory = self._memory.for_call(run.event.session_id, key, notes, self._unsaid)
        try:
            with lent_memory(memory):
                left = await self._caller.called(run, state, path, attempt, seq, began)
            if key and not is_kept:
                memory.forget_call()
            return left
        finally:
            notes.are_over = True
            memory.end()


class _Notes:
    """Puts what is remembered and recalled into the trace, from whatever thread it is done in."""

    def __init__(self, run: Run, path: str, unsaid: Callable[[str], str]) -> None:
        self._run, self._path, self._unsaid = run, path, unsaid
        self._loop = asyncio.get_running_loop()
        self.are_over = False
        """Whether the call has ended; a thread that goes on is not heard."""

    def __call__(self, text: str, facts: Mapping[str, Any]) -> None:
        try:
            is_here = asyncio.get_running_loop() is self._loop
        except RuntimeError:
            is_here = False
        told = self._unsaid(text), texts_changed(facts, self._unsaid)
        if is_here:
            self._record(*told)
        elif not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._record, *told)

    def _record(self, text: str, facts: Mapping[str, Any]) -> None:
        if not self.are_over:
            self._run.record(StepNoted, self._path, "memory", text, facts)
