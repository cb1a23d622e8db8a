"""A person before the whole program: keys and mouse go through the display, eyes see its screen."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QWidget

from agentflow.catalogue import Catalogue
from agentflow.flow.flow import AgentUse, Flow, Step
from agentflow.flow.load import load
from agentflow_editor.main_window import MainWindow

CATALOGUE = Catalogue.installed()
PATIENCE = 20.0
"""Seconds that anything may take."""
STEPS = 12
"""How often the mouse is seen on its way."""


class Person:
    """Uses one editor, which is a process of its own, with one flow open in it.

    Where things are on the screen is known from a twin: the same window with the same file, which
    is laid out and never shown.
    """

    def __init__(self, file: Path, twin: MainWindow, folder: Path) -> None:
        self.file, self._twin = file, twin
        env = {**os.environ, "XDG_CONFIG_HOME": str(folder), "XDG_STATE_HOME": str(folder)}
        command = [sys.executable, "-m", "agentflow", "edit", "--new-instance", str(file)]
        self._process = subprocess.Popen(command, env=env)
        self._window = self._first_window()
        self._twin.resize(*self._size())
        self.look_again()

    def leave(self) -> None:
        """End the editor."""
        self._process.kill()
        self._process.wait()

    # Hands

    def press(self, *keys: str) -> None:
        """Press keys one after another; "ctrl+shift+p" is one of them."""
        for key in keys:
            _xdotool("key", "--clearmodifiers", key)
            time.sleep(0.15)

    def write(self, text: str) -> None:
        """Type a text."""
        _xdotool("type", "--delay", "30", text)
        time.sleep(0.3)

    def click(self, at: QPoint, *, times: int = 1, held: tuple[str, ...] = ()) -> None:
        """Click on a point of the window."""
        self._go(at)
        with _held(held):
            _xdotool("click", "--repeat", str(times), "--delay", "60", "1")
        time.sleep(0.3)

    def drag(self, begin: QPoint, end: QPoint, *, held: tuple[str, ...] = ()) -> None:
        """Press the mouse at one point of the window and let it go at another one."""
        self._go(begin)
        with _held(held):
            _xdotool("mousedown", "1")
            for step in range(1, STEPS + 1):
                self._go(begin + (end - begin) * step / STEPS)
                time.sleep(0.03)
            time.sleep(0.2)
            _xdotool("mouseup", "1")
        time.sleep(0.4)

    def _go(self, at: QPoint) -> None:
        _xdotool("mousemove", "--window", self._window, str(at.x()), str(at.y()))

    # Eyes

    def saved(self, is_so: Callable[[Flow], bool]) -> Flow:
        """Save until the file says what is wanted; the twin shows it from then on."""
        end = time.monotonic() + PATIENCE
        while True:
            self.press("ctrl+s")
            time.sleep(0.3)
            flow = load(self.file, CATALOGUE).flow
            if is_so(flow):
                self.look_again()
                return flow
            assert time.monotonic() < end, f"the file says {told(flow)}"

    def look_again(self) -> None:
        """See all of the flow as it is in the file."""
        self._twin.files.open_flow(self.file)
        self._twin.canvas.looking.frame_all()
        QGuiApplication.processEvents()
        self.press("Home")
        time.sleep(0.3)

    def node(self, path: str) -> QPoint:
        """Where the title of a node is."""
        box = self._twin.canvas._drawing.scene.boxes[path]
        return self.spot(QPointF(box.x + box.width * 0.6, box.y + 16))

    def port(self, path: str, name: str) -> QPoint:
        """Where a port of a node is."""
        return self.spot(self._twin.canvas._drawing.socket(path, name))

    def spot(self, at: QPointF) -> QPoint:
        """Where a point of the scene is."""
        view = self._twin.canvas._view
        return view.viewport().mapTo(self._twin, view.mapFromScene(at))

    def offer(self, title: str) -> QPoint:
        """Where the palette offers something."""
        tree: Any = self._twin._docks.pane("palette").tree
        model = tree.model()
        (found,) = model.match(
            model.index(0, 0), Qt.ItemDataRole.DisplayRole, title, 1, Qt.MatchFlag.MatchRecursive
        )
        return tree.viewport().mapTo(self._twin, tree.visualRect(found).center())

    def place_of(self, widget: QWidget) -> QPoint:
        """Where the middle of a widget of the twin is."""
        return widget.mapTo(self._twin, widget.rect().center())

    def picture(self, name: str) -> QImage:
        """What is on the screen; kept in out/by_hand, to be looked at."""
        folder = Path("out/by_hand")
        folder.mkdir(parents=True, exist_ok=True)
        screen = QGuiApplication.primaryScreen().grabWindow(0).toImage()
        screen.save(str(folder / f"{name}.png"))
        return screen

    def _first_window(self) -> str:
        process = str(self._process.pid)
        found = _xdotool("search", "--sync", "--onlyvisible", "--pid", process, "--name", "flow")
        window = found.split()[0]
        _xdotool("windowactivate", "--sync", window)
        return window

    def _size(self) -> tuple[int, int]:
        lines = _xdotool("getwindowgeometry", "--shell", self._window).split()
        said = dict(line.split("=") for line in lines)
        return int(said["WIDTH"]), int(said["HEIGHT"])


def told(flow: Flow) -> str:
    """The steps of a flow, in one line: "a loop(b c) parallel(d | e)"; parked ones after a "/"."""
    return " / ".join(" ".join(map(_told, chain.steps)) for chain in (flow.root, *flow.parked))


def _told(step: Step) -> str:
    if isinstance(step, AgentUse):
        return step.agent
    chains = " | ".join(" ".join(map(_told, chain.steps)) for chain in step.chains)
    return f"{step.mode}({chains})"


@contextmanager
def _held(keys: tuple[str, ...]) -> Iterator[None]:
    for key in keys:
        _xdotool("keydown", key)
    yield
    for key in reversed(keys):
        _xdotool("keyup", key)


def _xdotool(*arguments: str) -> str:
    done = subprocess.run(
        ["xdotool", *arguments], capture_output=True, text=True, timeout=PATIENCE, check=True
    )
    return done.stdout
