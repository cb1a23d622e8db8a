"""The process in which Python agents run when they must not hurt whoever started them.

It reads a JSON message a call and answers with one; the length of each comes first. They have pipes
of their own, so that nothing that a function prints can be taken for an answer. Each answer names
its call, so that whatever comes too late, or twice, is nobody's.
"""

import asyncio
import inspect
import io
import os
import sys
import threading
from collections.abc import Mapping
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from agentflow.agents._calling import arguments_for, find_function, given_to, keep_last_on_path
from agentflow.agents._host_memory import HostMemory
from agentflow.agents._parent import end_with
from agentflow.agents._pipe_messages import read_message, write_message
from agentflow.errors import SetupError
from agentflow.event import Event
from agentflow.memory.current import lent_memory
from agentflow.returned import BadReturnError, state_after
from agentflow.state import State

__all__ = ["main"]

PIECE = 10_000
"""Characters that are told at once."""


class _Said(io.TextIOBase):
    """Standard output and error: what a function prints there, or logs, is told as it comes."""

    def __init__(self, pipe: BinaryIO) -> None:
        self._pipe = pipe
        self._turn = threading.Lock()
        self.call = ""
        """The call that is under way; between calls nobody listens."""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        with self._turn:
            for begin in range(0, len(text), PIECE):
                piece = text[begin : begin + PIECE]
                write_message(self._pipe, {"of": self.call, "said": piece})
        return len(text)


def main() -> None:
    """Answer calls until standard input ends.

    The command line says which process started this one, and which folder the flow's is.
    """
    end_with(int(sys.argv[1]))
    calls = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    # What native code prints itself could neither be told nor be kept from commanding a terminal.
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    sys.stdout = sys.stderr = said = _Said(answers)
    _keep_from_forks(nothing, calls, answers)
    folder = Path(sys.argv[2]) if sys.argv[2] else None
    if folder is not None:
        keep_last_on_path(folder)
    memory = HostMemory(calls, answers)
    while (request := read_message(calls)) is not None:
        said.call = request["of"]
        lent = memory.begin(said.call)
        with lent_memory(lent) if request["has_memory"] else nullcontext():
            answer = {"of": said.call, **_answer(request, folder)}
        memory.end()
        said.call = ""
        write_message(answers, answer)


def _keep_from_forks(nothing: int, *pipes: BinaryIO) -> None:
    """What a function forks has no part in the conversation: it hears its end, and is not heard."""

    def begin_alone() -> None:
        for pipe in pipes:
            os.dup2(nothing, pipe.fileno())
        sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115

    if sys.platform != "win32":
        os.register_at_fork(after_in_child=begin_alone)


def _answer(request: Mapping[str, Any], folder: Path | None) -> dict[str, Any]:
    before = State(request["state"], request["metadata"])
    try:
        after = state_after(before, _called(request, before.own_copy(), folder))
    except SetupError as error:
        return {"refused": str(error)}
    except BadReturnError as error:
        return {"unusable": {"text": str(error), "fix": error.fix}}
    except BaseException as error:  # noqa: BLE001 - SystemExit too fails its own step only
        return {"raised": {"type": type(error).__name__[:100], "text": _text(error)}}
    changed, removed = after.changes_from(before)
    return {"changed": changed, "removed": removed, "metadata": dict(after.metadata)}


def _text(error: BaseException) -> str:
    try:
        return str(error)[:2000]
    except BaseException:  # noqa: BLE001 - an exception of the function's own may do anything
        return "(its text cannot be read)"


def _called(request: Mapping[str, Any], state: State, folder: Path | None) -> Any:
    function = find_function(request["call"], folder)
    given = given_to(function, state, _event(request["event"]), request["params"], request["key"])
    arguments, named = arguments_for(function, given)
    result = function(*arguments, **named)
    return asyncio.run(_awaited(result)) if inspect.iscoroutine(result) else result


async def _awaited(result: Any) -> Any:
    return await result


def _event(told: Mapping[str, Any]) -> Event:
    fields: dict[str, Any] = {**told, "created": datetime.fromisoformat(told["created"])}
    return Event(**fields)


if __name__ == "__main__":
    main()
