"""Chart: a run's timeline in the terminal, a row a step, with bars along one axis of time."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TextIO

# This module is imported only for a chart: rich is heavier than the rest of the verb.
from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from agentflow.cli.console.looks import LOOKS, PLAIN_SIGNS
from agentflow.cli.console.safe import one_line
from agentflow.cli.console.words import remark
from agentflow.timeline import Stretch, critical_path
from agentflow.wording import duration

__all__ = ["draw_chart"]

WIDEST = 140
"""Columns; what is wider is no easier to read."""
MOST_INNER = 24
"""So many rows of one orchestrator are drawn; those amid more are told in one row."""

MOST_LINES = 4
"""So many lines of the critical path are told."""

_TOOK = 9


@dataclass(frozen=True, slots=True)
class _Ink:
    """What bars are drawn with."""

    work: str
    wait: str
    rest: str
    amid: str


_BLOCKS = _Ink("█", "░", "·", "…")
_ASCII = _Ink("#", ":", ".", "...")


def draw_chart(whole: Stretch, out: TextIO) -> None:
    """Draw a timeline as wide as the terminal is, in colours only where it has them."""
    console = Console(file=out, highlight=False, markup=False, emoji=False)
    chart = _Chart(whole, min(console.width, WIDEST), is_ascii=not _is_unicode(console.encoding))
    for line in chart.lines():
        console.print(line, no_wrap=True, overflow="crop")
    if waited := chart.waited_for():
        console.print(waited)


def _is_unicode(encoding: str) -> bool:
    return encoding.lower().startswith("utf")


class _Chart:
    def __init__(self, whole: Stretch, width: int, *, is_ascii: bool) -> None:
        self._whole, self._ink = whole, _ASCII if is_ascii else _BLOCKS
        self._signs = PLAIN_SIGNS if is_ascii else {name: it[0] for name, it in LOOKS.items()}
        self._critical = critical_path(whole)
        longest = max(cell_len(_name(it)) + 2 * depth for depth, it in _rows(whole, 0))
        self._names = max(8, min(longest + 2, width * 2 // 5))
        self._bars = max(8, width - self._names - _TOOK - 2)
        self._width = width

    def lines(self) -> Iterator[Text]:
        """The axis and the rows."""
        end = duration(self._whole.took)
        head = " " * (self._names + _TOOK + 2)
        yield Text(f"{head}0s{end.rjust(self._bars - 2)}", style="dim")
        yield from self._drawn(self._whole, 0)

    def waited_for(self) -> Text | None:
        """The critical path in words, some lines of it; None where no agent ended."""
        if not self._critical:
            return None
        steps = " > ".join(f"{one_line(it.path)} {duration(it.took)}" for it in self._critical)
        took = duration(sum(it.took for it in self._critical))
        line = f"* the end waited for {took} of {duration(self._whole.took)}: {steps}"
        return Text("\n" + _cut(line, self._width * MOST_LINES, self._ink.amid))

    def _drawn(self, stretch: Stretch, depth: int) -> Iterator[Text]:
        yield self._row(stretch, depth)
        for note in self._notes(stretch):
            style = "red" if stretch.status == "failed" else "dim"
            room = self._width - 2 * depth - 2
            yield Text("  " * (depth + 1) + set_cell_size(note, room).rstrip(), style=style)
        shown, hidden, rest = _halves(stretch.inner)
        for it in shown:
            yield from self._drawn(it, depth + 1)
        if hidden:
            yield self._hidden(hidden, depth + 1)
        for it in rest:
            yield from self._drawn(it, depth + 1)

    def _row(self, stretch: Stretch, depth: int) -> Text:
        style = LOOKS[stretch.status][1]
        mark = "*" if any(it is stretch for it in self._critical) else " "
        row = Text("  " * depth)
        row.append(f"{self._signs[stretch.status]} ", style=style)
        row.append(_name(stretch), style="bold" if stretch.inner else "")
        row = _fitted(row, self._names)
        took = "" if stretch.status == "skipped" else duration(stretch.took)
        row.append(f"{took:>{_TOOK}}{mark} ")
        return row.append(self._bar(stretch), style=style)

    def _bar(self, stretch: Stretch) -> str:
        first, last = self._cells(stretch.began, stretch.ended)
        cells = [" "] * first + [self._ink.work] * (last - first)
        for since, until in stretch.waits:
            start, end = self._cells(since, until)
            cells[start:end] = self._ink.wait * (min(end, last) - start)
        if stretch.status != "succeeded":
            cells[-1] = self._signs[stretch.status]
        return "".join(cells)

    def _cells(self, began: float, ended: float) -> tuple[int, int]:
        """The first cell of a bar, and the one after its last; none is empty."""
        scale = self._bars / max(self._whole.took, 1e-9)
        first = min(max(0, int((began - self._whole.began) * scale)), self._bars - 1)
        last = round((ended - self._whole.began) * scale)
        return first, max(first + 1, min(last, self._bars))

    def _hidden(self, hidden: Collection[Stretch], depth: int) -> Text:
        failed = sum(it.status == "failed" for it in hidden)
        told = f"{self._ink.amid} {len(hidden)} more" + (f", {failed} failed" if failed else "")
        row = _fitted(Text("  " * depth + told, style="dim"), self._names)
        first, _ = self._cells(min(it.began for it in hidden), 0)
        _, last = self._cells(self._whole.began, max(it.ended for it in hidden))
        bar = " " * first + self._ink.rest * max(1, last - first)
        return row.append(" " * (_TOOK + 2)).append(bar, style="dim")

    def _notes(self, stretch: Stretch) -> Iterator[str]:
        if stretch.waits:
            count = len(stretch.waits)
            yield "1 retry" if count == 1 else f"{count} retries"
        # Of a loop's checks the last one tells all that the others did.
        for entry in stretch.remarks[-1:]:
            if told := remark(entry):
                yield one_line(told, 300)
        if stretch.why:
            yield one_line(stretch.why, 300)


def _cut(text: str, length: int, end: str) -> str:
    return text if len(text) <= length else text[: length - len(end)] + end


def _name(stretch: Stretch) -> str:
    named = one_line(stretch.name, 80) or stretch.kind
    is_mode = stretch.kind not in ("agent", "pass", "run") and stretch.kind != stretch.name
    return f"{named} ({one_line(stretch.kind, 20)})" if is_mode else named


def _fitted(text: Text, width: int) -> Text:
    """Cut or filled up to a number of cells, with one more between it and what follows."""
    text.truncate(width, pad=True)
    return text


def _halves(inner: list[Stretch]) -> tuple[list[Stretch], list[Stretch], list[Stretch]]:
    """What is drawn, what is hidden, and what is drawn after that."""
    if len(inner) <= MOST_INNER:
        return inner, [], []
    half = MOST_INNER // 2
    return inner[:half], inner[half:-half], inner[-half:]


def _rows(stretch: Stretch, depth: int) -> Iterator[tuple[int, Stretch]]:
    yield depth, stretch
    first, _, last = _halves(stretch.inner)
    for it in (*first, *last):
        yield from _rows(it, depth + 1)
