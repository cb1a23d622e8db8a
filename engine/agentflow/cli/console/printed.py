"""Printed: what agents print while a run goes on, caught before it mixes with the result."""

import io
from collections.abc import Callable, Generator
from contextlib import contextmanager, redirect_stderr, redirect_stdout

__all__ = ["caught_prints"]


class _Printed(io.TextIOBase):
    """Stands in for stdout and stderr; hands whole lines on."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._rest = ""

    def writable(self) -> bool:
        return True

    def write(self, text: str, /) -> int:
        *lines, self._rest = (self._rest + text).split("\n")
        for line in lines:
            self._tell(line)
        return len(text)

    def end(self) -> None:
        """Hand on a last line that was not ended."""
        if self._rest:
            self.write("\n")


@contextmanager
def caught_prints(tell: Callable[[str], None]) -> Generator[None, None, None]:
    """While it is open, every printed line is told instead."""
    printed = _Printed(tell)
    with redirect_stdout(printed), redirect_stderr(printed):
        try:
            yield
        finally:
            printed.end()
