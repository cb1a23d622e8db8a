"""The editor and the command line run the same file the same way."""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agentflow import trace
from engine.models.chat_server import Asked, chat_server, says, wants

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
    # Where a server of an example's own listens is another port each time.
    return json.loads(re.sub(r"(http://127\.0\.0\.1):\d+", r"\1", json.dumps(told)))


def _forget() -> None:
    """Let nothing be remembered of runs before."""
    state = Path(os.environ["XDG_STATE_HOME"]) / "agentflow-studio"
    shutil.rmtree(state / "memory", ignore_errors=True)


def _by_command(flow: Path, folder: Path) -> dict[str, list[Any]]:
    kept = folder / "trace.jsonl"
    _forget()
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
    from agentflow_editor.dialogs.question import QuestionDialog

    _forget()
    window = build(make_app(), folder)
    bench = window.workbench
    ended: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    bench.run.trust_needed.connect(lambda request: request.grant())
    bench.run.ended.connect(lambda outcome: ended.done() or ended.set_result(outcome))
    bench.run.failed_to_start.connect(lambda why: ended.done() or ended.set_exception(OSError(why)))
    bench.document.open(flow)
    window.runs.run_last()
    while not ended.done():
        # A person leaves the forms of a flow that asks as they are, as the command line does.
        for form in window.findChildren(QuestionDialog):
            form.send.click()
        await asyncio.wait({ended}, timeout=0.05)
    outcome = ended.result()
    await bench.run.close()
    window.close()
    window.deleteLater()
    assert outcome.status == "succeeded", outcome.error
    return _comparable([trace.to_json(entry) for entry in outcome.entries])


async def _as_a_model(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """Has one tool called after the other, and then answers."""
    turns = (
        wants(("distance", {"start": "Bergen", "end": "Oslo"})),
        wants(("fare", {"kilometres": 496, "travellers": 3, "children": 1})),
        says("They pay 166.40 euros."),
    )
    await turns[sum(it["role"] == "tool" for it in asked.body["messages"])](asked, writer)


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A model's server on this machine, in a thread: the command line holds up the test's own."""
    ready, enough = threading.Event(), threading.Event()
    urls: list[str] = []

    async def serve() -> None:
        async with chat_server(_as_a_model) as server:
            urls.append(server.url)
            ready.set()
            while not enough.is_set():  # noqa: ASYNC110 - set by another thread
                await asyncio.sleep(0.02)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(10)
    monkeypatch.setenv("MODEL_URL", urls[0])
    yield
    enough.set()
    thread.join()


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize("flow", EXAMPLES, ids=lambda path: path.parent.name)
def test_an_example_leaves_the_same_trace_in_the_editor_and_on_the_command_line(
    flow: Path, tmp_path: Path, run_async
):
    drawn: dict[str, list[Any]] = {}

    async def in_the_editor() -> None:
        drawn.update(await _by_editor(flow, tmp_path / "settings"))

    run_async(in_the_editor())

    assert drawn == _by_command(flow, tmp_path)
