"""Edit: what changes the flow."""

from collections.abc import Iterator

from agentflow_editor.actions.base import Action, Desk, Separator
from agentflow_editor.document.sheet import is_note

__all__ = ["MENU"]


def _something_selected(desk: Desk) -> bool:
    return any(desk.workbench.selection.keys)


def _a_note_selected(desk: Desk) -> bool:
    return bool(desk.workbench.selection.notes)


def _only_a_note_selected(desk: Desk) -> bool:
    only = desk.workbench.selection.only
    return only is not None and is_note(only)


_STEP = 8
_WAYS = (
    ("right", "&Right", (_STEP, 0)),
    ("left", "&Left", (-_STEP, 0)),
    ("up", "&Up", (0, -_STEP)),
    ("down", "&Down", (0, _STEP)),
)


def _nudges() -> Iterator[Action]:
    for way, title, by in _WAYS:
        yield Action(
            id=f"edit.nudge-{way}",
            title=f"Move {title}",
            shortcuts=(f"Ctrl+{way.title()}",),
            on_canvas=True,
            submenu="Move on the Can&vas",
            run=lambda desk, by=by: desk.canvas.placing.nudge(*by),
            enabled=_something_selected,
        )


def _sizes() -> Iterator[Action]:
    named = {"right": "&Wider", "left": "&Narrower", "up": "&Lower", "down": "&Higher"}
    for way, _, by in _WAYS:
        yield Action(
            id=f"edit.note-{way}",
            title=f"Make {named[way]}",
            shortcuts=(f"Ctrl+Shift+{way.title()}",),
            on_canvas=True,
            submenu="N&ote's Size",
            run=lambda desk, by=by: desk.canvas.placing.resize_notes(*by),
            enabled=_a_note_selected,
        )


def _copy(desk: Desk) -> None:
    desk.clipboard.copy()


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
            run=lambda desk: desk.canvas.adding.search(),
            toolbar=True,
        ),
        Action(
            id="edit.rename",
            title="Re&name",
            shortcuts=("F2",),
            icon="rename-box-outline",
            run=lambda desk: desk.canvas.chosen.rename(),
            enabled=_something_selected,
        ),
        Separator(),
        Action(
            id="edit.cut",
            title="Cu&t",
            shortcuts=("Ctrl+X",),
            on_canvas=True,
            icon="content-cut",
            tip="Put the selected steps on the clipboard, as the text of a flow, and remove them",
            run=lambda desk: desk.clipboard.cut(),
            enabled=_something_selected,
        ),
        Action(
            id="edit.copy",
            title="&Copy",
            shortcuts=("Ctrl+C",),
            on_canvas=True,
            icon="content-copy",
            tip="Put the selected steps on the clipboard, as the text of a flow",
            run=_copy,
            enabled=_something_selected,
        ),
        Action(
            id="edit.paste",
            title="&Paste",
            shortcuts=("Ctrl+V",),
            on_canvas=True,
            icon="content-paste",
            tip="Put the steps that the clipboard holds at the mouse",
            run=lambda desk: desk.clipboard.paste(),
        ),
        Action(
            id="edit.paste-after",
            title="Paste A&fter",
            shortcuts=("Ctrl+Shift+V",),
            on_canvas=True,
            tip="Let the steps that the clipboard holds follow the selected one",
            run=lambda desk: desk.clipboard.paste_after(),
            enabled=_something_selected,
        ),
        Action(
            id="edit.duplicate",
            title="&Duplicate",
            shortcuts=("Ctrl+D",),
            icon="content-duplicate",
            run=lambda desk: desk.canvas.chosen.duplicate(),
            enabled=_something_selected,
        ),
        Action(
            id="edit.delete",
            title="De&lete",
            shortcuts=("Del", "Backspace"),
            on_canvas=True,
            icon="delete-outline",
            run=lambda desk: desk.canvas.chosen.delete(),
        ),
        Action(
            id="edit.heal",
            title="Delete and &Heal",
            shortcuts=("Ctrl+Del", "Ctrl+Backspace"),
            on_canvas=True,
            icon="bandage",
            tip="Delete the selected steps; the members of orchestrators stay in their places",
            run=lambda desk: desk.structure.heal(),
            enabled=_something_selected,
        ),
        Separator(),
        Action(
            id="edit.note",
            title="Add a Note…",
            shortcuts=("N",),
            on_canvas=True,
            icon="note-plus-outline",
            tip="Write a note on the canvas, at the mouse; notes are kept in the file",
            run=lambda desk: desk.canvas.noting.add(),
        ),
        Action(
            id="edit.write-note",
            title="Write in the Note…",
            tip="Write another text into the selected note; F2 does the same",
            run=lambda desk: desk.canvas.chosen.rename(),
            enabled=_only_a_note_selected,
        ),
        *_nudges(),
        *_sizes(),
        Separator(),
        Action(
            id="edit.select-all",
            title="Select A&ll",
            shortcuts=("Ctrl+A",),
            on_canvas=True,
            run=lambda desk: desk.canvas.selecting.select_all(),
        ),
        Separator(),
        Action(
            id="edit.find",
            title="&Find…",
            shortcuts=("Ctrl+F",),
            icon="magnify",
            tip="Find steps and notes by words, is:error, type:llm, uses:key, is:note",
            run=lambda desk: desk.window.find_steps(),
        ),
        Action(
            id="edit.find-next",
            title="Find Ne&xt",
            shortcuts=("F3",),
            run=lambda desk: desk.window.find_next(1),
        ),
        Action(
            id="edit.find-previous",
            title="Find Pre&vious",
            shortcuts=("Shift+F3",),
            run=lambda desk: desk.window.find_next(-1),
        ),
        Separator(),
        Action(
            id="edit.preferences",
            title="Preferen&ces…",
            needs_flow=False,
            shortcuts=("Ctrl+,",),
            icon="cog-outline",
            tip="Theme, size of text, motion, and what happens at a start",
            run=lambda desk: desk.window.show_preferences(),
        ),
    ),
)
