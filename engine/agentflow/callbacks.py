"""Callbacks: functions of the embedding program that are called at hook points."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from agentflow.concurrency.strand import STRAND
from agentflow.error_text import error_text, kind_name
from agentflow.errors import HookFailedError, SetupError
from agentflow.event import Event
from agentflow.result import AgentResult
from agentflow.returned import BadReturnError, state_after
from agentflow.state import State

__all__ = ["Callback", "CallbackArgs", "CallbackRegistry", "HookPoint"]


class HookPoint(StrEnum):
    """Where callbacks are called, each once a happening, in every mode."""

    BEFORE_EVENT_HANDLING = "BEFORE_EVENT_HANDLING"
    """An event is about to be dispatched."""
    AFTER_EVENT_HANDLING = "AFTER_EVENT_HANDLING"
    """An event's run has succeeded or failed."""
    BEFORE_AGENT_RUN = "BEFORE_AGENT_RUN"
    """An agent is about to be called; retries are no happenings of their own."""
    AFTER_AGENT_RUN = "AFTER_AGENT_RUN"
    """An agent has succeeded."""
    AGENT_ERROR = "AGENT_ERROR"
    """An agent has failed for good. A state that is returned here is handed on in its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackArgs:
    """What a callback is told."""

    hook: HookPoint
    event: Event
    state: State
    """As the callbacks before it left it; a copy that it may scribble on."""
    run_id: str = ""
    agent: str = ""
    """The agent's name; "" at the hooks of an event."""
    path: str = ""
    result: AgentResult | None = None
    """What came of the agent, at AFTER_AGENT_RUN."""
    error: BaseException | None = None
    """Why it failed, at AGENT_ERROR, and at AFTER_EVENT_HANDLING for a run that failed."""


_Left = State | Mapping[str, Any] | None
Callback = Callable[[CallbackArgs], Awaitable[_Left] | _Left]
"""Sync or async. A state that it returns replaces the state, a mapping is merged into it."""


class CallbackRegistry:
    """The callbacks of a runner, called in the order in which they were registered."""

    def __init__(self) -> None:
        self._callbacks: dict[HookPoint, dict[str, Callback]] = {hook: {} for hook in HookPoint}
        self.is_empty = True
        """Whether nothing is registered at any hook."""

    def register(self, hook: HookPoint, name: str, callback: Callback) -> None:
        """Call it at that hook from now on.

        Raises:
            SetupError: a callback of this name is registered there already.
        """
        if name in self._callbacks[hook]:
            raise SetupError(
                f"{hook}: a callback {name!r} is registered already; give it another name"
            )
        self._callbacks[hook][name] = callback
        self.is_empty = False

    def unregister(self, hook: HookPoint, name: str) -> None:
        """Do not call it any more; nothing happens when it is not there."""
        self._callbacks[hook].pop(name, None)
        self.is_empty = not any(self._callbacks.values())

    def has(self, hook: HookPoint) -> bool:
        """Whether anything is to be called there."""
        return bool(self._callbacks[hook])

    async def call(self, args: CallbackArgs) -> State:
        """Call all of the hook, one after another; the state that they leave.

        Raises:
            HookFailedError: one of them raised, or returned what is no state.
        """
        state = args.state
        for name, callback in tuple(self._callbacks[args.hook].items()):
            returned = await _called(name, callback, replace(args, state=state.own_copy()))
            try:
                state = state_after(state, returned)
            except BadReturnError as error:
                raise HookFailedError(args.path, args.hook, name, str(error)) from None
            except BaseException as error:
                what = f"returned what raises {_told(error)}"
                raise HookFailedError(args.path, args.hook, name, what) from error
        return state


async def _called(name: str, callback: Callback, args: CallbackArgs) -> Any:
    task = asyncio.current_task()
    cancels = task.cancelling() if task else 0
    strand = STRAND.get()
    outside = STRAND.set(strand and strand.beside())  # the tasks that it starts are no agent's
    returned: Any = None
    failure: BaseException | None = None
    try:
        returned = callback(args)
        returned = await returned if inspect.isawaitable(returned) else returned
    except (GeneratorExit, asyncio.CancelledError) as error:
        if isinstance(error, GeneratorExit) or (task and task.cancelling() > cancels):
            raise
        failure = error
    except BaseException as error:  # noqa: BLE001 - all of it fails the step
        failure = error
    finally:
        STRAND.reset(outside)
    if task and task.cancelling() > cancels:
        # It swallowed its interruption; whoever interrupts the run waits for that.
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(0)
        raise asyncio.CancelledError
    if failure is not None:
        what = f"raised {_told(failure)}"
        raise HookFailedError(args.path, args.hook, name, what) from failure
    return returned


def _told(error: BaseException) -> str:
    return f"{kind_name(error)}: {error_text(error)}"
