"""MCP sessions: a conversation with one server, opened when it is first needed and owned by a task.

What the protocol's library opens in a task it must close in the same one; the agents that use it
come and go in others.
"""

import asyncio
import importlib
import importlib.util
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from contextvars import Context
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from agentflow.agents._addresses import is_plainly_private
from agentflow.agents._checked_transport import CheckedTransport
from agentflow.agents._last_words import LastWords
from agentflow.agents._process_group import bound_to_us, child_environment, program_file
from agentflow.agents.base import AgentSetup
from agentflow.concurrency.threads import in_thread
from agentflow.errors import AgentFlowError, SetupError, ToolError
from agentflow.models.base import Tool

__all__ = ["McpServer", "McpSession", "shared_session"]

CANNOT_BE_USED = "the MCP server cannot be used"
CONNECTION_CLOSED = -32000
"""How the protocol calls that."""
MOST_TOOLS = 1000
"""As many of a server's tools as anybody looks at."""
CALL_KEY = "agentflow/call-key"
"""Where a request's `_meta` has the key."""
CLOSING = 5.0
"""Seconds that a server has to end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class McpServer:
    """Where a server is: a program of ours, or an address."""

    where: str
    """Who asks it, for errors."""
    command: tuple[str, ...]
    env: tuple[tuple[str, str], ...]
    url: str
    headers: tuple[tuple[str, str], ...]
    private_hosts: tuple[str, ...]

    @asynccontextmanager
    async def opened(self, folder: Path | None) -> AsyncGenerator[Any, None]:
        """A client that speaks with it. The library is imported here, which takes a second."""
        client: Any = importlib.import_module("mcp").Client
        transport = self._over_http() if self.url else self._over_pipes(folder or Path())
        async with transport as streams, client(streams) as ready:
            yield ready

    @asynccontextmanager
    async def _over_pipes(self, folder: Path) -> AsyncGenerator[Any, None]:
        stdio: Any = importlib.import_module("mcp.client.stdio")
        environ = child_environment(dict(self.env))
        file = program_file(self.command[0], folder, environ, f"{self.where}.command")
        program, *arguments = bound_to_us(file, self.command)
        server = stdio.StdioServerParameters(
            command=program, args=arguments, env=environ, cwd=folder
        )
        with LastWords() as words:
            try:
                yield stdio.stdio_client(server, errlog=words.pipe)
            except Exception as error:
                if said := await in_thread(words.said):
                    raise _told(error, CANNOT_BE_USED, f"it said: {said}") from error
                raise

    @asynccontextmanager
    async def _over_http(self) -> AsyncGenerator[Any, None]:
        http: Any = importlib.import_module("mcp.client.streamable_http")
        httpx2: Any = importlib.import_module("httpx2")
        host = urlsplit(self.url).hostname or ""
        near = (host,) if is_plainly_private(host) else ()
        transport = CheckedTransport(
            httpx2.AsyncHTTPTransport(trust_env=False),
            where=self.where,
            private_hosts=(*self.private_hosts, *near),
        )
        async with httpx2.AsyncClient(
            transport=transport,
            headers=dict(self.headers),
            timeout=httpx2.Timeout(30, read=300),
            trust_env=False,
        ) as client:
            yield http.streamable_http_client(self.url, http_client=client)


class McpSession:
    """A session with one server, shared by the agents of a runner."""

    def __init__(self, server: McpServer, folder: Path | None) -> None:
        self._server, self._folder = server, folder
        self._owner: asyncio.Task[None] | None = None
        self._ready: asyncio.Future[Any] | None = None
        self._enough = asyncio.Event()

    async def call(self, tool: str, arguments: Mapping[str, Any], key: str) -> Any:
        """Call a tool; what it answers, as a JSON value. The server is told the call's key.

        Raises:
            ToolError: the server is not there, or the tool failed.
            SetupError: its program, or its address, is none that may be used.
        """
        client = await self._client()
        try:
            result = await client.call_tool(tool, dict(arguments), meta={CALL_KEY: key})
        except Exception as error:
            if _is_over(error):
                await self.close()  # the next call finds another server
            raise _told(error, f"the MCP server refused {tool!r}") from error
        if result.is_error:
            raise ToolError(f"the MCP tool {tool!r} failed: {_text(result)[:400]}")
        return _value(result)

    async def tools(self) -> tuple[Tool, ...]:
        """What the server offers.

        Raises:
            ToolError: the server is not there, or does not say.
        """
        client = await self._client()
        found: list[Tool] = []
        cursor: str | None = None
        try:
            while len(found) < MOST_TOOLS:
                page = await client.list_tools(cursor=cursor)
                found += [Tool(it.name, it.description or "", it.input_schema) for it in page.tools]
                if (cursor := page.next_cursor) is None:
                    break
        except Exception as error:
            raise _told(error, "the MCP server does not say what it offers") from error
        return tuple(found)

    async def close(self) -> None:
        """End the session, and the server where it is a program of ours."""
        owner, self._owner = self._owner, None
        if owner is None:
            return
        self._enough.set()
        _, late = await asyncio.wait({owner}, timeout=CLOSING)
        for task in late:
            task.cancel()
            await asyncio.wait({task}, timeout=CLOSING)

    async def _client(self) -> Any:
        if self._ready is None or self._owner is None or self._owner.done():
            self._ready = asyncio.get_running_loop().create_future()
            self._enough = asyncio.Event()
            # In a context of its own: it outlives the call that needed it first.
            self._owner = asyncio.create_task(
                self._own(self._ready), name="agentflow: MCP", context=Context()
            )
        await asyncio.wait({self._ready})
        return self._ready.result()

    async def _own(self, ready: "asyncio.Future[Any]") -> None:
        try:
            async with self._server.opened(self._folder) as client:
                ready.set_result(client)
                await self._enough.wait()
        except BaseException as error:
            if not ready.done():
                ready.set_exception(_told(error, CANNOT_BE_USED))
                ready.exception()  # whoever waits for it gets it; if nobody does, nobody complains
            if isinstance(error, asyncio.CancelledError):
                raise


def shared_session(server: McpServer, setup: AgentSetup) -> McpSession:
    """The runner's session with that server: agents with the same server share one.

    Raises:
        SetupError: what speaks the protocol is not installed.
    """
    if importlib.util.find_spec("mcp") is None:
        fix = 'pip install "agentflow-studio[mcp]"'
        raise SetupError(f"{server.where}: what speaks MCP is not installed; {fix}")
    key = ("mcp", server.command, server.env, server.url, server.headers, server.private_hosts)
    sessions: dict[Any, McpSession] = setup.shared.setdefault("mcp", {})
    if key not in sessions:
        sessions[key] = session = McpSession(server, setup.folder)
        setup.on_close.append(session.close)
    return sessions[key]


def _is_over(error: Exception) -> bool:
    """Whether the session has ended, and not just one call of it."""
    return getattr(error, "code", CONNECTION_CLOSED) == CONNECTION_CLOSED


def _told(error: BaseException, what: str, more: str = "") -> Exception:
    """The error that is meant, out of the groups that it comes in."""
    meant: Any = error
    while isinstance(meant, BaseExceptionGroup):
        meant = meant.exceptions[0]  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] - any error
    if isinstance(meant, AgentFlowError):
        return meant
    said = " ".join(str(meant).split())[:300] or type(meant).__name__  # pyright: ignore[reportUnknownArgumentType]
    what = f"{what} ({said})" + (f"; {more}" if more else "")
    return ToolError(what, fix="check that it runs, and what it offers")


def _value(result: Any) -> Any:
    """What a tool answered: its structured content, or else its texts."""
    structured = result.structured_content
    if structured is None:
        return _text(result)
    # Servers that are made with Python wrap what is no object.
    return structured["result"] if set(structured) == {"result"} else structured


def _text(result: Any) -> str:
    return "\n".join(it.text for it in result.content if it.type == "text")
