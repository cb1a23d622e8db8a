"""Flows without positions open well laid out, whatever their size."""

from itertools import combinations
from random import Random

import pytest

from agentflow_editor.canvas.drafting import build_scene
from agentflow_editor.canvas.scene import Scene
from agentflow_editor.canvas.sockets import socket_points
from agentflow_editor.document.layout import completed
from agentflow_editor.document.sheet import Sheet
from editor.document.drawn import CATALOGUE, chain, loop, parallel, router, sequence, sheet

Point = tuple[float, float]
Line = tuple[str, Point, Point]
"""(port, begin, end) of a link, drawn straight."""


class _Grower:
    """Grows a flow of some size, at random and always the same."""

    def __init__(self, size: int) -> None:
        self._random, self._left, self._size = Random(7), size, size

    def root(self) -> Sheet:
        steps = []
        while self._left > 0:
            steps.append(self._step(0))
        return sheet(*steps)

    def _steps(self, depth: int, most: int):
        count = self._random.randint(1, most)
        return [self._step(depth) for _ in range(count) if self._left > 0]

    def _step(self, depth: int):
        self._left -= 1
        name = f"step{self._size - self._left}"
        if depth >= 4 or self._random.random() < 0.6:
            return name
        mode, branches = self._random.choice("plsr"), range(self._random.randint(2, 4))
        if mode == "p":
            grown = [chain(*self._steps(depth + 1, 3)) for _ in branches]
            return parallel(name, *(branch for branch in grown if branch.steps))
        if mode == "r":
            cases = (chain(*self._steps(depth + 1, 2), case=f"case{it}") for it in branches)
            return router(name, *cases)
        make = loop if mode == "l" else sequence
        return make(name, *self._steps(depth + 1, 4))


@pytest.fixture(scope="module", params=[5, 50, 500])
def scene(request) -> Scene:
    flow = _Grower(request.param).root().flow
    return build_scene(completed(Sheet(flow), CATALOGUE), CATALOGUE)


def lines(scene: Scene) -> list[Line]:
    def at(path: str, port: str) -> Point:
        box = scene.boxes[path]
        x, y = socket_points(box)[port]
        return box.x + x, box.y + y

    return [
        (link.port, at(link.source, link.port), at(link.target, "in"))
        for link in scene.links.values()
    ]


def test_no_node_covers_another(scene):
    boxes = scene.boxes.values()

    assert not [pair for pair in combinations(boxes, 2) if pair[0].rect.meets(pair[1].rect)]


def test_no_link_crosses_another(scene):
    def side(a: Point, b: Point, c: Point) -> float:
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

    def cross(one: Line, other: Line) -> bool:
        (_, a, b), (_, c, d) = one, other
        return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0

    assert not [pair for pair in combinations(lines(scene), 2) if cross(*pair)]


def test_every_chain_is_straight(scene):
    assert all(begin[1] == end[1] for port, begin, end in lines(scene) if port == "next")


def test_every_link_leads_to_the_right(scene):
    assert all(begin[0] < end[0] for _, begin, end in lines(scene))
