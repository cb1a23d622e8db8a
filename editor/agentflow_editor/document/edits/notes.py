"""Notes: texts on the canvas are written, resized, and go along with the steps that are copied."""

from collections.abc import Callable
from dataclasses import replace

from agentflow_editor.document.edits.error import EditError
from agentflow_editor.document.edits.tree import Tree
from agentflow_editor.document.sheet import Note, Position, Sheet

__all__ = ["SMALLEST", "add_note", "resize_note", "write_note"]

SMALLEST, LARGEST = (64, 40), (4000, 4000)
"""The sizes that a person can give a note."""


def write_note(
    sheet: Sheet,
    name: str | None,
    text: str,
    at: Position = (0, 0),
    *,
    height: Callable[[Note], int] = lambda note: note.height,
) -> Sheet:
    """Let a note say something else. A note that says nothing any more is none.

    Args:
        sheet: what has the note.
        name: the note; None for a new one, which gets the next free number.
        text: what it says.
        at: where a new one stands.
        height: how high the note is with that text.
    """
    tree = Tree(sheet)
    known = tree.notes.get(name) if name is not None else None
    if not text.strip():
        if name is None or known is None:
            return sheet
        del tree.notes[name]
    elif known is None or name is None:
        add_note(tree, _as_high(Note(text, *at), height))
    else:
        tree.notes[name] = _as_high(replace(known, text=text), height)
    return tree.fold()


def _as_high(note: Note, height: Callable[[Note], int]) -> Note:
    return replace(note, height=min(height(note), LARGEST[1]))


def resize_note(sheet: Sheet, name: str, width: int, height: int) -> Sheet:
    """Give a note another size, within limits; its top left corner stays.

    Raises:
        EditError: there is no such note.
    """
    note = sheet.sketch.notes.get(name)
    if note is None:
        raise EditError("Note", "it is not there any more", "choose one that is drawn")
    wide, high = (
        max(least, min(int(it), most))
        for it, least, most in zip((width, height), SMALLEST, LARGEST, strict=True)
    )
    changed = replace(note, width=wide, height=high)
    notes = {**sheet.sketch.notes, name: changed}
    return sheet if changed == note else sheet.with_sketch(replace(sheet.sketch, notes=notes))


def add_note(tree: Tree, note: Note) -> str:
    """Put a note onto a tree's drawing; its name."""
    number = next(it for it in range(1, len(tree.notes) + 2) if str(it) not in tree.notes)
    tree.notes[str(number)] = note
    return str(number)
