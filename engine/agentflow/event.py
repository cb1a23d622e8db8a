"""Event: the message that is dispatched to agents."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

__all__ = ["ALONE", "Event"]

ALONE = "agentflow.step"
"""The metadata that names the one step that an event is for, and not the whole flow."""


def _new_id() -> str:
    return os.urandom(16).hex()


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A message to a flow. Its data becomes the state that the first step gets."""

    data: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """JSON values by name."""
    target: str = ""
    """The name of the agent or case that it is meant for; "" leaves that to the flow."""
    metadata: Mapping[str, str] = field(default_factory=dict[str, str])
    """Texts about the message; `route` names the case that a router is to take."""
    session_id: str = ""
    id: str = field(default_factory=_new_id)
    created: datetime = field(default_factory=_now)

    @classmethod
    def from_input(
        cls, value: str | Mapping[str, Any], metadata: Mapping[str, str] | None = None
    ) -> "Event":
        """What a person types becomes the state's `message`; an object becomes the state."""
        data = {"message": value} if isinstance(value, str) else dict(value)
        return cls(data=data, metadata=dict(metadata or {}))
