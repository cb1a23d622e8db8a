"""Command agents: run a program, with the state on its input and its output in the state."""

import json
import shlex
from typing import Any, Literal

from pydantic import Field

from agentflow.agents._process_group import bound_to_us, child_environment, ending, program_file
from agentflow.agents._program import Finished, run_program
from agentflow.agents._template_faults import template_faults
from agentflow.agents.base import AgentCall, AgentHandler, AgentSetup, AgentType
from agentflow.errors import NotAllowedError, SetupError, ToolError
from agentflow.flow.flow import AgentSpec
from agentflow.problem import Fix, Problem
from agentflow.settings import Settings, asked_names
from agentflow.state import State
from agentflow.templates import fill

__all__ = ["AGENT_TYPE", "CommandSettings"]


class CommandSettings(Settings):
    """Which program runs, and what becomes of what it prints."""

    command: tuple[str, ...] = ()
    """The program and its arguments, one by one: ["python", "count.py", "{{ language }}"].

    There is no shell. The arguments are templates over the state, the program is none. It runs in
    the flow's folder and gets the state as JSON on standard input. AGENTFLOW_CALL_KEY in its
    environment is the same each time that this step of this run is called, be it after a failure
    or because the run was broken off: what has an effect outside can tell by it what it did.
    """
    env: dict[str, str] = Field(default_factory=dict)
    """What it sees of the environment beside PATH, HOME and the like: { KEY = "${API_KEY}" }."""
    answer: Literal["auto", "json", "text"] = "auto"
    """What it prints; "auto" takes what looks like a JSON object or list for one."""
    output_key: str = ""
    """Where that goes; "" merges an object into the state, and puts the rest under `response`."""


def build(spec: AgentSpec, setup: AgentSetup) -> AgentHandler:
    """Make one ready to run. No program is looked for before it is called.

    Raises:
        NotAllowedError: running the author's programs is not allowed.
        SetupError: the flow is in no file, and so has no folder.
    """
    settings = spec.settings
    assert isinstance(settings, CommandSettings)
    where = f"agents.{spec.name}.command"
    if not setup.may_execute:
        fix = "allow it if you trust the flow"
        raise NotAllowedError(where, f"would run {shlex.join(settings.command)}", fix)
    if setup.folder is None:
        raise SetupError(f"{where}: a flow that is in no file has no folder; save it first")
    folder = setup.folder
    environ = child_environment(settings.env)

    async def run(state: State, call: AgentCall) -> dict[str, Any]:
        command = _command(settings, state, where, call.path)
        file = program_file(command[0], folder, environ, where)
        given = json.dumps(state.to_dict(), ensure_ascii=False).encode("utf-8", "replace")
        finished = await run_program(
            bound_to_us(file, command), given, folder, {"AGENTFLOW_CALL_KEY": call.key, **environ}
        )
        return _changes(settings, _printed(finished))

    return run


def _command(settings: CommandSettings, state: State, where: str, path: str) -> list[str]:
    program, *arguments = settings.command
    filled = [
        fill(text, state, f"{where}[{number}]", path=path)
        for number, text in enumerate(arguments, 1)
    ]
    if any("\0" in it for it in filled):
        raise ToolError("an argument holds a NUL character", fix="mend what the state says")
    return [program, *filled]


def _printed(finished: Finished) -> str:
    if finished.code == 0:
        return finished.out.decode("utf-8", "replace").strip()
    said = " ".join(finished.err.decode("utf-8", "replace").split())[-400:]
    raise ToolError(
        f"the program {ending(finished.code)}" + (f" (it said: {said})" if said else "")
    )


def _changes(settings: CommandSettings, text: str) -> dict[str, Any]:
    value = _value(text, settings.answer)
    if settings.output_key:
        return {settings.output_key: value}
    return value if isinstance(value, dict) else {"response": value}  # pyright: ignore[reportUnknownVariableType] - JSON's keys are texts


def _value(text: str, answer: str) -> Any:
    if answer == "text" or (answer == "auto" and not text.startswith(("{", "["))):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        if answer == "auto":
            return text
        what = f"the program printed no JSON ({' '.join(text.split())[:80]!r})"
        raise ToolError(what, fix='mend it, or set answer = "text"') from None


def _executes(spec: AgentSpec) -> tuple[str, ...]:
    settings = spec.settings
    if not isinstance(settings, CommandSettings) or not settings.command:
        return ()
    keys = "".join(f", gets ${{{name}}}" for name in asked_names(settings))
    return (f"Command: {shlex.join(settings.command)}{keys}",)


def _writes(spec: AgentSpec) -> frozenset[str] | None:
    settings = spec.settings
    if isinstance(settings, CommandSettings) and settings.output_key:
        return frozenset({settings.output_key})
    return None


def _faults(spec: AgentSpec) -> tuple[Problem, ...]:
    settings = spec.settings
    if not isinstance(settings, CommandSettings):
        return ()
    return (*_program_faults(settings.command), *template_faults({"command": settings.command}))


def _program_faults(command: tuple[str, ...]) -> tuple[Problem, ...]:
    if command and command[0].strip() and "{{" not in command[0]:
        return ()
    message = (
        "the state must not choose the program"
        if command
        else "no program is named that it could run"
    )
    fix = Fix('Name a program, such as command = ["python", "count.py"]')
    return (
        Problem(
            severity="error", code="no-command", message=message, where="command", fixes=(fix,)
        ),
    )


AGENT_TYPE = AgentType(
    name="command",
    title="Command",
    summary="Runs a program of yours: JSON in, JSON or text out.",
    icon="console",
    settings=CommandSettings,
    build=build,
    executes=_executes,
    writes=_writes,
    faults=_faults,
)
