"""The films of the README: how a flow is drawn, and how one runs."""

import asyncio
from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu

from agentflow.flow.flow import AgentSpec, AgentUse, Chain, Flow
from agentflow_editor.document.layout import completed
from agentflow_editor.document.ports import NEXT
from agentflow_editor.document.sheet import Sheet
from agentflow_editor.main_window import MainWindow
from film import Film, stillness, until

__all__ = ["film_drawing", "film_running"]

CTRL = Qt.KeyboardModifier.ControlModifier
GLIDING = 0.4
"""How many times as fast as it is what glides is shown."""


def _begun() -> Flow:
    root, parked = ("outline", "text"), ("pictures",)
    return Flow(
        name="article",
        agents={name: AgentSpec(name=name, type="scripted") for name in (*root, *parked)},
        root=Chain(steps=tuple(AgentUse(agent=name) for name in root)),
        parked=(Chain(steps=tuple(AgentUse(agent=name) for name in parked)),),
    )


class _Places:
    """Where things are on a canvas, in pixels of its view."""

    def __init__(self, window: MainWindow) -> None:
        self._view, self._drawing = window.canvas._view, window.canvas._drawing

    def node(self, path: str) -> QPoint:
        box = self._drawing.scene.boxes[path]
        return self._view.mapFromScene(QPointF(box.x + box.width * 0.6, box.y + 18))

    @property
    def titles(self) -> set[str]:
        """What is drawn."""
        return {box.title for box in self._drawing.scene.boxes.values()}

    def port(self, path: str, name: str) -> QPoint:
        return self._view.mapFromScene(self._drawing.socket(path, name))


class _Drawing:
    """A person who draws, and waits until what was asked for is there."""

    def __init__(self, window: MainWindow, film: Film) -> None:
        self._window, self._film = window, film

    async def stands(self, *names: str) -> None:
        """Film until these steps are drawn where they belong."""
        at, glide = _Places(self._window), self._window.canvas._glide

        def is_there() -> bool:
            return set(names) <= at.titles and not glide.is_gliding

        await self._film.watch(is_there, f"the steps {', '.join(names)}", GLIDING)

    async def offers(self) -> None:
        """Wait for the menu that asks what is meant."""
        await until(lambda: isinstance(QApplication.activePopupWidget(), QMenu), "the menu")

    async def writes(self, text: str) -> None:
        """Type into the field that has just opened, and let it take that."""
        field = QApplication.focusWidget
        await until(lambda: isinstance(field(), QLineEdit), "a field")
        await self._film.type(text)
        await self._film.hold(0.5)
        await self._film.press(Qt.Key.Key_Return)
        await until(lambda: not isinstance(field(), QLineEdit), "the end of the field")

    async def undoes(self) -> None:
        """Take back one step, and see it go."""
        undo = self._window.workbench.document.undo_stack
        await until(undo.canUndo, "a step to take back")
        done = undo.undoText()
        await self._film.press(Qt.Key.Key_Z, CTRL)
        await until(lambda: undo.redoText() == done, f"{done} taken back")
        await self.stands()


async def film_drawing(window: MainWindow, path: Path) -> None:
    """A second link becomes a parallel step, a link back a loop, and the loop one node."""
    bench, canvas, at = window.workbench, window.canvas, _Places(window)
    window.files.new_flow()
    bench.document.edit("Begin", completed(Sheet(_begun()), bench.catalogue))
    window._docks.set_visible(False)
    window.resize(960, 600)
    canvas.minimap.toggle()
    await stillness(window)
    canvas._view.look_at(QPointF(400, 120), 1.0)
    window.activateWindow()  # which no window manager does here after a dialog
    canvas.setFocus()
    film = Film(canvas, canvas._view.viewport(), 800)
    person = _Drawing(window, film)
    await film.hold(0.8)
    film.say("A second link asks what it is for, and shows it")
    await film.drag(at.port("outline", NEXT), at.node("|0/pictures"))
    await person.offers()
    await film.hold(1.2)
    await film.press(Qt.Key.Key_Down)
    await film.hold(1.2)
    await film.press(Qt.Key.Key_Up)
    await film.hold(0.4)
    await film.press(Qt.Key.Key_Return)
    await person.stands("parallel")
    canvas._view.look_at(QPointF(700, 130), 0.72)
    await film.hold(1.0)
    film.say("A link let go on free ground asks what follows")
    await film.drag(at.port("parallel", NEXT), at.port("parallel", NEXT) + QPoint(300, -60))
    await person.writes("stand")
    await person.stands("scripted")
    await film.press(Qt.Key.Key_F2)
    await person.writes("review")
    await person.stands("review")
    await film.hold(0.7)
    film.say("A link back offers a loop")
    await film.drag(at.port("review", NEXT), at.node("parallel"))
    await person.offers()
    await film.hold(1.3)
    await film.press(Qt.Key.Key_Return)
    await person.stands("loop")
    canvas.looking.frame_all()
    await film.hold(1.2)
    film.say("L lays everything out")
    await film.press(Qt.Key.Key_L)
    await person.stands("loop")
    await film.hold(0.9)
    film.say("C makes the loop one node, Enter goes into it, Esc up again")
    await film.click(at.node("loop"))
    await film.press(Qt.Key.Key_C)
    await until(lambda: "review" not in at.titles, "the loop as one node")
    await person.stands("loop")
    await film.hold(1.0)
    await film.press(Qt.Key.Key_Return)
    await person.stands("review")
    await film.hold(1.6)
    await film.press(Qt.Key.Key_Escape)
    await until(lambda: "review" not in at.titles, "the whole flow again")
    await film.hold(0.8)
    film.say("Everything is one step back: Ctrl+Z")
    for _ in range(3):
        await person.undoes()
        await film.hold(0.6)
    await film.hold(1.2)
    film.save(path)
    canvas.minimap.toggle()
    window._docks.set_visible(True)


async def film_running(window: MainWindow, path: Path, flow: Path) -> None:
    """A flow runs from its start to its end, some times as fast as it does."""
    bench = window.workbench
    window.files.open_flow(flow)
    window.resize(1280, 800)
    await stillness(window)
    window.canvas.looking.frame_all()
    ended: asyncio.Future[object] = asyncio.get_running_loop().create_future()
    bench.run.ended.connect(lambda outcome: ended.done() or ended.set_result(outcome))
    film = Film(window, window.canvas._view.viewport(), 860)
    await film.hold(0.8)
    window.runs.run_last()
    await film.watch(ended.done, "the run", 2.5)
    await film.hold(0.6)
    for step in [it.path for it in bench.document.sheet.flow.places()][-2:]:
        bench.selection.select((step,))
        await stillness(window)
        await film.hold(1.2)
    film.save(path)
