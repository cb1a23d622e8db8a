"""Arrangement: where each node of a flow stands when the flow lays itself out, left to right.

A chain runs straight to the right, so that its links are level. What an orchestrator owns stands
right of it and lower than its `next`, chain below chain; its block has room for the ground that is
painted around it. Sizes are found from the inside out, positions from the outside in, each step
once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agentflow.catalogue import Catalogue
from agentflow.flow.flow import Chain, Orchestrator, Step
from agentflow_editor.document.node_size import START_SIZE, box_size, head_height
from agentflow_editor.document.sheet import Position, Sheet

__all__ = ["arrangement"]

BETWEEN = 64
"""From a step to the one that follows, and from an orchestrator to its members."""
NAMES = 80
"""More of that right of a router: the names of its cases stand on the links."""
LOWER = 80
"""From an orchestrator's top to that of its first members: its own link passes above them."""
STACKED = 32
"""From a chain to the one below it."""
PARKED = 96
"""From what runs to what is parked."""
SOCKET = 28
"""From a box's top to the middle of its `in` and `next`, which the start's shall be level with."""
LEFT, TOP, RIGHT, BOTTOM = 16, 40, 32, 32
"""What an orchestrator's ground reaches beyond all that stands on it."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A chain: its blocks from left to right, their boxes level."""

    blocks: "tuple[_Block, ...]"
    width: int
    height: int
    above: int
    """How far its boxes stand below its top."""


@dataclass(frozen=True, slots=True)
class _Block:
    """The ground of one step, with all that it owns."""

    width: int
    height: int
    left: int = 0
    above: int = 0
    """Where its own box stands in it."""
    inner: int = 0
    """How far right of the box its members begin."""
    rows: tuple[_Row, ...] = ()


def arrangement(sheet: Sheet, catalogue: Catalogue) -> Iterator[Position]:
    """The position of the start, then that of each step in the order of `Flow.places`.

    What is collapsed takes the room of one node. What it owns stands beside it all the same, for
    when it is shown.
    """
    flow, (width, height) = sheet.flow, START_SIZE
    measures = _Measures(catalogue, _collapsed(sheet))
    rows = [measures.row(chain) for chain in (flow.root, *flow.parked)]
    left = width + BETWEEN
    yield 0, SOCKET - height // 2
    yield from _placed(rows[0], left, -rows[0].above)
    bottom = max(height, rows[0].height - rows[0].above) + PARKED
    yield from _stacked(rows[1:], left, bottom)


def _collapsed(sheet: Sheet) -> frozenset[int]:
    """The identities of the steps that are collapsed: two that are equal need not both be."""
    paths = sheet.sketch.collapsed
    if not paths:
        return frozenset()
    return frozenset(id(it.step) for it in sheet.flow.places() if it.path in paths)


class _Measures:
    """How much room everything takes."""

    def __init__(self, catalogue: Catalogue, collapsed: frozenset[int]) -> None:
        self._catalogue, self._collapsed = catalogue, collapsed

    def row(self, chain: Chain) -> _Row:
        """That of a chain."""
        blocks = tuple(self._block(step) for step in chain.steps)
        above = max((block.above for block in blocks), default=0)
        height = above + max((block.height - block.above for block in blocks), default=0)
        width = sum(block.width + BETWEEN for block in blocks) - (BETWEEN if blocks else 0)
        return _Row(blocks, width, height, above)

    def _block(self, step: Step) -> _Block:
        width, height = box_size(step, self._catalogue)
        if not isinstance(step, Orchestrator):
            return _Block(width, height)
        inner = width + BETWEEN + (NAMES if step.mode == "route" else 0)
        rows = tuple(self.row(chain) for chain in step.chains)
        if id(step) in self._collapsed:
            return _Block(width, head_height(step.name), inner=inner, rows=rows)
        used = [row for row in rows if row.blocks]
        if used:
            width = inner + max(row.width for row in used)
            stacked = sum(row.height + STACKED for row in used) - STACKED
            height = max(height, LOWER + stacked)
        return _Block(LEFT + width + RIGHT, TOP + height + BOTTOM, LEFT, TOP, inner, rows)


def _placed(row: _Row, x: int, y: int) -> Iterator[Position]:
    """The positions of a row's steps and of all that they own; its top left corner is given."""
    for block in row.blocks:
        box = x + block.left, y + row.above
        yield box
        yield from _stacked(block.rows, box[0] + block.inner, box[1] + LOWER)
        x += block.width + BETWEEN


def _stacked(rows: Sequence[_Row], x: int, y: int) -> Iterator[Position]:
    for row in rows:
        yield from _placed(row, x, y)
        y += row.height + STACKED if row.blocks else 0
