"""How fast the editor is: python bench/editor.py [--quick] [--parts MEASURE].

It is measured beside bare Qt and NodeGraphQt as it comes, on the same flows. Every measure runs in
a process of its own, and what is told is the work of the window's thread: milliseconds that it took
of a processor, whatever else the machine was doing.
"""

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from editor_clock import figure
from editor_flows import write_flow

from agentflow.catalogue import Catalogue

HERE = Path(__file__).parent
OUT = HERE.parent / "out" / "bench-editor.json"
LONGEST = 600
"""Seconds that one measure may take."""

# As on most machines: Python keeps what it has compiled, and compiles nothing twice.
ENVIRONMENT = {
    "QT_QPA_PLATFORM": "offscreen",
    "QT_API": "pyside6",
    **{name: it for name, it in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
}


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured."""

    few: int
    many: int
    """The steps of the two flows."""
    starts: int
    flags: tuple[str, ...] = ()
    """What each measure is told besides."""


FULL = Extent(1000, 5000, 5)
QUICK = Extent(96, 192, 1, ("--quick",))
"""Whether everything can be measured; its figures say nothing."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table, in milliseconds unless it says otherwise."""

    what: str
    measured: float
    wanted: float
    p95: float | None = None
    bare: float | None = None
    stock: float | None = None

    @property
    def is_met(self) -> bool:
        """Whether the wanted figure is reached, nearly every time."""
        return max(self.measured, self.p95 or 0) <= self.wanted


def main() -> int:
    """Measure, print the table, write the JSON."""
    given = _arguments()
    extent = QUICK if given.quick else FULL
    with tempfile.TemporaryDirectory() as folder:
        if given.parts:
            script, measure = _SCRIPTS[given.parts]
            _run(script, measure, _flows(Path(folder), extent)[0], "--parts")
            return 0
        found = _measured(Path(folder), extent)
    rows = list(_rows(found, extent))
    print(_table(rows))
    given.json.parent.mkdir(exist_ok=True)
    told = {"rows": [{**asdict(row), "is_met": row.is_met} for row in rows], "measured": found}
    given.json.write_text(json.dumps(told, indent=1), encoding="utf-8")
    print(
        f"\n{sum(row.is_met for row in rows)} of {len(rows)} figures are met; all in {given.json}"
    )
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How fast the editor is.")
    parser.add_argument("--quick", action="store_true", help="try everything on small flows")
    parser.add_argument("--parts", choices=_SCRIPTS, help="what one measure's time is made of")
    parser.add_argument("--json", type=Path, default=OUT, help="where the results are written")
    return parser.parse_args()


_SCRIPTS = {
    "start": ("editor_start.py", "start"),
    "canvas": ("editor_window.py", "canvas"),
    "edits": ("editor_window.py", "edits"),
    "misread": ("editor_window.py", "misread"),
    "journal": ("editor_window.py", "journal"),
    "run": ("editor_runs.py", "run"),
    "tokens": ("editor_runs.py", "tokens"),
    "results": ("editor_runs.py", "results"),
    "bare": ("editor_references.py", "bare"),
    "stock": ("editor_references.py", "stock"),
}
"""Each measure: the script beside this one, and what that calls it."""


def _flows(folder: Path, extent: Extent) -> tuple[Path, Path]:
    catalogue = Catalogue.installed()
    few, many = (
        write_flow(folder / str(count), count, catalogue) for count in (extent.few, extent.many)
    )
    return few, many


def _measured(folder: Path, extent: Extent) -> dict[str, Any]:
    few, many = _flows(folder, extent)

    def told(measure: str, flow: Path) -> dict[str, Any]:
        print(f"{measure}, {flow.parent.name} steps …", file=sys.stderr)
        return _run(*_SCRIPTS[measure], flow, *extent.flags)

    told("start", few)  # it compiles what it imports
    starts = [told("start", few) for _ in range(extent.starts)]
    return {
        "start": {
            name: asdict(figure([it[name] / 1000 for it in starts]))
            for name in ("shown", "at rest")
        },
        "few": {**told("canvas", few), **told("edits", few), **told("misread", few)},
        "many": told("canvas", many),
        "journal": told("journal", few),
        "run": told("run", few),
        "results": {**told("results", few), **told("tokens", few)},
        "bare few": told("bare", few),
        "bare many": told("bare", many),
        # With five times as many NodeGraphQt itself takes minutes to draw.
        "stock few": told("stock", few),
    }


def _run(script: str, measure: str, flow: Path, *flags: str) -> dict[str, Any]:
    command = [sys.executable, str(HERE / script), measure, str(flow), *flags]
    done = subprocess.run(  # noqa: S603 - a script that stands beside this one
        command, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True, timeout=LONGEST, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def _rows(found: dict[str, Any], extent: Extent) -> Iterator[Row]:
    few, many, run = found["few"], found["many"], found["run"]
    shown, journal = found["start"]["shown"], found["journal"]["keep"]
    yield Row("window shown from start", shown["median"], 1000, shown["p95"])
    for count, name, wanted in ((extent.few, "few", 1000), (extent.many, "many", 6000)):
        stock = found.get(f"stock {name}", {}).get("open")
        yield Row(
            f"open {count:,} steps", found[name]["open"], wanted, None,
            found[f"bare {name}"]["open"], stock,
        )  # fmt: skip
    yield Row("… growth (exponent)", _growth(few, many, extent), 1.1)
    for count, name, wanted in ((extent.few, "few", 16), (extent.many, "many", 33)):
        for move in ("overview pan", "overview zoom", "close pan", "close zoom"):
            yield _framed(found, name, move, f"{move}, {count:,} steps", wanted)
    yield _framed(found, "few", "drag", f"drag one step of {extent.few:,}", 8)
    for edit in ("edit: move", "edit: set", "edit: set, source in sight"):
        yield Row(f"{edit}, {extent.few:,} steps", few[edit]["median"], 30, few[edit]["p95"])
    wrong = few["edit: set, values wrong"]
    what = f"edit: set, {extent.few:,} steps with a wrong value in each agent"
    yield Row(what, wrong["median"], 40, wrong["p95"])
    kept = f"… its record in the edit journal, {extent.few:,} steps"
    yield Row(kept, journal["median"], 5, journal["p95"])
    rate = f"{run['run: entries a second']:,} entries/s"
    yield Row(f"{rate}: from a frame to the next at the longest", run["run: longest frame"], 50)
    shown = run["run: until shown"]
    yield Row(f"{rate}: until shown", shown["median"], 100, shown["p95"])
    for what, longest in found["results"].items():
        yield Row(what, longest, 100)


def _growth(few: dict[str, Any], many: dict[str, Any], extent: Extent) -> float:
    """The power of a flow's size that the time to open it grows with."""
    return math.log(many["open"] / few["open"]) / math.log(extent.many / extent.few)


def _framed(found: dict[str, Any], name: str, move: str, what: str, wanted: float) -> Row:
    own, bare = found[name][move], found[f"bare {name}"][move]
    stock = found.get(f"stock {name}", {}).get(move, {})
    return Row(what, own["median"], wanted, own["p95"], bare["median"], stock.get("median"))


def _table(rows: list[Row]) -> str:
    lines = [
        "| ms of the window's thread | editor | p95 | wanted | | bare Qt | NodeGraphQt |",
        "| --- | ---: | ---: | ---: | --- | ---: | ---: |",
    ]
    for row in rows:
        numbers = (_told(it) for it in (row.measured, row.p95, row.wanted, row.bare, row.stock))
        own, p95, wanted, bare, stock = numbers
        met = "met" if row.is_met else "missed"
        lines.append(f"| {row.what} | {own} | {p95} | ≤ {wanted} | {met} | {bare} | {stock} |")
    return "\n".join(lines)


def _told(number: float | None) -> str:
    if number is None:
        return ""
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


if __name__ == "__main__":
    sys.exit(main())
