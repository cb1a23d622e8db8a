"""MCP agents: call a tool of a server that speaks the Model Context Protocol."""

import shlex
from typing import Any

from pydantic import Field

from agentflow.agents._mcp_session import McpServer, shared_session
from agentflow.agents._template_faults import template_faults
from agentflow.agents.base import AgentCall, AgentHandler, AgentSetup, AgentType, unset
from agentflow.errors import NotAllowedError
from agentflow.flow.flow import AgentSpec
from agentflow.problem import Fix, Problem
from agentflow.settings import Settings, asked_names
from agentflow.state import State
from agentflow.templates import fill_all

__all__ = ["AGENT_TYPE", "McpSettings"]


class McpSettings(Settings):
    """Which server is asked, and for what."""

    command: tuple[str, ...] = ()
    """The program that is the server, and its arguments: ["python3", "server.py"].

    It runs in the flow's folder, from the first call to the end of the runner.
    """
    env: dict[str, str] = Field(default_factory=dict)
    """What the program sees of the environment beside PATH, HOME and the like."""
    url: str = ""
    """Or where the server listens (streamable HTTP): "https://tools.example/mcp"."""
    headers: dict[str, str] = Field(default_factory=dict)
    """Sent there along: { Authorization = "Bearer ${TOKEN}" }."""
    private_hosts: tuple[str, ...] = ()
    """Hosts that may be on this machine or in a private network, beside an address in the url."""
    tool: str = ""
    """The tool that is called."""
    arguments: dict[str, Any] = Field(default_factory=dict)
    """What it is called with; texts are templates, one that is just an expression its value."""
    output_key: str = "response"
    """Where its answer goes: its structured content, or else its text."""


def build(spec: AgentSpec, setup: AgentSetup) -> AgentHandler:
    """Make one ready to run; its server is started, or asked, when it is first called.

    Raises:
        NotAllowedError: starting or asking what the author chose is not allowed.
        SetupError: what speaks the protocol is not installed.
    """
    settings = spec.settings
    assert isinstance(settings, McpSettings)
    where = f"agents.{spec.name}"
    if not setup.may_execute:
        fix = "allow it if you trust the flow"
        raise NotAllowedError(where, f"would use {_server(settings)}", fix)
    session = shared_session(_mcp_server(settings, where), setup)

    async def call_tool(state: State, call: AgentCall) -> dict[str, Any]:
        arguments = fill_all(settings.arguments, state, f"{where}.arguments", path=call.path)
        return {settings.output_key: await session.call(settings.tool, arguments, call.key)}

    return call_tool


def _mcp_server(settings: McpSettings, where: str) -> McpServer:
    return McpServer(
        where=where,
        command=settings.command,
        env=tuple(settings.env.items()),
        url=settings.url,
        headers=tuple(settings.headers.items()),
        private_hosts=settings.private_hosts,
    )


def _server(settings: McpSettings) -> str:
    return settings.url or shlex.join(settings.command)


def _executes(spec: AgentSpec) -> tuple[str, ...]:
    settings = spec.settings
    if not isinstance(settings, McpSettings) or not _server(settings):
        return ()
    keys = "".join(f", gets ${{{name}}}" for name in asked_names(settings))
    near = tuple(f"MCP: may reach {it} in a private network" for it in settings.private_hosts)
    return (f"MCP: {_server(settings)}{keys}", *near)


def _writes(spec: AgentSpec) -> frozenset[str]:
    settings = spec.settings
    return frozenset({settings.output_key} if isinstance(settings, McpSettings) else ())


def _faults(spec: AgentSpec) -> tuple[Problem, ...]:
    settings = spec.settings
    if not isinstance(settings, McpSettings):
        return ()
    found: list[Problem] = []
    if bool(settings.command) == bool(settings.url):
        message = "a server is either a command or a url" if settings.url else "no server is named"
        one = (unset("url", "Take the command"), unset("command", "Take the url"))
        none = (Fix('Write command = ["python3", "server.py"]'),)
        found.append(_fault("no-server", message, *(one if settings.url else none)))
    if not settings.tool:
        fix = Fix("Write its tool")
        found.append(_fault("no-tool", "no tool is named that it could call", fix))
    return (*found, *template_faults({"arguments": settings.arguments}))


def _fault(code: str, message: str, *fixes: Fix) -> Problem:
    return Problem(severity="error", code=code, message=message, fixes=fixes)


AGENT_TYPE = AgentType(
    name="mcp",
    title="MCP tool",
    summary="Calls a tool of an MCP server, over pipes or HTTP.",
    icon="tools",
    settings=McpSettings,
    build=build,
    executes=_executes,
    writes=_writes,
    faults=_faults,
)
