"""The command `agentflow`: one file a verb."""

from agentflow.cli.base import edit, main

__all__ = ["edit", "main"]
