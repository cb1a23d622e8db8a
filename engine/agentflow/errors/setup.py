"""Errors of flows that cannot be made ready to run."""

from collections.abc import Iterable

from agentflow.errors.base import AgentFlowError, one_of

__all__ = [
    "AgentNotFoundError",
    "DuplicateAgentError",
    "MissingSecretError",
    "NoEditorError",
    "NotAllowedError",
    "SetupError",
    "UnknownModeError",
]


class SetupError(AgentFlowError):
    """The flow cannot be made ready to run."""


class AgentNotFoundError(SetupError):
    """A step names an agent that nobody defined or registered."""

    def __init__(self, name: str, *, path: str = "", near: str | None = None) -> None:
        self.name, self.path, self.near = name, path, near
        hint = f"did you mean {near!r}?" if near else f"define [agents.{name}] or register it"
        super().__init__(f"{path or name}: no agent named {name!r}; {hint}")


class DuplicateAgentError(SetupError):
    """Two agents, or an agent and an orchestrator, share a name."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"{name}: an agent of this name is registered already; give it another")


class UnknownModeError(SetupError):
    """An orchestrator's mode, or an agent's type, that nothing here provides."""

    def __init__(self, path: str, mode: str, known: Iterable[str]) -> None:
        self.path, self.mode, self.known = path, mode, tuple(known)
        super().__init__(f"{path}: nothing here runs {mode!r}; known are {one_of(self.known)}")


class MissingSecretError(SetupError):
    """A value of the file asks for an environment variable that is not set."""

    def __init__(self, where: str, name: str) -> None:
        self.where, self.name = where, name
        super().__init__(
            f"{where}: the environment has no {name}; set it, or give a default: "
            f'"${{{name}:default}}"'
        )


class NotAllowedError(SetupError):
    """Something that would execute code of the flow's author was asked for and not allowed."""

    def __init__(self, path: str, what: str, fix: str) -> None:
        self.path, self.what = path, what
        super().__init__(f"{path}: {what}; {fix}")


class NoEditorError(SetupError):
    """Something needs the editor, which is not installed or cannot start on this machine."""

    def __init__(self, wanted: str, what: str, fix: str) -> None:
        self.wanted, self.what = wanted, what
        super().__init__(f"{wanted}: {what}; {fix}")
