"""Digs a maze: prints its passages as JSON."""

import argparse
import json
import random


def dig(size, seed):
    """From each cell on, go where nobody has been; turn back where there is no such place."""
    chance = random.Random(seed)  # noqa: S311 - a maze is no secret
    way, seen, passages = [(0, 0)], {(0, 0)}, []
    while way:
        x, y = way[-1]
        around = [(x + 1, y), (x, y + 1), (x - 1, y), (x, y - 1)]
        fresh = [it for it in around if it not in seen and max(it) < size and min(it) >= 0]
        if not fresh:
            way.pop()
            continue
        there = chance.choice(fresh)
        passages.append([[x, y], list(there)])
        seen.add(there)
        way.append(there)
    return passages


words = argparse.ArgumentParser()
words.add_argument("--size", type=int, required=True)
words.add_argument("--seed", type=int, required=True)
given = words.parse_args()
print(json.dumps({"passages": dig(given.size, given.seed)}))
