"""Tools of a model agent: Python functions beside the flow, and what MCP servers offer."""

import re
import shlex
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import Field

from agentflow.agents import _memory_tools
from agentflow.agents._mcp_session import McpServer, McpSession, shared_session
from agentflow.agents.base import AgentCall, AgentHandler, AgentSetup
from agentflow.agents.python import python_caller
from agentflow.errors import SetupError
from agentflow.models.base import Tool
from agentflow.settings import Value, asked_names
from agentflow.state import State

__all__ = ["AgentTools", "ReadyTool", "ToolServer", "tools_executed"]

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_-]")
"""What no endpoint takes in a tool's name."""
_LONGEST_NAME = 64


class ToolServer(Value):
    """An MCP server whose tools a model may have called."""

    command: tuple[str, ...] = ()
    """The program that is the server, and its arguments: ["python3", "server.py"]."""
    env: dict[str, str] = Field(default_factory=dict)
    """What the program sees of the environment beside PATH, HOME and the like."""
    url: str = ""
    """Or where the server listens (streamable HTTP): "https://tools.example/mcp"."""
    headers: dict[str, str] = Field(default_factory=dict)
    """Sent there along: { Authorization = "Bearer ${TOKEN}" }."""
    private_hosts: tuple[str, ...] = ()
    """Hosts that may be on this machine or in a private network, beside an address in the url."""
    tools: tuple[str, ...] = ()
    """Which of its tools; all of them where none is named."""

    @property
    def place(self) -> str:
        """Where it is, for people."""
        return self.url or shlex.join(self.command)


@dataclass(frozen=True, slots=True)
class ReadyTool:
    """A tool that a model may have called, and how that is done."""

    tool: Tool
    call: Callable[[Mapping[str, Any], AgentCall, str], Awaitable[Any]]
    """(arguments, the agent's call, the key of the tool's) → what it answers."""


_OF_MEMORY = (
    ReadyTool(_memory_tools.REMEMBER, _memory_tools.remember),
    ReadyTool(_memory_tools.RECALL, _memory_tools.recall),
)


class AgentTools:
    """The tools of one agent. They are found when its model is first asked."""

    def __init__(
        self,
        functions: Sequence[str],
        servers: Sequence[ToolServer],
        where: str,
        setup: AgentSetup,
        *,
        remembers: bool = False,
    ) -> None:
        """Make them ready.

        Args:
            functions: "module:function" each.
            servers: where MCP is spoken.
            where: the agent's place in the file.
            setup: what agents are built with.
            remembers: whether `remember` and `recall` are among them.

        Raises:
            SetupError: what speaks MCP is not installed.
        """
        self._functions, self._servers, self._where = functions, servers, where
        self._remembers = remembers
        self._folder = str(setup.folder.resolve()) if setup.folder else ""
        self._describe = python_caller("agentflow.agents._tool_functions:described", setup)
        self._call = python_caller("agentflow.agents._tool_functions:called", setup)
        self._sessions = [shared_session(_mcp_server(it, where), setup) for it in servers]
        self._found: dict[str, ReadyTool] | None = None

    async def found(self, call: AgentCall) -> Mapping[str, ReadyTool]:
        """All of them, by the names that the model knows them by.

        Raises:
            SetupError: there is no such function or tool, or two have the same name.
            ToolError: a server is not there.
        """
        if self._found is None:
            tools = [await self._function(it, call) for it in self._functions]
            for server, session in zip(self._servers, self._sessions, strict=True):
                tools += await self._offered(server, session)
            tools += _OF_MEMORY if self._remembers else ()
            self._found = self._by_name(tools)
        return self._found

    def _by_name(self, tools: Sequence[ReadyTool]) -> dict[str, ReadyTool]:
        by_name: dict[str, ReadyTool] = {}
        for ready in tools:
            name = _NOT_IN_NAMES.sub("_", ready.tool.name)[:_LONGEST_NAME]
            if name in by_name:
                what = f"two of its tools are called {name!r}"
                raise SetupError(f"{self._where}.tools: {what}; name the ones of a server in tools")
            by_name[name] = replace(ready, tool=replace(ready.tool, name=name))
        return by_name

    async def _function(self, function: str, call: AgentCall) -> ReadyTool:
        asked = {"call": function, "folder": self._folder}
        told = await _left_by(self._describe, asked, call, "tool")
        tool = Tool(function.partition(":")[2], told["description"], told["parameters"])

        async def call_function(arguments: Mapping[str, Any], call: AgentCall, key: str) -> Any:
            wanted = {**asked, "arguments": dict(arguments), "call_key": key}
            return await _left_by(self._call, wanted, call, "value")

        return ReadyTool(tool, call_function)

    async def _offered(self, server: ToolServer, session: McpSession) -> list[ReadyTool]:
        tools = {it.name: it for it in await session.tools()}
        for name in server.tools:
            if name not in tools:
                what = f"{server.place} offers no tool {name!r}"
                fix = f"it offers {', '.join(sorted(tools)) or 'none'}"
                raise SetupError(f"{self._where}.mcp_servers: {what}; {fix}")
        return [_of_server(session, tools[name]) for name in server.tools or tools]


def _of_server(session: McpSession, tool: Tool) -> ReadyTool:
    async def call_tool(arguments: Mapping[str, Any], _: AgentCall, key: str) -> Any:
        return await session.call(tool.name, arguments, key)

    return ReadyTool(tool, call_tool)


async def _left_by(handler: AgentHandler, asked: dict[str, Any], call: AgentCall, key: str) -> Any:
    """What a function of ours leaves under a key: it runs as Python agents do."""
    left = await handler(State(asked), call)
    assert isinstance(left, (State, Mapping))
    return left[key]


def _mcp_server(server: ToolServer, where: str) -> McpServer:
    return McpServer(
        where=f"{where}.mcp_servers",
        command=server.command,
        env=tuple(server.env.items()),
        url=server.url,
        headers=tuple(server.headers.items()),
        private_hosts=server.private_hosts,
    )


def tools_executed(functions: Sequence[str], servers: Sequence[ToolServer]) -> tuple[str, ...]:
    """What its tools execute of their author's making, as a person should read it."""
    told = [f"Python: {name}() of {module}" for module, _, name in map(_parted, functions)]
    for server in servers:
        keys = "".join(f", gets ${{{name}}}" for name in asked_names(server))
        told.append(f"MCP: {server.place}{keys}")
        told += [f"MCP: may reach {it} in a private network" for it in server.private_hosts]
    return tuple(told)


def _parted(function: str) -> tuple[str, str, str]:
    return function.partition(":")
