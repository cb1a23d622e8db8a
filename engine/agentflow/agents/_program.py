"""Programs: runs one to its end, reads only so much of what it prints, and leaves nothing of it."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from agentflow.agents._process_group import kill_group
from agentflow.errors import ToolError

__all__ = ["Finished", "run_program"]

MOST_OUT = 4 * 1024 * 1024
"""Bytes of an answer: no state holds more."""
KEPT_ERR = 8 * 1024
"""Bytes of the end of standard error that are kept."""
MOST_ERR = 64 * 1024 * 1024
"""Bytes there after which the program is believed to be out of its mind."""
LAST_WORDS = 1.0
"""Seconds for what is still in the pipes once the program has ended."""


class Finished(NamedTuple):
    """How a program ended, and what it printed."""

    code: int
    out: bytes
    err: bytes
    """The end of it."""


async def run_program(
    command: Sequence[str], given: bytes, folder: Path, environ: Mapping[str, str]
) -> Finished:
    """Run a program in a session of its own; whatever is left of that afterwards is killed.

    Args:
        command: its file and its arguments; there is no shell between.
        given: its standard input.
        folder: where it runs.
        environ: all that it sees of the environment.

    Raises:
        ToolError: it cannot be started, or prints without end.
    """
    loop = asyncio.get_running_loop()
    try:
        transport, watch = await loop.subprocess_exec(
            _Watch, *command, cwd=folder, env=dict(environ), start_new_session=True
        )
    except (OSError, ValueError) as error:
        raise ToolError(f"the program cannot be started ({error})") from None
    try:
        stdin: Any = transport.get_pipe_transport(0)
        stdin.write(given)
        stdin.write_eof()
        await watch.exited.wait()
        await asyncio.wait({watch.silence}, timeout=LAST_WORDS)
    finally:
        kill_group(transport.get_pid())
        await watch.exited.wait()
        transport.close()
    if watch.excess:
        raise ToolError(f"the program prints without end ({watch.excess})", fix="mend it")
    return Finished(transport.get_returncode() or 0, bytes(watch.out), bytes(watch.err))


class _Watch(asyncio.SubprocessProtocol):
    """Hears what a program prints, and that it has ended."""

    def __init__(self) -> None:
        self.out, self.err = bytearray(), bytearray()
        self.excess = ""
        """What it printed too much of."""
        self.exited = asyncio.Event()
        self.silence: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Done when nobody can print any more: a program may hand its output on to others."""
        self._pid = 0
        self._err_read = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.SubprocessTransport)
        self._pid = transport.get_pid()

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        if self.excess:
            return
        if fd == 1:
            self.out += data
        else:
            self.err = (self.err + data)[-KEPT_ERR:]
            self._err_read += len(data)
        if len(self.out) > MOST_OUT:
            self._stop(f"more than {MOST_OUT // 1024 // 1024} MB")
        elif self._err_read > MOST_ERR:
            self._stop(f"more than {MOST_ERR // 1024 // 1024} MB of errors")

    def _stop(self, excess: str) -> None:
        self.excess = excess
        self.out.clear()
        kill_group(self._pid)

    def process_exited(self) -> None:
        # What it has started holds its pipes open, and nobody would wait for that to end.
        kill_group(self._pid)
        self.exited.set()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.silence.done():
            self.silence.set_result(None)
