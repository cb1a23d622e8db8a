"""Errors of what stands outside of a flow: models, tools, records on the disk, extensions."""

from pathlib import Path

from agentflow.errors.base import AgentFlowError

__all__ = ["DiscoveryError", "JournalError", "MemoryFileError", "ModelError", "ToolError"]


class ModelError(AgentFlowError):
    """A language model could not answer: not there, refused, cut off, or nonsense."""

    def __init__(self, what: str, *, fix: str = "", retry_after: float | None = None) -> None:
        self.what, self.fix, self.retry_after = what, fix, retry_after
        super().__init__(what + (f"; {fix}" if fix else ""))


class ToolError(AgentFlowError):
    """What an agent asked of a server, a program, a tool or a person was not done."""

    def __init__(self, what: str, *, fix: str = "") -> None:
        self.what, self.fix = what, fix
        super().__init__(what + (f"; {fix}" if fix else ""))


class JournalError(AgentFlowError):
    """The record of a run cannot be kept, or what was kept cannot be believed."""

    def __init__(self, where: Path | str, what: str, fix: str) -> None:
        self.where, self.what, self.fix = where, what, fix
        super().__init__(f"{where}: {what}; {fix}")


class MemoryFileError(AgentFlowError):
    """What agents are to remember cannot be kept, or what they remember not be read."""

    def __init__(self, where: Path | str, what: str, fix: str) -> None:
        self.where, self.what, self.fix = where, what, fix
        super().__init__(f"{where}: {what}; {fix}")


class DiscoveryError(AgentFlowError):
    """A file or entry point that should offer something and does not."""

    def __init__(self, where: str, expected: str, found: str) -> None:
        self.where, self.expected = where, expected
        super().__init__(f"{where}: offers {found} where {expected} is expected; define it there")
