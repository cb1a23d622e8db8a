"""Event: the message that is dispatched to agents."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from functools import partial
from time import time
from typing import Any, Self

__all__ = ["ALONE", "Event"]

ALONE = "agentflow.step"
"""The metadata that names the one step that an event is for, and not the whole flow."""

_set = object.__setattr__


@dataclass(frozen=True, init=False)
class Event:
    """A message to a flow. Its data becomes the state that the first step gets."""

    __slots__ = ("_time", "created", "data", "id", "metadata", "session_id", "target")

    data: Mapping[str, Any]
    """JSON values by name."""
    target: str
    """The name of the agent or case that it is meant for; "" leaves that to the flow."""
    metadata: Mapping[str, str]
    """Texts about the message; `route` names the case that a router is to take."""
    session_id: str
    """What it belongs to, with others: the runs of a session share what agents remember."""
    id: str
    created: datetime

    def __new__(
        cls,
        *,
        data: Mapping[str, Any] | None = None,
        target: str = "",
        metadata: Mapping[str, str] | None = None,
        session_id: str = "",
        id: str | None = None,
        created: datetime | None = None,
    ) -> Self:
        """A message; without an `id` it gets one of its own."""
        # Filled before it is frozen: `_set` for each field would take half as long again.
        event: Any = _Open()
        event.data, event.target = {} if data is None else data, target
        event.metadata = dict(metadata) if metadata else {}
        if session_id:
            event.session_id = session_id
        if id is not None:
            event.id = id
        if created is not None:
            event.created = created
        else:
            event._time = time()
        event.__class__ = cls
        return event

    def __getattr__(self, name: str) -> Any:
        # Most events are never asked for these, which would take longer than all the rest.
        if name == "session_id":
            _set(self, "session_id", "")
        elif name == "id":
            _set(self, "id", os.urandom(16).hex())
        elif name == "created":
            _set(self, "created", datetime.fromtimestamp(self._time, UTC))
        else:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return getattr(self, name)

    def __reduce__(self) -> tuple[Any, ...]:
        return partial(Event, **{it.name: getattr(self, it.name) for it in fields(self)}), ()

    @classmethod
    def from_input(
        cls,
        value: str | Mapping[str, Any],
        metadata: Mapping[str, str] | None = None,
        session_id: str = "",
    ) -> "Event":
        """What a person types becomes the state's `message`; an object becomes the state."""
        data = {"message": value} if isinstance(value, str) else dict(value)
        return cls(data=data, metadata=metadata, session_id=session_id)


class _Open:
    """An event that is being filled."""

    __slots__ = Event.__slots__
