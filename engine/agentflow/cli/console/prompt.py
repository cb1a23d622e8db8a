"""Prompt: asks the person at the terminal what an agent wants to know."""

import asyncio
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from typing import Any, TextIO

from agentflow.asking import Question, QuestionField, answer_fault, answer_from_text
from agentflow.cli.console.safe import one_line, safe

__all__ = ["Prompt"]

END_OF_TEXT = "."


class Prompt:
    """Asks one question after the other; an end of input (Ctrl-D) declines."""

    def __init__(
        self, lines: TextIO, err: TextIO, quiet: Callable[[], AbstractContextManager[object]]
    ) -> None:
        """`quiet` is entered while a question stands there: nothing else is to write meanwhile."""
        self._lines, self._err, self._quiet = lines, err, quiet
        self._turn = asyncio.Lock()
        self._reading: asyncio.Future[str] | None = None

    async def ask(self, question: Question) -> Mapping[str, Any] | None:
        """The answers, or None when the person declines."""
        async with self._turn:
            with self._quiet():
                self._say(f"\n{safe(question.text).strip() or one_line(question.path)}\n")
                try:
                    return {it.name: await self._answer(it) for it in question.fields}
                except EOFError:
                    return None

    async def _answer(self, field: QuestionField) -> Any:
        if field.kind == "choice":
            for number, choice in enumerate(field.choices, 1):
                self._say(f"  {number}. {one_line(choice)}\n")
        while True:
            self._say(_asked(field))
            text = await (self._text() if field.kind == "lines" else self._line())
            value = answer_from_text(field, text)
            if not (fault := answer_fault(field, value)):
                return value
            self._say(f"  {one_line(fault)}\n")

    async def _text(self) -> str:
        """Lines up to one with a full stop alone; an empty first one is nothing."""
        lines: list[str] = []
        while (line := await self._line()) != END_OF_TEXT and (line or lines):
            lines.append(line)
        return "\n".join(lines)

    async def _line(self) -> str:
        if self._reading is None:
            self._reading = _begun(self._lines)
        # A wait that is given up leaves the reader where it is: the next question goes on with it.
        await asyncio.wait({self._reading})
        line, self._reading = self._reading.result(), None
        if not line:
            raise EOFError
        return line.rstrip("\r\n")

    def _say(self, text: str) -> None:
        self._err.write(text)
        self._err.flush()


def _asked(field: QuestionField) -> str:
    hints = [it for it in (_hint(field), _default(field)) if it]
    return one_line(field.label) + (f" ({'; '.join(hints)})" if hints else "") + ": "


def _hint(field: QuestionField) -> str:
    if field.kind == "lines":
        return f"a line with {END_OF_TEXT!r} ends it"
    return "yes/no" if field.kind == "yes/no" else ""


def _default(field: QuestionField) -> str:
    if field.default is None or field.default == "":
        return ""
    said = {True: "yes", False: "no"}.get(field.default) if field.kind == "yes/no" else None
    return f"Enter for {one_line(str(said or field.default), 60)}"


def _begun(lines: TextIO) -> "asyncio.Future[str]":
    """A line that is being read, in a thread: nothing can stop that once it has begun."""
    loop = asyncio.get_running_loop()
    read: asyncio.Future[str] = loop.create_future()

    def tell(line: str) -> None:
        if not read.done():
            read.set_result(line)

    def work() -> None:
        line = ""
        with suppress(OSError, ValueError):
            line = lines.readline()
        with suppress(RuntimeError):  # the loop may be closed by now
            loop.call_soon_threadsafe(tell, line)

    threading.Thread(target=work, name="agentflow: terminal", daemon=True).start()
    return read
