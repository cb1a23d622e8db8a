"""Edit: what changes the flow."""

from agentflow_editor.actions.base import Action, Desk, Separator

__all__ = ["MENU"]


def _something_selected(desk: Desk) -> bool:
    return any(desk.workbench.selection.paths)


MENU = (
    "&Edit",
    (
        Action(
            id="edit.undo",
            title="&Undo",
            shortcuts=("Ctrl+Z",),
            icon="undo-variant",
            run=lambda desk: desk.workbench.document.undo_stack.undo(),
            enabled=lambda desk: desk.workbench.document.undo_stack.canUndo(),
            toolbar=True,
        ),
        Action(
            id="edit.redo",
            title="&Redo",
            shortcuts=("Ctrl+Shift+Z", "Ctrl+Y"),
            icon="redo-variant",
            run=lambda desk: desk.workbench.document.undo_stack.redo(),
            enabled=lambda desk: desk.workbench.document.undo_stack.canRedo(),
            toolbar=True,
        ),
        Separator(),
        Action(
            id="edit.add",
            title="&Add a Step…",
            shortcuts=("Tab",),
            on_canvas=True,
            icon="plus-box-outline",
            tip="Search for an agent or orchestrator and put it at the cursor",
            run=lambda desk: desk.canvas.open_search(),
            toolbar=True,
        ),
        Action(
            id="edit.rename",
            title="Re&name",
            shortcuts=("F2",),
            icon="rename-box-outline",
            run=lambda desk: desk.canvas.rename_current(),
            enabled=_something_selected,
        ),
        Action(
            id="edit.duplicate",
            title="&Duplicate",
            shortcuts=("Ctrl+D",),
            icon="content-duplicate",
            run=lambda desk: desk.canvas.duplicate_selected(),
            enabled=_something_selected,
        ),
        Action(
            id="edit.delete",
            title="De&lete",
            shortcuts=("Del", "Backspace"),
            on_canvas=True,
            icon="delete-outline",
            run=lambda desk: desk.canvas.delete_selected(),
        ),
        Separator(),
        Action(
            id="edit.select-all",
            title="Select A&ll",
            shortcuts=("Ctrl+A",),
            on_canvas=True,
            run=lambda desk: desk.canvas.select_all(),
        ),
    ),
)
