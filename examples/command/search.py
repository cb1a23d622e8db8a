"""Finds the shortest way from the first cell of a maze to its last, going out in all directions."""

import json
import sys
from collections import deque

state = json.load(sys.stdin)
last = state["size"] - 1
neighbours = {}
for one, other in state["passages"]:
    neighbours.setdefault(tuple(one), []).append(tuple(other))
    neighbours.setdefault(tuple(other), []).append(tuple(one))

came_from = {(0, 0): None}
waiting = deque([(0, 0)])
while waiting and (last, last) not in came_from:
    here = waiting.popleft()
    for there in neighbours.get(here, []):
        if there not in came_from:
            came_from[there] = here
            waiting.append(there)

way, here = [], (last, last)
while here is not None:
    way.append(here)
    here = came_from[here]
print(json.dumps({"way": way[::-1], "looked_at": len(came_from)}))
