"""The bench of the engine measures what it says."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_bench_tells_of_everybody_at_each_size_and_whether_it_is_fast_enough(tmp_path: Path):
    target = tmp_path / "found.json"
    command = [sys.executable, "bench/engine.py", "--quick", "--no-peers", "--only", "sequence"]

    done = subprocess.run(
        [*command, "--json", str(target)], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    found = json.loads(target.read_text("utf-8"))
    sizes = [f"sequence {size}" for size in ("10", "100", "1,000", "10,000")]
    assert [(row["workload"], row["contender"]) for row in found["rows"]] == [
        (size, contender) for size in sizes for contender in ("bare asyncio", "agentflow")
    ]
    assert all(row["us_per_step"] > 0 and row["rounds"] == 3 for row in found["rows"])
    judged = [it for it in found["figures"] if it["wanted"] is not None]
    assert [it["what"] for it in judged][:4] == [f"{size}: times bare asyncio" for size in sizes]
    assert all(it["is_met"] == (it["measured"] <= it["wanted"]) for it in judged)
    assert "sequence 10,000" in done.stdout
