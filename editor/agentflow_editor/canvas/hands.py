"""Hands: what each press on the canvas begins, and the edit that it ends in."""

from collections.abc import Callable

from PySide6.QtCore import QLineF, QObject, QPoint, QPointF, Qt, Signal

from agentflow_editor.canvas.adoption import Adoption
from agentflow_editor.canvas.areas import owners_of
from agentflow_editor.canvas.drawing import Drawing
from agentflow_editor.canvas.folding import with_hidden
from agentflow_editor.canvas.gestures import Band, DrawLink, End, MoveNodes, SizeNote
from agentflow_editor.canvas.ink import Ink
from agentflow_editor.canvas.items import NodeItem
from agentflow_editor.canvas.link_item import LinkItem
from agentflow_editor.canvas.note_item import NoteItem
from agentflow_editor.canvas.scene import LinkKey
from agentflow_editor.canvas.slicing import Slice
from agentflow_editor.canvas.touch import Gesture, Hit, Pointer
from agentflow_editor.canvas.view import FlowView
from agentflow_editor.document import edits
from agentflow_editor.document.edits import EditError
from agentflow_editor.document.ports import IN
from agentflow_editor.document.sheet import Sheet, is_note, note_key
from agentflow_editor.document.wishes import wishes
from agentflow_editor.workbench import Workbench

__all__ = ["Edit", "Hands"]

Edit = Callable[[str, Callable[[Sheet], Sheet]], bool]
"""(title, edit) → whether it could be done. Where it cannot, the person is told and the canvas
shows the document again."""

SLICES = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier
EXTENDS = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier


class Hands(QObject):
    """Turns presses into gestures, and gestures into edits."""

    step_wanted = Signal(str, str, QPointF)
    """(path, port, point in the scene): a link was let go over nothing; a step may begin there."""
    step_wanted_before = Signal(str, QPointF)
    """(path, point in the scene): the same for a step that leads to this one."""
    asked = Signal(tuple, QPoint)
    """(wishes, global point): a link may mean any of these."""
    told = Signal(str)
    """(text) what letting go would do; "" when there is nothing to tell any more."""

    def __init__(
        self,
        view: FlowView,
        drawing: Drawing,
        ink: Ink,
        bench: Workbench,
        edit: Edit,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._bench = bench
        self._view, self._drawing, self._edit = view, drawing, edit
        self.ink = ink
        """What links are drawn with while they follow the mouse."""
        view.begin = self.begin

    def begin(self, hit: Hit, pointer: Pointer) -> Gesture:
        """The gesture that a press of the left button begins."""
        if hit.node is not None and hit.port:
            return self._from_port(hit.node, hit.port, pointer)
        if hit.node is not None:
            return self._move(hit.node.box.path, pointer)
        if hit.link is not None:
            return self._on_link(hit.link, pointer)
        if hit.note is not None:
            return self._on_note(hit.note, pointer)
        if pointer.modifiers & SLICES == SLICES:
            return Slice(self._view, self._drawing, self.ink, pointer, self._cut, self.told.emit)
        return Band(self._view, self._drawing, pointer)

    def _cut(self, links: tuple[LinkKey, ...]) -> None:
        self._edit("Cut Links", lambda sheet: edits.delete(sheet, (), links))

    def _on_note(self, item: NoteItem, pointer: Pointer) -> Gesture:
        if not item.is_corner(pointer.scene):
            return self._move(note_key(item.name), pointer)
        self._drawing.select([note_key(item.name)])

        def sized(width: int, height: int) -> None:
            name = item.name
            self._edit("Resize Note", lambda it: edits.resize_note(it, name, width, height))

        return SizeNote(self._drawing, item.name, pointer, sized)

    def _move(self, key: str, pointer: Pointer) -> Gesture:
        drawing, item = self._drawing, self._drawing.item(key)
        was_selected = item.isSelected()
        if pointer.modifiers & EXTENDS:
            item.setSelected(not was_selected)
        elif not was_selected:
            drawing.select([key])
        keys = drawing.selected_keys() if item.isSelected() else (key,)
        notes = tuple(it for it in keys if is_note(it))
        adoption = self._adoption(key, keys)

        def moved_to(positions: dict[str, tuple[int, int]], at: Pointer) -> None:
            positions = with_hidden(self._bench.document.sheet.layout, positions)
            if adoption is not None:
                self._edit(*adoption.edit(at, positions))
            else:
                self._edit("Move", lambda sheet: edits.place(sheet, positions))

        return MoveNodes(
            drawing,
            key,
            (*drawing.scene.with_members(keys), *notes),
            pointer,
            moved_to,
            # A click on one of several selected nodes chooses that one.
            lambda: None if pointer.modifiers & EXTENDS else drawing.select([key]),
            adoption,
        )

    def _adoption(self, key: str, keys: tuple[str, ...]) -> Adoption | None:
        """Where what is moved would join; None where no step is grasped."""
        paths = [it for it in keys if it and not is_note(it)]
        outermost = tuple(it for it in paths if set(owners_of(it)).isdisjoint(paths))
        if key in outermost:
            return Adoption(self._drawing, self._bench, key, outermost, self.told.emit)
        return None

    def _on_link(self, item: LinkItem, pointer: Pointer) -> Gesture:
        key = item.link.key
        if not pointer.modifiers & EXTENDS:
            self._drawing.select([])
        item.setSelected(True)
        begin = self._drawing.socket(key[0], key[1])
        end = self._drawing.socket(key[2], IN)
        to_begin, to_end = (QLineF(at, pointer.scene).length() for at in (begin, end))
        return self._pull_off(key, pointer, at_target=to_end <= to_begin)

    def _from_port(self, node: NodeItem, port: str, pointer: Pointer) -> Gesture:
        link = self._drawing.link_into(node.box.path) if port == IN else None
        if link is not None:
            return self._pull_off(link.link.key, pointer, at_target=True)
        return self._draw(End(node.box.path, port), pointer)

    def _draw(self, fixed: End, pointer: Pointer) -> Gesture:
        def dropped(hit: Hit, at: Pointer) -> None:
            port = fixed.joins(hit)
            if port and hit.node is not None:
                self._joined(*_ends(fixed, hit.node.box.path, port), at)
            elif hit.node is None and fixed.is_target:
                self.step_wanted_before.emit(fixed.path, at.scene)
            elif hit.node is None:
                self.step_wanted.emit(fixed.path, fixed.port, at.scene)

        return DrawLink(self._view, self._drawing, self.ink, fixed, pointer, dropped)

    def _joined(self, source: str, port: str, target: str, at: Pointer) -> None:
        """A link was drawn: do what it means, or ask where it may mean several things."""
        sheet = self._bench.document.sheet
        try:
            found = wishes(sheet, source, port, target, self._bench.catalogue)
        except EditError:
            self._edit("Draw Link", lambda sheet: edits.link(sheet, source, port, target))
            return
        if len(found) == 1 and not found[0].asks:
            self._edit(found[0].title, found[0].make)
        elif found:
            self.asked.emit(found, self._view.viewport().mapToGlobal(at.view))

    def _pull_off(self, key: LinkKey, pointer: Pointer, *, at_target: bool) -> Gesture:
        source, port, target = key
        fixed = End(source, port) if at_target else End(target, IN)

        def dropped(hit: Hit, _: Pointer) -> None:
            joined = fixed.joins(hit)
            path = hit.node.box.path if hit.node is not None else None
            if path is None:
                self._edit("Delete Link", lambda sheet: edits.unlink(sheet, source, port, target))
            elif joined:
                new = (source, port, path) if at_target else (path, joined, target)
                self._edit("Move Link", lambda sheet: edits.relink(sheet, key, new))

        return DrawLink(self._view, self._drawing, self.ink, fixed, pointer, dropped)


def _ends(fixed: End, path: str, port: str) -> LinkKey:
    """The link between an end that stayed and what the other one was let go on."""
    return (path, port, fixed.path) if fixed.is_target else (fixed.path, fixed.port, path)
