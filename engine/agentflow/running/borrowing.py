"""BorrowingCaller: calls an agent while it has what it uses from its pools."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from time import monotonic
from typing import Any

from agentflow.error_text import error_text, kind_name
from agentflow.errors import AgentFailedError
from agentflow.pools import Pool, lent_things
from agentflow.returned import Left
from agentflow.run import Run
from agentflow.running.agent_call import Caller
from agentflow.state import State
from agentflow.trace import StepNoted
from agentflow.wording import duration

__all__ = ["BorrowingCaller"]


class BorrowingCaller:
    """Borrows from pools in the order of their names, so that no two agents wait for each other."""

    def __init__(self, name: str, pools: Sequence[Pool], caller: Caller) -> None:
        self._name, self._caller = name, caller
        self._pools = sorted(pools, key=lambda pool: pool.name)

    async def called(
        self, run: Run, state: State, path: str, attempt: int, seq: int, began: float, /
    ) -> Left:
        """Borrow, call, and give back.

        Raises:
            AgentFailedError: nothing came free in time, or could be made.
            RunError: the call failed.
        """
        del began  # waiting is no part of the call, whose timeout begins afterwards
        things: dict[str, Any] = {}
        async with AsyncExitStack() as given_back:
            for pool in self._pools:
                lent = self._borrowed(pool, run, path)
                things[pool.name] = await given_back.enter_async_context(lent)
            async with lent_things(things):
                return await self._caller.called(run, state, path, attempt, seq, monotonic())

    @asynccontextmanager
    async def _borrowed(self, pool: Pool, run: Run, path: str) -> AsyncGenerator[Any]:
        if not pool.permits.take():
            await self._waited(pool, run, path)
        try:
            thing = await self._taken(pool, path)
            try:
                yield thing
            finally:
                pool.give_back(thing)
        finally:
            pool.permits.give_back()

    async def _waited(self, pool: Pool, run: Run, path: str) -> None:
        began = monotonic()
        deadline = run.terms.deadlines.start(run.strand, pool.seconds, path, began)
        try:
            await pool.permits.taken()
        except asyncio.CancelledError:
            if not deadline.was_the_reason():
                raise
            things = "the one thing" if pool.size == 1 else f"one of the {pool.size} things"
            what = f"waited {pool.seconds:g}s for {things} in pool {pool.name!r}"
            fix = f"raise pools.{pool.name}.size or its timeout"
            raise AgentFailedError(path, self._name, what, fix=fix) from None
        finally:
            deadline.end()
        waited = monotonic() - began
        facts = {"pool": pool.name, "seconds": waited}
        run.record(
            StepNoted, path, "pool", f"waited {duration(waited)} for pool {pool.name}", facts
        )

    async def _taken(self, pool: Pool, path: str) -> Any:
        try:
            return await pool.take()
        except Exception as error:
            told = f"{kind_name(error)}: {error_text(error)}"
            what = f"could get nothing from pool {pool.name!r} ({told})"
            raise AgentFailedError(path, self._name, what) from error
