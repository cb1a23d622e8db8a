"""Reads [editor]: where nodes stand on the canvas, and what is parked there."""

import math
from typing import Any

from agentflow.flow.flow import Chain
from agentflow.flow.read_notes import Notes
from agentflow.flow.read_settings import as_table
from agentflow.flow.read_steps import StepReader
from agentflow.flow.toml_values import list_of
from agentflow.flow.where import Keys

__all__ = ["Positions", "read_layout", "read_parked"]

Positions = dict[str, tuple[int, int]]
"""Path of a step → its node's top left corner (x, y), in whole scene units."""

FARTHEST = 1_000_000
"""The largest coordinate. A canvas cannot show more, and loses precision long before."""


def read_layout(data: dict[str, Any], notes: Notes) -> Positions:
    """Every position that is one; the others are told and left out."""
    editor = as_table(data.get("editor"), ("editor",), notes)
    for key in editor:
        if key not in ("nodes", "parked"):
            notes.unknown_key(("editor", key), ("nodes", "parked"))
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
    while (name := next(steps.unowned(), None)) is not None:
        chains.append(steps.chain([name], ("orchestrators", name)))
    return tuple(chain for chain in chains if chain.steps)


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
