"""Pools: expensive things, such as browsers or connections, that agents borrow for a call."""

import inspect
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from agentflow.concurrency.permits import Permits
from agentflow.errors import SetupError

__all__ = ["Pool", "Resource", "borrowed", "lent_things"]

_LENT: ContextVar[Mapping[str, Any] | None] = ContextVar("agentflow_lent", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """How the things of a pool are made. Each function may be sync or async."""

    make: Callable[[], Any]
    """Makes one, when one is first wanted."""
    check: Callable[[Any], Any] | None = None
    """Whether one still works; asked before it is lent. One that does not is closed, and another
    one is made."""
    close: Callable[[Any], Any] | None = None
    """Called for each when the runner stops."""


def borrowed(pool: str) -> Any:
    """What the agent whose code calls this has borrowed from a pool, for as long as it is called.

    Raises:
        SetupError: its `uses` does not name the pool.
    """
    lent = _LENT.get() or {}
    if pool not in lent:
        raise SetupError(f"{pool}: nothing is borrowed from this pool; name it in the agent's uses")
    return lent[pool]


@asynccontextmanager
async def lent_things(things: Mapping[str, Any]) -> AsyncGenerator[None]:
    """Let code that runs inside find these as `borrowed`."""
    token = _LENT.set({**(_LENT.get() or {}), **things})
    try:
        yield
    finally:
        _LENT.reset(token)


class Pool:
    """Lends each of its things to one at a time, in the order in which they were asked for."""

    def __init__(
        self, name: str, size: int, seconds: float, given: Resource | Sequence[Any] | None
    ) -> None:
        """Nothing is made before it is wanted.

        Args:
            name: what agents call it.
            size: how many things there are at most.
            seconds: how long to wait for one.
            given: the things, or how they are made; without, they are numbers from 1.

        Raises:
            SetupError: there are fewer things than `size`.
        """
        self.name, self.size, self.seconds = name, size, seconds
        self.permits = Permits(size)
        self._resource = given if isinstance(given, Resource) else None
        things = () if isinstance(given, Resource) else given
        self._idle = list(range(size, 0, -1) if things is None else list(things)[size - 1 :: -1])
        if self._resource is None and len(self._idle) < size:
            raise SetupError(f"pools.{name}: {len(self._idle)} things are given for size {size}")

    async def take(self) -> Any:
        """A thing that works; whoever calls this holds a permit."""
        resource = self._resource
        if resource is None:
            return self._idle.pop()
        while self._idle:
            thing = self._idle.pop()
            if await _works(resource, thing):
                return thing
            await _closed(resource, thing)
        return await _awaited(resource.make())

    def give_back(self, thing: Any) -> None:
        """It may be lent again."""
        self._idle.append(thing)

    async def aclose(self) -> None:
        """Close all things that were made."""
        resource = self._resource
        if resource is None:
            return
        async with AsyncExitStack() as each:
            while self._idle:
                each.push_async_callback(_closed, resource, self._idle.pop())


async def _works(resource: Resource, thing: Any) -> bool:
    if resource.check is None:
        return True
    try:
        return bool(await _awaited(resource.check(thing)))
    except Exception:  # noqa: BLE001 - one that cannot even be asked does not work
        return False


async def _closed(resource: Resource, thing: Any) -> None:
    if resource.close is not None:
        await _awaited(resource.close(thing))


async def _awaited(value: Any) -> Any:
    return await value if inspect.isawaitable(value) else value
