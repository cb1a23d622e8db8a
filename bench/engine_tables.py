"""The tables of the engine's bench."""

import sys
from collections.abc import Sequence

from engine_figures import Figure
from engine_rounds import Row
from rich import box
from rich.console import Console
from rich.table import Table

__all__ = ["show"]

_MET = {True: "met", False: "missed", None: ""}


def show(rows: Sequence[Row], figures: Sequence[Figure]) -> None:
    """Print who took how long, what was left out, and which figures are met."""
    console = Console(width=None if sys.stdout.isatty() else 180)
    if rows:
        console.print(_of_rows(rows, figures))
        for row in rows:
            if row.note:
                console.print(f"* {row.workload}, {row.contender}: {row.note}", markup=False)
    others = [it for it in figures if not it.workload]
    if others:
        console.print(_of_figures(others))
    judged = [it for it in figures if it.wanted is not None]
    console.print(f"{sum(bool(it.is_met) for it in judged)} of {len(judged)} wanted figures met")


def _of_rows(rows: Sequence[Row], figures: Sequence[Figure]) -> Table:
    """A line a workload: what bare asyncio takes, and how many times that the others do."""
    bare, own, *peers = dict.fromkeys(row.contender for row in rows)
    table = Table("CPU of a step", box=box.MARKDOWN)
    for name in (bare, own, "wanted", "", *peers):
        table.add_column(name, justify="right" if name else "left")
    verdicts = {it.workload: it for it in figures}
    for workload in dict.fromkeys(row.workload for row in rows):
        found = {row.contender: row for row in rows if row.workload == workload}
        judged = verdicts.get(workload)
        wanted = f"≤ {judged.wanted:g}×" if judged else ""
        met = _MET[judged.is_met] if judged else ""
        microseconds = f"{_told(found[bare].us_per_step or 0)} µs"
        others = (_ratio(found[name]) for name in peers)
        table.add_row(workload, microseconds, _ratio(found[own]), wanted, met, *others)
    return table


def _ratio(row: Row) -> str:
    if row.ratio is None:
        return "–"
    return f"{_told(row.ratio)}×{'*' if row.note else ''}"


def _of_figures(figures: Sequence[Figure]) -> Table:
    table = Table("figure", box=box.MARKDOWN)
    for name in ("measured", "wanted"):
        table.add_column(name, justify="right")
    table.add_column("")
    for it in figures:
        wanted = "" if it.wanted is None else f"≤ {it.wanted:g}"
        table.add_row(it.what, f"{_told(it.measured)} {it.unit}", wanted, _MET[it.is_met])
    return table


def _told(number: float) -> str:
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"
