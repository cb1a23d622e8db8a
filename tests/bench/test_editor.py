"""The bench of the editor measures what it says."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.timeout(300)
def test_the_bench_measures_every_part_of_the_editor_and_tells_whether_it_is_fast(tmp_path: Path):
    target = tmp_path / "found.json"
    command = [sys.executable, "bench/editor.py", "--quick", "--json", str(target)]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    rows = json.loads(target.read_text("utf-8"))["rows"]
    assert all(row["measured"] > 0 for row in rows if "exponent" not in row["what"])
    assert all(
        row["is_met"] == (max(row["measured"], row["p95"] or 0) <= row["wanted"]) for row in rows
    )
    assert {
        "window shown from start",
        "open 96 steps",
        "open 192 steps",
        "drag one step of 96",
    } <= {row["what"] for row in rows}
    assert all(f"| {row['what']} |" in done.stdout for row in rows)


def test_the_bench_says_which_flow_it_could_not_open(tmp_path: Path):
    flow = tmp_path / "agentflow.toml"
    flow.write_text("this is no flow", encoding="utf-8")
    environ = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_API": "pyside6"}
    command = [sys.executable, "bench/editor_window.py", "canvas", str(flow), "--quick"]

    done = subprocess.run(
        command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )

    assert done.returncode != 0
    assert f"{flow} was not opened" in done.stderr
