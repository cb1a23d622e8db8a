"""PythonProcesses: runs Python functions in processes that can be killed."""

import asyncio
import json
import struct
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from agentflow.agents._process_group import ending, kill_group
from agentflow.agents.base import AgentCall
from agentflow.errors import SetupError
from agentflow.own_process import own_process_command
from agentflow.returned import BadReturnError
from agentflow.state import State

__all__ = ["PythonProcesses"]

MOST_BYTES = 64 * 1024 * 1024


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
        try:
            await _send(process, _request(function, params, state, call))
            while "said" in (answer := await _receive(process)):
                call.say(str(answer["said"]))
            is_whole = True
        finally:
            if is_whole:
                self._idle.append(process)
            else:
                await _killed(process)
        return _returned(state, answer)

    async def close(self) -> None:
        """End every process."""
        while self._idle:
            await _killed(self._idle.pop())

    async def _taken(self) -> asyncio.subprocess.Process:
        while self._idle:
            process = self._idle.pop()
            if process.returncode is None:
                return process
        folder = str(self._folder.resolve()) if self._folder else ""
        return await asyncio.create_subprocess_exec(
            *own_process_command("agentflow.agents._python_host", folder),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=MOST_BYTES,
            start_new_session=True,
        )


def _request(
    function: str, params: Mapping[str, Any], state: State, call: AgentCall
) -> dict[str, Any]:
    event = call.event
    return {
        "call": function,
        "params": dict(params),
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


async def _receive(process: asyncio.subprocess.Process) -> dict[str, Any]:
    assert process.stdout is not None
    try:
        (size,) = struct.unpack(">I", await process.stdout.readexactly(4))
        if size > MOST_BYTES:
            raise ProcessEndedError("its process answered nonsense")
        return json.loads(await process.stdout.readexactly(size))
    except asyncio.IncompleteReadError:
        raise ProcessEndedError(f"its process {ending(await process.wait())}") from None


async def _killed(process: asyncio.subprocess.Process) -> None:
    # The group, because a function may have started programs of its own.
    kill_group(process.pid)
    await process.wait()


def _returned(before: State, answer: Mapping[str, Any]) -> State:
    if "refused" in answer:
        raise SetupError(answer["refused"])
    if "unusable" in answer:
        raise BadReturnError(answer["unusable"]["text"], answer["unusable"]["fix"])
    if "raised" in answer:
        kind = str(answer["raised"]["type"])
        raise type(kind, (Exception,), {})(answer["raised"]["text"])
    return before.with_changes(
        answer["changed"], removed=answer["removed"], metadata=answer["metadata"]
    )
