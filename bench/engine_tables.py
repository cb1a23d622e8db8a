"""The tables of the engine's bench."""

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
    console = Console(width=None if Console().is_terminal else 180)
    if rows:
        console.print(_of_rows(rows))
        for row in rows:
            if row.note:
                console.print(f"{row.contender}, {row.workload}: {row.note}", markup=False)
    console.print(_of_figures(figures))
    judged = [it for it in figures if it.wanted is not None]
    console.print(f"{sum(bool(it.is_met) for it in judged)} of {len(judged)} wanted figures met")


def _of_rows(rows: Sequence[Row]) -> Table:
    contenders = list(dict.fromkeys(row.contender for row in rows))
    table = Table("workload", box=box.MARKDOWN, title="microseconds of CPU a step (× bare asyncio)")
    for name in contenders:
        table.add_column(name, justify="right")
    for workload in dict.fromkeys(row.workload for row in rows):
        found = {row.contender: row for row in rows if row.workload == workload}
        table.add_row(workload, *(_cell(found[name]) for name in contenders))
    return table


def _cell(row: Row) -> str:
    if row.us_per_step is None or row.ratio is None:
        return "–"
    mark = f" n={row.rounds}" if row.note else ""
    return f"{_told(row.us_per_step)} ({_told(row.ratio)}×){mark}"


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
