"""Placing: moving, resizing and laying out what stands on the canvas, without the mouse."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace

from agentflow_editor.canvas.drawing import Drawing
from agentflow_editor.canvas.folding import with_hidden
from agentflow_editor.canvas.looking import Looking
from agentflow_editor.canvas.scope import Scope
from agentflow_editor.document import edits
from agentflow_editor.document.layout import arrange
from agentflow_editor.document.note_room import with_notes_beside
from agentflow_editor.document.sheet import Sheet, is_note
from agentflow_editor.looks.note_lines import height_of
from agentflow_editor.workbench import Workbench

__all__ = ["Placing"]

MergingEdit = Callable[[str, Callable[[Sheet], Sheet], Hashable | None], bool]
"""(title, edit, merge key) → whether it could be done; edits of one merge key are one undo step."""


class Placing:
    """Changes where steps and notes stand, never what the flow does."""

    def __init__(
        self,
        drawing: Drawing,
        scope: Scope,
        looking: Looking,
        bench: Workbench,
        edit: MergingEdit,
    ) -> None:
        """Begin.

        Args:
            drawing: where everything stands now, and what of it is selected.
            scope: which part of the flow is drawn.
            looking: looks at all of it once it is laid out.
            bench: whose sheet it is.
            edit: does what is asked for.
        """
        self._drawing, self._scope, self._looking = drawing, scope, looking
        self._bench, self._edit = bench, edit

    def nudge(self, across: int, down: int) -> None:
        """Move the selected steps, with all they own, and notes by so much."""
        keys, scene = self._drawing.selected_keys(), self._drawing.scene
        moving = (*scene.with_members(keys), *filter(is_note, keys))
        places = {key: scene.place_of(key) for key in moving}
        moved = {key: (x + across, y + down) for key, (x, y) in places.items()}
        positions = with_hidden(self._bench.document.sheet.layout, moved)
        self._edit("Move", lambda sheet: edits.place(sheet, positions), ("nudge", keys))

    def resize_notes(self, across: int, down: int) -> None:
        """Make the selected notes larger by so much; none gets too low for its text."""
        names = self._bench.selection.notes

        def resized(sheet: Sheet) -> Sheet:
            for name in names:
                note = sheet.sketch.notes[name]
                width = max(edits.SMALLEST[0], note.width + across)
                least = height_of(replace(note, width=width))
                sheet = edits.resize_note(sheet, name, width, max(least, note.height + down))
            return sheet

        self._edit("Resize Note", resized, ("resize", names))

    def arrange(self) -> None:
        """Lay out all steps that are shown anew, and look at them."""
        inside = self._scope.inside
        if self._lay_out((inside,) if inside else None):
            self._looking.frame_all()

    def arrange_selected(self) -> None:
        """Lay out the selected steps anew, with all that they own, where they stand."""
        paths = tuple(path for path in self._drawing.selected_paths() if path)
        if paths:
            self._lay_out(paths)

    def _lay_out(self, paths: Sequence[str] | None) -> bool:
        def laid_out(sheet: Sheet) -> Sheet:
            catalogue = self._bench.catalogue
            after = sheet.with_layout(arrange(sheet, catalogue, paths))
            laid_out = after.layout if paths is None else self._drawing.scene.with_members(paths)
            return with_notes_beside(sheet, after, catalogue, laid_out)

        return self._edit("Lay Out", laid_out, None)
