"""The command `agentflow`: one file a verb."""

from agentflow.cli.base import main

__all__ = ["main"]
