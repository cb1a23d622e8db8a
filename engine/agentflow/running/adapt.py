"""Adapt: makes an agent's handler of whatever callable the embedding program hands in."""

import functools
import inspect
from collections.abc import Callable
from typing import Any

from agentflow.agents._calling import takes_memory
from agentflow.agents.base import AgentCall, AgentHandler, Returned, StateFunction
from agentflow.concurrency.threads import in_thread
from agentflow.errors import SetupError
from agentflow.memory.current import current_memory
from agentflow.state import State

__all__ = ["AgentFunction", "adapt"]

AgentFunction = Callable[..., Any]
"""f(state) or f(state, event), sync or async; or an object with a method run(event, state). A
function that takes `memory`, too, gets that of its run's session."""


def adapt(name: str, given: Any) -> AgentHandler:
    """An agent's handler that calls what was given; a sync function runs in a thread of its own.

    Raises:
        SetupError: it is no callable and has no method `run`, or wants other arguments.
    """
    if inspect.iscoroutinefunction(given) and _is_handler(given):
        return given
    method = getattr(given, "run", None)
    if callable(method) and not inspect.isroutine(given):
        return _calling(method, "event, state", name)
    if callable(given):
        function = _with_memory(given) if takes_memory(given) else given
        return _calling(function, _wanted(name, function), name)
    raise SetupError(f"{name}: a {type(given).__name__} is no agent; give a function of the state")


def _calling(function: AgentFunction, wants: str, name: str) -> AgentHandler:
    if wants == "state" and inspect.iscoroutinefunction(function):
        return StateFunction(function)
    arguments: dict[str, Callable[[State, AgentCall], tuple[Any, ...]]] = {
        "state": lambda state, call: (state,),
        "state, event": lambda state, call: (state, call.event),
        "event, state": lambda state, call: (call.event, state),
    }
    chosen = arguments[wants]

    async def awaited(state: State, call: AgentCall) -> Returned:
        return await function(*chosen(state, call))

    async def threaded(state: State, call: AgentCall) -> Returned:
        # What the thread reads stays as it is even if nobody waits for the thread any more.
        return await in_thread(function, *chosen(state.apart(), call))

    handler = awaited if _is_async(function) else threaded
    handler.__name__ = name
    return handler


def _with_memory(function: AgentFunction) -> AgentFunction:
    """The function as one that does not ask for the memory, and has it when it is called."""
    signature = inspect.signature(function)

    async def awaited(*given: Any) -> Any:
        return await function(*given, memory=current_memory())

    def called(*given: Any) -> Any:
        return function(*given, memory=current_memory())

    made: Any = awaited if _is_async(function) else called
    rest = [it for it in signature.parameters.values() if it.name != "memory"]
    made.__signature__ = signature.replace(parameters=rest)
    return made


def _is_async(function: AgentFunction) -> bool:
    while isinstance(function, functools.partial):
        function = function.func
    called = type(function).__call__ if hasattr(type(function), "__call__") else None  # noqa: B004
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(called)


def _is_handler(function: AgentFunction) -> bool:
    """Whether it takes an AgentCall, as the handlers do that agent types build."""
    parameters = list(_parameters(function))
    return len(parameters) == 2 and parameters[1].annotation in (AgentCall, "AgentCall")


def _wanted(name: str, function: AgentFunction) -> str:
    required = [it for it in _parameters(function) if it.default is it.empty]
    if len(required) > 2:
        names = ", ".join(it.name for it in required)
        raise SetupError(
            f"{name}: a function of ({names}) is no agent; take (state) or (state, event)"
        )
    if required and required[0].name == "event":
        return "event, state"
    return "state, event" if len(required) == 2 else "state"


def _parameters(function: AgentFunction) -> tuple[inspect.Parameter, ...]:
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    try:
        found = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return ()  # a function of C that does not tell; it gets the state
    return tuple(parameter for parameter in found if parameter.kind in kinds)
