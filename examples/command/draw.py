"""Draws a maze with the way through it."""

import json
import sys

state = json.load(sys.stdin)
size = state["size"]
open_between = {frozenset(map(tuple, it)) for it in state["passages"]}
way = {tuple(cell) for cell in state["way"]}


def wall(x, y, dx, dy):
    """Whether there is a wall on this side of a cell."""
    return frozenset({(x, y), (x + dx, y + dy)}) not in open_between


print("+--" * size + "+")
for y in range(size):
    cells = ("##" if (x, y) in way else "  " for x in range(size))
    sides = ("|" if wall(x, y, 1, 0) else " " for x in range(size))
    print("|" + "".join(cell + side for cell, side in zip(cells, sides, strict=True)))
    print("".join("+--" if wall(x, y, 0, 1) else "+  " for x in range(size)) + "+")
print(f"\nThe way has {len(state['way'])} cells; {state['looked_at']} were looked at.")
