"""How fast the editor is, beside bare Qt and NodeGraphQt as it comes, on the same flows.

Every measure runs in a process of its own, and what is told is the work of the window's thread:
milliseconds that it took of a processor, whatever else the machine was doing.
"""

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
FEW, MANY = 1000, 5000
STARTS = 5
LONGEST = 600
"""Seconds that one measure may take."""


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
        """Whether the wanted figure is reached."""
        return self.measured <= self.wanted


def main() -> int:
    """Measure, print the table, write the JSON."""
    with tempfile.TemporaryDirectory() as folder:
        found = _measured(Path(folder))
    rows = list(_rows(found))
    print(_table(rows))
    OUT.parent.mkdir(exist_ok=True)
    told = {"rows": [{**asdict(row), "is_met": row.is_met} for row in rows], "measured": found}
    OUT.write_text(json.dumps(told, indent=1), encoding="utf-8")
    print(f"\n{sum(row.is_met for row in rows)} of {len(rows)} figures are met; all in {OUT}")
    return 0


def _measured(folder: Path) -> dict[str, Any]:
    catalogue = Catalogue.installed()
    flows = {count: write_flow(folder / str(count), count, catalogue) for count in (FEW, MANY)}
    few, many = flows[FEW], flows[MANY]
    starts = [_run("editor_window.py", "start", few)["start"] / 1000 for _ in range(STARTS)]
    return {
        "start": asdict(figure(starts)),
        "few": _run("editor_window.py", "canvas", few),
        "many": _run("editor_window.py", "canvas", many),
        "run": _run("editor_window.py", "run", few),
        "results": _run("editor_window.py", "results", few),
        "bare few": _run("editor_references.py", "bare", few),
        "bare many": _run("editor_references.py", "bare", many),
        # With five times as many NodeGraphQt itself takes minutes to draw.
        "stock few": _run("editor_references.py", "stock", few),
    }


def _run(script: str, measure: str, flow: Path) -> dict[str, Any]:
    environ = {"QT_QPA_PLATFORM": "offscreen", "QT_API": "pyside6", **os.environ}
    command = [sys.executable, str(HERE / script), measure, str(flow)]
    done = subprocess.run(  # noqa: S603 - a script that stands beside this one
        command, env=environ, stdout=subprocess.PIPE, text=True, timeout=LONGEST, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def _rows(found: dict[str, Any]) -> Iterator[Row]:
    few, many, run = found["few"], found["many"], found["run"]
    yield Row("window shown from start", found["start"]["median"], 1000, found["start"]["p95"])
    for count, name, wanted in ((FEW, "few", 1000), (MANY, "many", 6000)):
        stock = found.get(f"stock {name}", {}).get("open")
        yield Row(
            f"open {count:,} steps", found[name]["open"], wanted, None,
            found[f"bare {name}"]["open"], stock,
        )  # fmt: skip
    yield Row("… growth (exponent)", math.log(many["open"] / few["open"]) / math.log(5), 1.1)
    for count, name, wanted in ((FEW, "few", 16), (MANY, "many", 33)):
        for move in ("overview pan", "overview zoom", "close pan", "close zoom"):
            yield _framed(found, name, move, f"{move}, {count:,} steps", wanted)
    yield _framed(found, "few", "drag", f"drag one step of {FEW:,}", 8)
    for edit in ("edit: move", "edit: set", "edit: set, source in sight"):
        yield Row(f"{edit}, {FEW:,} steps", few[edit]["median"], 30, few[edit]["p95"])
    yield Row("10,000 entries/s: a frame at the longest", run["run: longest turn"], 50)
    shown = run["run: until shown"]
    yield Row("10,000 entries/s: until shown", shown["median"], 100, shown["p95"])
    for what, longest in found["results"].items():
        yield Row(what, longest, 100)


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
