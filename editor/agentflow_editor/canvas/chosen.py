"""Chosen: what is done with the selected steps, links and notes."""

from agentflow.flow.flow import Orchestrator
from agentflow_editor.canvas.adding import Adding
from agentflow_editor.canvas.drawing import Drawing
from agentflow_editor.canvas.hands import Edit
from agentflow_editor.canvas.noting import Noting
from agentflow_editor.canvas.rename import Renaming
from agentflow_editor.canvas.scope import Scope
from agentflow_editor.document import edits
from agentflow_editor.document.room import settled
from agentflow_editor.document.sheet import Sheet, is_note, note_of
from agentflow_editor.workbench import Workbench

__all__ = ["Chosen"]


class Chosen:
    """Edits of what is selected; where nothing fitting is, they do nothing."""

    def __init__(
        self,
        drawing: Drawing,
        scope: Scope,
        bench: Workbench,
        edit: Edit,
        adding: Adding,
        noting: Noting,
        renaming: Renaming,
    ) -> None:
        """Begin.

        Args:
            drawing: what of it is selected.
            scope: which orchestrators are drawn as one node.
            bench: whose sheet it is.
            edit: does what is asked for.
            adding: selects the copies.
            noting: opens a field over a note.
            renaming: opens a field over a step.
        """
        self._drawing, self._scope, self._bench, self._edit = drawing, scope, bench, edit
        self._adding, self._noting, self._renaming = adding, noting, renaming

    def delete(self) -> None:
        """Delete the selected steps, links and notes; or only the branch or case that is meant."""
        path, chain = self._bench.selection.current, self._bench.selection.chain
        if path is not None and chain is not None:
            self._edit("Delete Branch", lambda sheet: edits.remove_chain(sheet, path, chain))
            return
        links, notes, paths = self._drawing.selected_links(), self._notes, self._steps
        if links or paths or notes:
            self._edit("Delete", lambda sheet: edits.delete(sheet, paths, links, notes))

    def duplicate(self) -> None:
        """Put a copy of the selected steps and notes beside them."""
        paths, notes = self._steps, self._notes
        if paths or notes:
            self._adding.add("Duplicate", lambda sheet: edits.duplicate(sheet, paths, notes))

    def rename(self) -> None:
        """Open a field over the title of the selected step, or over the selected note."""
        path, only = self._bench.selection.current, self._bench.selection.only
        if only is not None and is_note(only):
            self._noting.write(note_of(only))
        elif path:
            self._renaming.begin(path)

    def collapse(self) -> None:
        """Draw the selected orchestrators as one node each, or with all they own again."""
        sheet, paths = self._bench.document.sheet, self._drawing.selected_paths()
        chosen = [it for it in paths if isinstance(sheet.flow.at(it), Orchestrator)]
        shut = self._scope.shut(sheet.sketch.collapsed)
        is_collapsed = any(path not in shut for path in chosen)

        def collapsed(before: Sheet) -> Sheet:
            after = edits.collapse(before, chosen, is_collapsed=is_collapsed)
            return settled(before, after, self._bench.catalogue, ())

        if chosen:
            self._edit("Collapse" if is_collapsed else "Expand", collapsed)

    @property
    def _steps(self) -> tuple[str, ...]:
        """The selected steps; the start is none."""
        return tuple(path for path in self._drawing.selected_paths() if path)

    @property
    def _notes(self) -> tuple[str, ...]:
        return self._bench.selection.notes
