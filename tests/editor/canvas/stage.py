"""A canvas in a window, and a person's hands."""

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from agentflow.flow.flow import Flow
from agentflow_editor.canvas.canvas import Canvas
from agentflow_editor.document.layout import completed
from agentflow_editor.document.sheet import Sheet
from agentflow_editor.workbench import Workbench
from editor.fronting import in_front

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


class Stage:
    """A canvas in a window, with the gestures of a person."""

    def __init__(self, bench: Workbench, qtbot: QtBot) -> None:
        self.bench = bench
        self.canvas = Canvas(bench)
        self.view = self.canvas._view
        self.drawing = self.canvas._drawing
        self.messages: list[str] = []
        self.canvas.message.connect(self.messages.append)
        qtbot.addWidget(self.canvas)
        self.canvas.resize(1400, 900)
        in_front(qtbot, self.canvas)
        self.canvas.setFocus()

    @property
    def flow(self) -> Flow:
        return self.bench.document.sheet.flow

    def show(self, flow: Flow) -> None:
        """Begin with a flow that is laid out, seen in its actual size."""
        sheet = completed(Sheet(flow, self.bench.document.sheet.layout), self.bench.catalogue)
        self.bench.document.edit("Begin", sheet)
        self.canvas.looking.frame_all()

    def at(self, path: str, port: str = "") -> QPoint:
        """Where a port, or the title of a node, is in the view."""
        if port:
            return self.view.mapFromScene(self.drawing.socket(path, port))
        box = self.drawing.scene.boxes[path]
        return self.view.mapFromScene(QPointF(box.x + box.width * 0.6, box.y + 16))

    def drag(self, begin: QPoint, end: QPoint, modifiers: Qt.KeyboardModifier = NONE) -> None:
        self.press_and_move(begin, end, modifiers)
        QTest.mouseRelease(self.view.viewport(), LEFT, modifiers, end)

    def press_and_move(
        self, begin: QPoint, end: QPoint, modifiers: Qt.KeyboardModifier = NONE
    ) -> None:
        port = self.view.viewport()
        QTest.mouseMove(port, begin)
        QTest.mousePress(port, LEFT, modifiers, begin)
        for step in range(1, 6):
            QTest.mouseMove(port, begin + (end - begin) * step / 5)

    def click(self, point: QPoint, modifiers: Qt.KeyboardModifier = NONE) -> None:
        QTest.mouseClick(self.view.viewport(), LEFT, modifiers, point)

    def undo(self) -> None:
        self.bench.document.undo_stack.undo()
