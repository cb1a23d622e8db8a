"""Makes the README's pictures and films: the real window on real runs, in both themes."""

import argparse
import asyncio
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_FONT_DPI", "96")
os.environ.setdefault("QT_API", "pyside6")


from agentflow.runner import RunOutcome
from agentflow_editor.app import build, end_window, make_app
from agentflow_editor.dialogs.messages import ListDialog
from agentflow_editor.looks.theme import DARK, LIGHT, Theme
from agentflow_editor.main_window import MainWindow
from agentflow_editor.process.event_loop import EventLoop
from film import stillness, until
from films import film_drawing, film_running

ROOT = Path(__file__).parents[1]
STOP_AT = "gate/measure/by_title"
FLAGSHIP = ROOT / "examples/research-assistant/agentflow.toml"


class Photographer:
    """Brings a window into a state and keeps a picture of it."""

    def __init__(self, window: MainWindow, folder: Path) -> None:
        self._window = window
        self._folder = folder

    async def take(self, name: str) -> None:
        """Wait until everything is drawn, then save the window."""
        await stillness(self._window)
        self._window.grab().save(str(self._folder / f"{name}.png"))
        print(self._folder / f"{name}.png")

    async def open(self, path: Path, theme: Theme, width: int, height: int) -> None:
        """Open a flow in a window of this size and theme."""
        self._window.resize(width, height)
        self._window.workbench.theme.switch(theme)
        self._window.files.open_flow(path)
        await stillness(self._window)
        self._window.canvas.looking.frame_all()

    async def run_to_the_end(self) -> RunOutcome:
        """Run the open flow with its sample."""
        run = self._window.workbench.run
        ended: asyncio.Future[RunOutcome] = asyncio.get_running_loop().create_future()
        run.ended.connect(lambda outcome: ended.done() or ended.set_result(outcome))
        run.failed_to_start.connect(
            lambda why: ended.done() or ended.set_exception(RuntimeError(why))
        )
        self._window.runs.run_last()
        return await ended


async def _pictures(window: MainWindow, folder: Path) -> None:
    photographer = Photographer(window, folder)
    bench = window.workbench
    window.show()
    await photographer.take("welcome")
    await photographer.open(FLAGSHIP, DARK, 1440, 900)
    outcome = await photographer.run_to_the_end()
    assert outcome.status == "succeeded", outcome.error
    bench.selection.select(("writing/writer",))
    await photographer.take("editor-dark")
    await photographer.open(ROOT / "examples/loop/agentflow.toml", LIGHT, 1440, 900)
    await photographer.run_to_the_end()
    await photographer.take("editor-light")
    await photographer.open(ROOT / "examples/pipeline/agentflow.toml", DARK, 1440, 900)
    await _stop_at_a_breakpoint(window)
    await photographer.take("stepping")
    bench.run.stop()
    await until(lambda: not bench.run.is_running, "the end of the run")


async def _films(window: MainWindow, folder: Path) -> None:
    window.show()
    window.workbench.theme.switch(DARK)
    await film_running(window, folder / "running.webp", FLAGSHIP)
    await film_drawing(window, folder / "drawing.webp")


async def _stop_at_a_breakpoint(window: MainWindow) -> None:
    bench = window.workbench
    bench.breakpoints.toggle(STOP_AT)
    bench.selection.select((STOP_AT,))
    window.runs.run_last()
    await until(lambda: bench.run.is_paused, "the run at its breakpoint")


def _agree_to_code(window: MainWindow) -> None:
    """Agree to what the examples would execute, as often as the window asks."""

    def agree() -> None:
        for dialog in window.findChildren(ListDialog):
            dialog.accept()

    window.workbench.run.trust_needed.connect(agree)


def main() -> int:
    """Make every picture; the folder may be named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "docs")
    parser.add_argument("--only", choices=("pictures", "films"), help="make nothing else")
    asked = parser.parse_args()
    folder: Path = asked.folder
    folder.mkdir(parents=True, exist_ok=True)
    app = make_app()
    app.setCursorFlashTime(0)  # else no picture is like the one before
    loop = EventLoop(app)
    asyncio.set_event_loop(loop)
    with loop, tempfile.TemporaryDirectory() as settings:
        window = build(app, Path(settings))
        _agree_to_code(window)
        if asked.only != "films":
            loop.run_until_complete(_pictures(window, folder))
        if asked.only != "pictures":
            loop.run_until_complete(_films(window, folder))
        window.close_for_good()
        loop.run_until_complete(end_window(window))
    return 0


if __name__ == "__main__":
    sys.exit(main())
