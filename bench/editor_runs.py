"""Measures the window while flows run in it, by its own RunController and on its own loop.

A Runner runs what is open, so the trace is the engine's. Only results whose size is the point are
handed in as they would come from it.
"""

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from editor_clock import FrameClock, figure, settled, stalls, tell
from editor_flows import telling_text, write_busy_flow
from editor_window import nodes, opened, reveal, see_all, view_of, window_at_work
from PySide6.QtWidgets import QApplication

from agentflow.event import Event
from agentflow.gate import without_passes
from agentflow.runner import RunOutcome
from agentflow.running.outcome import Told
from agentflow.state import State
from agentflow.trace import RunFinished, RunStarted, StepOutput, StepStarted, StepSucceeded
from agentflow_editor.canvas.items import NodeItem
from agentflow_editor.canvas.marks import Mark
from agentflow_editor.canvas.paint import patch_color
from agentflow_editor.main_window import MainWindow
from agentflow_editor.panes.result import Result
from agentflow_editor.process.event_loop import EventLoop
from agentflow_editor.process.garbage import Garbage

SECONDS, TOKENS, STREAM = (1.0, 2_000, 0.5) if "--quick" in sys.argv else (3.0, 100_000, 4.0)
"""How long a run is looked at; pieces of an answer, and in how many seconds a model says them."""
AFTERWARDS = 0.5
"""Seconds after a run in which the window draws what it has not drawn yet."""
TOKEN_SERVER = Path(__file__).with_name("token_server.py")


def run(_: Path) -> dict[str, Any]:
    """A thousand steps work at once and go on and on: 10,000 entries a second."""
    with tempfile.TemporaryDirectory() as folder, window_at_work() as (app, window):
        opened(app, window, write_busy_flow(Path(folder)))
        see_all(app, window)
        watch = _Watch(window)
        _on_loop(app, window, lambda: _run_for(window, SECONDS))
        return watch.found()


class _Watch:
    """Looks at the canvas before each frame: which steps are drawn as done for the first time?"""

    def __init__(self, window: MainWindow) -> None:
        self._missing = {path: it for path, it in nodes(window).items() if it.box.kind == "agent"}
        self._done = _done(next(iter(self._missing.values())))
        self._seen: dict[str, int] = {}
        self._trace = window.workbench.trace
        self._frames = 0
        self._clock = FrameClock(view_of(window).viewport(), self._look)

    def _look(self) -> None:
        self._frames += 1
        drawn = [path for path, it in self._missing.items() if it.patch == self._done]
        for path in drawn:
            self._seen[path] = self._frames
            del self._missing[path]

    def found(self) -> dict[str, Any]:
        """What was measured."""
        entries, first = self._trace.entries, dict[str, float]()
        for entry in entries:
            if isinstance(entry, StepSucceeded):
                first.setdefault(without_passes(entry.path), entry.time)
        worked = self._clock.worked
        late = [self._clock.after(frame) - worked(first[it]) for it, frame in self._seen.items()]
        took = entries[-1].time - entries[0].time
        return {
            "run: a frame": asdict(figure(self._clock.gaps)),
            "run: longest frame": max(self._clock.gaps) * 1000,
            "run: until shown": asdict(figure(late)),
            "run: steps seen": len(late),
            "run: entries a second": round(len(entries) / took),
        }


def _done(item: NodeItem) -> Any:
    return patch_color(item.box, Mark(status="done"), item.ink)


def _on_loop(app: QApplication, window: MainWindow, make: Callable[[], Any]) -> None:
    """Run a coroutine on the editor's own loop, and end the window's run on it."""
    loop, garbage = EventLoop(app), Garbage(app)
    asyncio.set_event_loop(loop)

    async def whole() -> None:
        await make()
        await asyncio.sleep(AFTERWARDS)
        await window.workbench.run.close()
        await asyncio.sleep(AFTERWARDS)

    with loop:
        loop.run_until_complete(whole())
    garbage.end()


async def _run_for(window: MainWindow, seconds: float) -> None:
    window.workbench.run.run(Event.from_input({}))
    await asyncio.sleep(seconds)


async def _run_to_its_end(window: MainWindow) -> RunOutcome:
    run, outcome = window.workbench.run, asyncio.get_running_loop().create_future()
    run.ended.connect(outcome.set_result)
    run.failed_to_start.connect(lambda why: outcome.set_exception(RuntimeError(why)))
    run.trust_needed.connect(lambda it: it.grant())
    run.run(Event.from_input("Go on"))
    return await outcome


def tokens(_: Path) -> dict[str, Any]:
    """A model streams 100,000 pieces of an answer, over HTTP."""
    with (
        tempfile.TemporaryDirectory() as folder,
        _model() as base_url,
        window_at_work() as (app, window),
    ):
        flow = Path(folder) / "agentflow.toml"
        flow.write_text(telling_text(base_url), encoding="utf-8")
        opened(app, window, flow)
        reveal(window, "result")
        clock = FrameClock(window)
        _on_loop(app, window, lambda: _run_to_its_end(window))
        said = sum(
            len(it.delta) for it in window.workbench.trace.entries if isinstance(it, StepOutput)
        )
        assert said == TOKENS * len("token "), said
        return {"100,000 tokens: longest frame": max(clock.gaps) * 1000}


@contextmanager
def _model() -> Iterator[str]:
    """A server that speaks as OpenAI's does; its base URL."""
    command = [sys.executable, str(TOKEN_SERVER), str(TOKENS), str(STREAM)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603 - a script of ours
        assert server.stdout is not None
        yield f"http://127.0.0.1:{server.stdout.readline().strip()}/v1"
        server.kill()


def results(flow: Path) -> dict[str, Any]:
    """A result of 10 MB and one of a line of a million characters, and all of each is shown."""
    with window_at_work() as (app, window):
        opened(app, window, flow)
        texts = {
            "a result of 10 MB": "A line of a result that goes on and on.\n" * 250_000,
            "a line of 1,000,000": "x" * 1_000_000,
        }
        for path in ("fetch1", "fetch2"):  # the first forms of a window are dearer than later ones
            settled(app, lambda path=path: window.workbench.selection.select((path,)))
        garbage = Garbage(app)
        found = {f"{name}: longest turn": _result(app, window, it) for name, it in texts.items()}
        garbage.end()
        return found


def _result(app: QApplication, window: MainWindow, text: str) -> float:
    """A run ends with a text; every pane that shows it is looked at, and all of it is shown."""
    bench = window.workbench
    result = window.findChild(Result)
    assert isinstance(result, Result)
    state, changes = State({"response": text}), {"response": text}
    begin = (
        RunStarted(0, 0.0, "r", "", "flow", State()),
        StepStarted(1, 0.0, "r", "fetch0", "agent", "fetch0", 0),
        StepSucceeded(2, 0.1, "r", "fetch0", changes, (), 0.1),
        RunFinished(3, 0.2, "r", "", "succeeded", state, "", 0.2),
    )
    record = Told("r", begin)
    outcome = RunOutcome(status="succeeded", state=state, error="", record=record)
    steps: list[Callable[[], object]] = [
        bench.trace.clear,
        *(lambda entry=entry: bench.trace.feed(entry) for entry in begin),
        lambda: bench.run.ended.emit(outcome),
        *(lambda it=it: reveal(window, it) for it in ("state", "trace")),
        lambda: bench.selection.select(("fetch0",)),
        *(lambda it=it: reveal(window, it) for it in ("state", "result")),
        result.long.all.click,
    ]

    def feed(_elapsed: float) -> bool:
        if steps:
            steps.pop(0)()
        return bool(steps) or result.text.is_going_on

    longest = max(stalls(app, feed)) * 1000
    assert result.text.shown == len(text), "not all of it was shown"
    bench.selection.select(())
    return longest


if __name__ == "__main__":
    tell({"run": run, "tokens": tokens, "results": results})
