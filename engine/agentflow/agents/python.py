"""Python agents: call a function of the flow's author, here or in a process of its own."""

import inspect
import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from pydantic import Field

from agentflow.agents._calling import (
    arguments_for,
    find_function,
    given_to,
    keep_last_on_path,
    take_off_path,
)
from agentflow.agents._python_process import PythonProcesses
from agentflow.agents.base import AgentCall, AgentHandler, AgentSetup, AgentType, Returned
from agentflow.concurrency.threads import in_thread
from agentflow.errors import NotAllowedError
from agentflow.flow.flow import AgentSpec
from agentflow.problem import Fix, Problem
from agentflow.settings import Settings
from agentflow.state import State

__all__ = ["AGENT_TYPE", "PythonSettings", "names_function", "python_caller"]


_CALL = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*:[^\W\d]\w*")


class PythonSettings(Settings):
    """Which function is called."""

    call: str = ""
    """The function, as "module:function": of a file beside the flow (agents.py is "agents:f"),
    or of an installed module.

    It gets (state) or (state, event), and where it takes them the session's `memory` and the
    call's `key`, which is the same when a broken-off run calls it again; it may be async, and
    returns what is merged into the state.
    """
    params: dict[str, Any] = Field(default_factory=dict)
    """Handed to a function that takes `params`."""


def build(spec: AgentSpec, setup: AgentSetup) -> AgentHandler:
    """Make one ready to run. Nothing is imported before it is called.

    Raises:
        NotAllowedError: running the author's code is not allowed.
    """
    settings = spec.settings
    assert isinstance(settings, PythonSettings)
    if not setup.may_execute:
        fix = "allow it if you trust the flow"
        raise NotAllowedError(f"agents.{spec.name}", f"would call {settings.call}", fix)
    return _isolated(settings, setup) if setup.isolate else _inline(settings, setup)


def python_caller(function: str, setup: AgentSetup) -> AgentHandler:
    """Calls a function ("module:function") with a state, where the flow's Python agents run."""
    settings = PythonSettings(call=function)
    return _isolated(settings, setup) if setup.isolate else _inline(settings, setup)


def _inline(settings: PythonSettings, setup: AgentSetup) -> AgentHandler:
    found: list[Callable[..., Any]] = []

    async def call_function(state: State, call: AgentCall) -> Returned:
        if not found:
            found.append(await in_thread(_found, settings.call, setup))
        function = found[0]
        given = given_to(function, state, call.event, deepcopy(settings.params), call.key)
        if not inspect.iscoroutinefunction(function):
            given["state"] = state.apart()  # a thread that nobody waits for any more still reads it
        arguments, named = arguments_for(function, given)
        if inspect.iscoroutinefunction(function):
            return await function(*arguments, **named)
        return await in_thread(lambda: function(*arguments, **named))

    return call_function


def _found(call: str, setup: AgentSetup) -> Callable[..., Any]:
    folder = setup.folder
    if folder is not None:
        keep_last_on_path(folder)
        setup.on_close.append(lambda: take_off_path(folder))
    return find_function(call, folder)


def _isolated(settings: PythonSettings, setup: AgentSetup) -> AgentHandler:
    processes = _processes(setup)

    async def call_function(state: State, call: AgentCall) -> Returned:
        return await processes.call(settings.call, settings.params, state, call)

    return call_function


def _processes(setup: AgentSetup) -> PythonProcesses:
    """Those of the runner: agents that are called one after another need only one."""
    if "python" not in setup.shared:
        setup.shared["python"] = processes = PythonProcesses(setup.folder)
        setup.on_close.append(processes.close)
    return setup.shared["python"]


def _executes(spec: AgentSpec) -> tuple[str, ...]:
    settings = spec.settings
    if not isinstance(settings, PythonSettings) or not settings.call:
        return ()
    module, _, function = settings.call.partition(":")
    return (f"Python: {function}() of {module}",)


def names_function(call: str) -> bool:
    """Whether a text may be the name of a function."""
    return "${" in call or _CALL.fullmatch(call) is not None


def _faults(spec: AgentSpec) -> tuple[Problem, ...]:
    call = spec.settings.call if isinstance(spec.settings, PythonSettings) else ""
    if names_function(call):
        return ()
    fix = Fix('Name a function, such as call = "agents:collect"')
    message = f"{call!r} names no function" if call else "no function is named that it could call"
    return (Problem(severity="error", code="no-call", message=message, where="call", fixes=(fix,)),)


AGENT_TYPE = AgentType(
    name="python",
    title="Python",
    summary="Calls a Python function of yours.",
    icon="language-python",
    settings=PythonSettings,
    build=build,
    executes=_executes,
    faults=_faults,
)
