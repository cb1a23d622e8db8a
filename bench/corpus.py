"""Reads, imports and exports every flow file of a folder, and prints a table of the outcomes.

    python bench/corpus.py FOLDER [--json]

Each file has a second of the processor's time and 200 MB; the process that reads them is ended by
the machine when one takes more. The table goes to out/corpus.md, too.
"""

import argparse
import json
import resource
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from agentflow.catalogue import Catalogue
from agentflow.errors import AgentFlowError, FlowFileError
from agentflow.flow.check import check_file
from agentflow.flow.imported import imported
from agentflow.flow.load import load

SECONDS = 1.0
MEGABYTES = 200
TABLE = Path(__file__).parents[1] / "out/corpus.md"
FORMATS = ("core", "v1beta", "mermaid")


def one(path: Path, catalogue: Catalogue) -> dict[str, Any]:
    """What becomes of a file: its dialect, its import, and what each export leaves unsaid."""
    try:
        file = load(path, catalogue)
    except FlowFileError as error:
        return {"error": error.what, "line": error.line, "column": error.column, "fix": error.fix}
    problems = Counter(it.severity for it in check_file(file, catalogue))
    told: dict[str, Any] = {
        "dialect": file.dialect.name if file.dialect else "native",
        "mode": file.flow.mode,
        "agents": len(file.flow.agents),
        "problems": dict(problems),
        "translated": len(file.translated),
        "lost": sum(it.code == "not-translated" for it in file.problems),
    }
    try:
        native = imported(file, catalogue)
    except AgentFlowError as error:
        return told | {"not_imported": str(error)}
    told["same"] = native.flow == file.flow and native.dialect is None
    for name in FORMATS:
        exported = catalogue.exporters[name].write(native.flow, native.native)
        told[name] = len(exported.unsaid)
    return told


def read_all(files: list[str]) -> None:
    """Tell of each file in a line of JSON, within the limits."""
    catalogue = Catalogue.installed()
    one(Path(__file__).parents[1] / "examples/mixed/agentflow.toml", catalogue)  # what is lazy
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + MEGABYTES * 1_000_000
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    for name in files:
        signal.setitimer(signal.ITIMER_PROF, SECONDS)  # ends the process: nobody handles it
        told = one(Path(name), catalogue)
        signal.setitimer(signal.ITIMER_PROF, 0)
        print(json.dumps({"file": Path(name).name, **told}), flush=True)


def rows(folder: Path) -> list[dict[str, Any]]:
    """What became of each file of a folder; a file that the reader did not survive says so."""
    files = sorted(str(path) for path in folder.glob("*.toml"))
    told: list[dict[str, Any]] = []
    while len(told) < len(files):
        left = files[len(told) :]
        command = [sys.executable, __file__, "--read", *left]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - this file itself
        told += [json.loads(line) for line in done.stdout.splitlines()]
        if done.returncode != 0:
            why = f"ended the reader ({done.returncode}): {done.stderr[-200:]}"
            told.append({"file": Path(files[len(told)]).name, "died": why})
    return told


def summary(told: list[dict[str, Any]]) -> dict[str, int]:
    """How many files became what."""
    by = Counter(
        it.get("dialect", "died" if "died" in it else "refused with one error") for it in told
    )
    return {
        "files": len(told),
        **dict(sorted(by.items())),
        "imported, says the same": sum(it.get("same", False) for it in told),
        "exported to core without a loss": sum(it.get("core") == 0 for it in told),
    }


def table(told: list[dict[str, Any]]) -> str:
    """A Markdown table, a row for each file."""
    keys = ("file", "dialect", "mode", "translated", "lost", "same", *FORMATS)
    head = "| " + " | ".join(keys) + " | problems or error |\n" + "|---" * (len(keys) + 1) + "|\n"
    lines: list[str] = []
    for it in told:
        found = ", ".join(f"{count} {what}" for what, count in it.get("problems", {}).items())
        if "error" in it:
            found = f"line {it['line']}, column {it['column']}: {it['error']}; {it['fix']}"
        found = it.get("died", found).replace("|", "\\|")
        lines.append("| " + " | ".join(str(it.get(key, "")) for key in keys) + f" | {found} |")
    counts = "\n".join(f"* {what}: {count}" for what, count in summary(told).items())
    return f"# Flow files of the wild\n\n{counts}\n\n{head}" + "\n".join(lines) + "\n"


def main() -> None:
    """Read a folder, and write its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="+")
    parser.add_argument("--json", action="store_true", help="print every row as JSON")
    parser.add_argument("--read", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.read:
        read_all([str(it) for it in given.folder])
        return
    told = rows(given.folder[0])
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text(table(told), encoding="utf-8")
    print(json.dumps(told) if given.json else table(told))


if __name__ == "__main__":
    main()
