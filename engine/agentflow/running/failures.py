"""Failures: what an agent did wrong, as the error of its step."""

from collections.abc import Callable
from typing import cast

from agentflow.concurrency.guard import SelfCancelledError
from agentflow.error_text import error_text, kind_name, some_kind
from agentflow.errors import AgentFailedError, AgentFlowError
from agentflow.json_value import json_text
from agentflow.returned import BadReturnError

__all__ = ["Failures"]

_SHOWN = 500
"""Characters of what an exception says."""
_MOST_SHOWN = 4000
"""Characters of what an agent did."""


class Failures:
    """Makes the errors of one agent's steps. Nothing that the environment told is in them."""

    __slots__ = ("_name", "_unsaid")

    def __init__(self, name: str, unsaid: Callable[[str], str]) -> None:
        """`unsaid` takes out of a text what no record may show."""
        self._name, self._unsaid = name, unsaid

    def of(self, path: str, error: BaseException) -> AgentFailedError:
        """For an agent that raised something, or that returned what leaves no state."""
        if isinstance(error, BadReturnError):
            return self._failed(path, error_text(error), fix=error.fix)
        if isinstance(error, AgentFlowError):
            return self._failed(path, f"failed: {error_text(error).removeprefix(f'{path}: ')}")
        if isinstance(error, SelfCancelledError):
            return self._failed(path, error_text(error))
        return self._failed(path, f"raised {self._told(error)}")

    def of_returned(self, path: str, value: object, error: BaseException) -> AgentFailedError:
        """For an agent that returned something which raises when it is read."""
        return self._failed(path, f"returned {some_kind(value)} that raises {self._told(error)}")

    def of_route(self, path: str, name: str) -> AgentFailedError:
        """For an agent that routed its result to a name that nothing has."""
        what = f"routed to {name!r}, which is no agent, case or orchestrator of the flow"
        return self._failed(path, what, fix="route to a name that there is")

    def _failed(self, path: str, what: str, *, fix: str = "") -> AgentFailedError:
        told = f"{self._unsaid(json_text(what)):.{_MOST_SHOWN}}"
        return AgentFailedError(path, self._name, told, fix=fix)

    def _told(self, error: BaseException) -> str:
        text = f"{self._unsaid(error_text(error)):.{_SHOWN}}"
        kind = kind_name(error)
        told = f"{kind}: {text}" if text else kind
        first = _first(error)
        return told if first is error else f"{told}; the first: {self._told(first)}"


def _first(error: BaseException) -> BaseException:
    """What the first exception of a group is, however deep groups stand in groups."""
    while isinstance(error, BaseExceptionGroup):
        error = cast("BaseExceptionGroup[BaseException]", error).exceptions[0]
    return error
