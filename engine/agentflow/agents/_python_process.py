"""PythonProcesses: runs Python functions in processes that can be killed."""

import asyncio
import json
import os
import struct
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import Any, cast

from agentflow.agents._process_group import ending, kill_group
from agentflow.agents.base import AgentCall
from agentflow.concurrency.threads import in_thread
from agentflow.errors import AgentFlowError, SetupError
from agentflow.memory.current import current_memory, has_memory
from agentflow.own_process import own_process_command
from agentflow.returned import BadReturnError
from agentflow.state import State

__all__ = ["PythonProcesses"]

MOST_BYTES = 64 * 1024 * 1024
MOST_SAID = 4 * 1024 * 1024
"""Characters that a call may print into the record of the run."""
COST_OF_A_PIECE = 100
"""Characters that a piece counts for beside its own, for what is recorded with it."""
PIECE = 64 * 1024
TIME_TO_END = 1.0
"""Seconds in which a process that answers no more has to have ended."""

_OF_MEMORY = ("remember", "recall", "search", "forget")
_NONSENSE = "its process answered nonsense; keep from the channel that it answers on"


class ProcessEndedError(Exception):
    """The process ended in the middle of a call: the function ended it, or crashed it."""


class PythonProcesses:
    """Helper processes for one runner; one for each call that is under way at the same time.

    A process that is idle serves the next call, of whatever agent. One whose call is cancelled is
    killed, with whatever it has started.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._idle: list[asyncio.subprocess.Process] = []

    async def call(
        self, function: str, params: Mapping[str, Any], state: State, call: AgentCall
    ) -> State:
        """Call "module:function"; the state that it leaves. What it prints is said as it comes.

        Raises:
            ProcessEndedError: the process is gone.
            SetupError: there is no such function.
            BadReturnError: what it returned leaves no state.
            Exception: what the function raised, as an exception of the same name and text.
        """
        process = await self._taken()
        is_whole = False
        number = token_hex(8)
        try:
            await _send(process, {"of": number, **_request(function, params, state, call)})
            left = _left(state, await _answer(process, number, _Mouth(call.say)))
            is_whole = True
        finally:
            if is_whole:
                self._idle.append(process)
            else:
                await _killed(process)
        if isinstance(left, Exception):
            raise left
        return left

    async def close(self) -> None:
        """End every process."""
        while self._idle:
            await _killed(self._idle.pop())

    async def _taken(self) -> asyncio.subprocess.Process:
        while self._idle:
            process = self._idle.pop()
            if process.returncode is None:
                return process
            await _killed(process)
        folder = str(self._folder.resolve()) if self._folder else ""
        return await asyncio.create_subprocess_exec(
            *own_process_command("agentflow.agents._python_host", str(os.getpid()), folder),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,
        )


def _request(
    function: str, params: Mapping[str, Any], state: State, call: AgentCall
) -> dict[str, Any]:
    event = call.event
    return {
        "call": function,
        "params": dict(params),
        "key": call.key,
        "has_memory": has_memory(),
        "state": state.to_dict(),
        "metadata": dict(state.metadata),
        "event": {
            "data": dict(event.data),
            "target": event.target,
            "metadata": dict(event.metadata),
            "session_id": event.session_id,
            "id": event.id,
            "created": event.created.isoformat(),
        },
    }


async def _send(process: asyncio.subprocess.Process, message: Any) -> None:
    assert process.stdin is not None
    body = json.dumps(message).encode()
    process.stdin.write(struct.pack(">I", len(body)) + body)
    with suppress(ConnectionError):  # its end is told by what is not received
        await process.stdin.drain()


class _Mouth:
    """Tells what a function prints, until that is more than a record should hold."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._left = MOST_SAID

    def __call__(self, text: str) -> None:
        """Tell it."""
        if self._left < 0:
            return
        self._left -= len(text) + COST_OF_A_PIECE
        self._say(text if self._left >= 0 else "\n… (what it printed after this is not recorded)\n")


async def _answer(
    process: asyncio.subprocess.Process, number: str, say: Callable[[str], None]
) -> dict[str, Any]:
    """The answer to the call of this number; what belongs to none, or another, is passed over."""
    while True:
        told = await _receive(process)
        if told.get("of") == number:
            if "asks" in told:
                await _send(process, {"of": number, **await _remembered(told["asks"])})
            elif "said" not in told:
                return told
            else:
                say(str(told["said"]))
        await asyncio.sleep(0)  # what has come already is received without waiting


async def _remembered(asks: Any) -> dict[str, Any]:
    """What the memory answers a function that asks it: ["recall", ["key", null]]."""
    if not (isinstance(asks, list) and len(cast("list[Any]", asks)) == 2 and asks[0] in _OF_MEMORY):
        raise ProcessEndedError(_NONSENSE)
    operation, arguments = cast("list[Any]", asks)
    try:
        return {"told": await in_thread(getattr(current_memory(), operation), *arguments)}
    except (AgentFlowError, TypeError) as error:
        return {"refused": [type(error).__name__, str(error)]}


async def _receive(process: asyncio.subprocess.Process) -> dict[str, Any]:
    assert process.stdout is not None
    try:
        (size,) = struct.unpack(">I", await process.stdout.readexactly(4))
        if size > MOST_BYTES:
            raise ProcessEndedError(_NONSENSE)
        told = json.loads(await process.stdout.readexactly(size))
    except asyncio.IncompleteReadError:
        raise ProcessEndedError(await _ending(process)) from None
    except (ValueError, RecursionError):
        raise ProcessEndedError(_NONSENSE) from None
    if not isinstance(told, dict):
        raise ProcessEndedError(_NONSENSE)
    return cast("dict[str, Any]", told)


async def _ending(process: asyncio.subprocess.Process) -> str:
    try:
        async with asyncio.timeout(TIME_TO_END):
            return f"its process {ending(await process.wait())}"
    except TimeoutError:
        return "it closed the channel that its process answers on"


async def _killed(process: asyncio.subprocess.Process) -> None:
    # The group, because a function may have started programs of its own.
    kill_group(process.pid)
    with suppress(TimeoutError):
        async with asyncio.timeout(TIME_TO_END):
            assert process.stdout is not None
            while await process.stdout.read(PIECE):
                """A process counts as ended only when its pipe has been read to the end."""
            await process.wait()


def _left(before: State, answer: Mapping[str, Any]) -> State | Exception:
    """The state that a call left, or what it failed with."""
    try:
        if "refused" in answer:
            return SetupError(answer["refused"])
        if "unusable" in answer:
            return BadReturnError(answer["unusable"]["text"], answer["unusable"]["fix"])
        if "raised" in answer:
            return type(answer["raised"]["type"], (Exception,), {})(answer["raised"]["text"])
        removed, metadata = answer["removed"], dict(answer["metadata"])
        return before.with_changes(dict(answer["changed"]), removed=removed, metadata=metadata)
    except (KeyError, TypeError, ValueError):
        raise ProcessEndedError(_NONSENSE) from None
