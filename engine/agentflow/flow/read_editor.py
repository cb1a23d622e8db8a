"""Reads [editor]: where nodes stand on the canvas, what is parked there, and notes."""

import math
import re
from typing import Any

from agentflow.flow.flow import Chain
from agentflow.flow.read_notes import Notes
from agentflow.flow.read_settings import as_table
from agentflow.flow.read_steps import StepReader
from agentflow.flow.sketch import Note, Sketch
from agentflow.flow.toml_values import list_of, table_of
from agentflow.flow.where import Keys

__all__ = ["Positions", "read_layout", "read_parked", "read_sketch"]

Positions = dict[str, tuple[int, int]]
"""Path of a step → its node's top left corner (x, y), in whole scene units."""

FARTHEST = 4_000_000
"""The largest coordinate: as far as a canvas shows anything, and more than any flow takes."""

_KEYS = ("collapsed", "nodes", "notes", "parked")
_NOTE_KEYS = ("at", "size", "text")
_NOTE_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")


def read_layout(data: dict[str, Any], notes: Notes) -> Positions:
    """Every position that is one; the others are told and left out."""
    editor = as_table(data.get("editor"), ("editor",), notes)
    for key in editor:
        if key not in _KEYS:
            notes.unknown_key(("editor", key), _KEYS)
    keys: Keys = ("editor", "nodes")
    layout: Positions = {}
    for path, told in as_table(editor.get("nodes"), keys, notes).items():
        place = _place(told)
        if place is None:
            notes.warning("wrong-value", (*keys, path), "must be a position such as [320, 120]")
        else:
            layout[path] = place
    return layout


def read_parked(data: dict[str, Any], steps: StepReader, notes: Notes) -> tuple[Chain, ...]:
    """The chains that hang on nothing: those that are listed, then orchestrators nobody names."""
    keys: Keys = ("editor", "parked")
    told = as_table(data.get("editor"), ("editor",), Notes()).get("parked", [])
    chains: list[Chain] = []
    if list_of(told) is None:
        notes.wrong_kind(keys, "a list of lists of names", told)
    for number, names in enumerate(list_of(told) or ()):
        if list_of(names) is None:
            notes.wrong_kind((*keys, number), "a list of names", names)
        else:
            chains.append(steps.chain(names, (*keys, number)))
    # One by one: whom an earlier one names has an owner then.
    chains.extend(steps.chain([name], ("orchestrators", name)) for name in steps.unowned())
    return tuple(chain for chain in chains if chain.steps)


def read_sketch(data: dict[str, Any], notes: Notes) -> Sketch:
    """The notes on the canvas, and what is collapsed there; what is wrong is told and left out."""
    editor = as_table(data.get("editor"), ("editor",), Notes())
    told = as_table(editor.get("notes"), ("editor", "notes"), notes)
    found = {name: note for name, it in told.items() if (note := _note(name, it, notes))}
    paths = list_of(editor.get("collapsed", []))
    if paths is None or not all(isinstance(path, str) for path in paths):
        notes.wrong_kind(("editor", "collapsed"), "a list of paths", editor["collapsed"])
        paths = [path for path in paths or () if isinstance(path, str)]
    return Sketch(found, frozenset(paths))


def _note(name: str, told: Any, notes: Notes) -> Note | None:
    keys: Keys = ("editor", "notes", name)
    if not _NOTE_NAME.fullmatch(name):
        notes.warning("wrong-value", keys, "has a name that is not of letters, digits, - and _")
        return None
    table = as_table(told, keys, notes)
    if table_of(told) is None:
        return None
    for key in table.keys() - set(_NOTE_KEYS):
        notes.unknown_key((*keys, key), _NOTE_KEYS)
    at, size, text = _place(table.get("at")), _size(table.get("size")), table.get("text")
    if at is None:
        notes.warning("wrong-value", (*keys, "at"), "must be a position such as [320, 120]")
    if size is None:
        notes.warning("wrong-value", (*keys, "size"), "must be a size such as [240, 96]")
    if not isinstance(text, str):
        notes.wrong_kind((*keys, "text"), "a text", text)
    if at is None or size is None or not isinstance(text, str):
        return None
    return Note(text, *at, *size)


def _size(told: Any) -> tuple[int, int] | None:
    size = (240, 96) if told is None else _place(told)
    return size if size is not None and min(size) > 0 else None


def _place(told: Any) -> tuple[int, int] | None:
    numbers = list_of(told)
    if numbers is None or len(numbers) != 2:
        return None
    for it in numbers:
        if isinstance(it, bool) or not isinstance(it, (int, float)) or not math.isfinite(it):
            return None
        if abs(it) > FARTHEST:
            return None
    return round(numbers[0]), round(numbers[1])
