"""A small MCP server for tests: over pipes, or over HTTP at the port on its command line."""

import os
import sys
from typing import Any

from mcp.server import MCPServer
from mcp.server.mcpserver import Context

server = MCPServer("tools")


@server.tool()
def add(one: float, other: float) -> float:
    """Add two numbers."""
    return one + other


@server.tool()
def place(city: str) -> dict[str, Any]:
    """Say where a city is."""
    return {"city": city, "at": [1, 2]}


@server.tool()
def process() -> int:
    """Say which process this is."""
    return os.getpid()


@server.tool()
def variable(name: str) -> str:
    """Say what a variable of the environment is."""
    return os.environ.get(name, "nothing")


@server.tool()
def key(context: Context) -> str:
    """Say by which key this call is known."""
    return (context.request_context.meta or {}).get("agentflow/call-key", "none")


@server.tool()
def broken() -> str:
    """Fail."""
    raise ValueError("it is out of order")


if len(sys.argv) > 1:
    server.run("streamable-http", host="127.0.0.1", port=int(sys.argv[1]))
else:
    server.run()
