"""The editor and the command line run the same file the same way."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from agentflow import trace

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*/agentflow.toml"))
WHEN = {"seq", "time", "run_id", "duration", "event_id"}


def _comparable(entries: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """What happened at each path, in order, without times; branches may interleave as they like."""
    told: dict[str, list[Any]] = {}
    for entry in entries:
        plain = {key: value for key, value in entry.items() if key not in WHEN}
        if (
            plain["entry"] == "StepOutput"
        ):  # how an answer is cut into pieces is the network's affair
            text = told.setdefault(plain["path"] + "|output", [""])
            text[0] += plain["delta"]
        else:
            told.setdefault(plain["path"], []).append(plain)
    return json.loads(json.dumps(told))


def _by_command(flow: Path, folder: Path) -> dict[str, list[Any]]:
    kept = folder / "trace.jsonl"
    command = [
        sys.executable,
        "-m",
        "agentflow",
        "run",
        str(flow),
        "--sample",
        "--trace",
        str(kept),
    ]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=dict(os.environ)
    )
    assert done.returncode == 0, done.stderr
    return _comparable([json.loads(line) for line in kept.read_text("utf-8").splitlines()])


async def _by_editor(flow: Path, folder: Path) -> dict[str, list[Any]]:
    from agentflow_editor.app import build, make_app

    window = build(make_app(), folder)
    bench = window.workbench
    ended: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    bench.run.trust_needed.connect(lambda request: request.grant())
    bench.run.ended.connect(lambda outcome: ended.done() or ended.set_result(outcome))
    bench.run.failed_to_start.connect(lambda why: ended.done() or ended.set_exception(OSError(why)))
    bench.document.open(flow)
    window.runs.run_last()
    outcome = await ended
    await bench.run.close()
    window.close()
    window.deleteLater()
    assert outcome.status == "succeeded", outcome.error
    return _comparable([trace.to_json(entry) for entry in outcome.entries])


@pytest.mark.parametrize("flow", EXAMPLES, ids=lambda path: path.parent.name)
def test_an_example_leaves_the_same_trace_in_the_editor_and_on_the_command_line(
    flow: Path, tmp_path: Path, run_async
):
    drawn: dict[str, list[Any]] = {}

    async def in_the_editor() -> None:
        drawn.update(await _by_editor(flow, tmp_path / "settings"))

    run_async(in_the_editor())

    assert drawn == _by_command(flow, tmp_path)
