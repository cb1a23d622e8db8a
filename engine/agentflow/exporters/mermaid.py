"""Mermaid: the flow as a flowchart that Markdown viewers draw."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from agentflow.exporters.base import Exported, Exporter
from agentflow.flow.flow import AgentSpec, AgentUse, Chain, Flow, Orchestrator, Step
from agentflow.mermaid_text import front_matter, label

__all__ = ["EXPORTER"]

INDENT = "    "
ARROW = "-->"

Ends = Sequence[tuple[str, str]]
"""What waits for the next node: the ids that arrows leave from, each with its arrow."""

_TITLES = {
    "route": "Route Orchestration",
    "collaborative": "Collaborative Orchestration",
    "sequential": "Sequential Pipeline",
    "loop": "Loop Processing",
    "mixed": "Mixed Orchestration",
}


@dataclass(slots=True)
class _Chart:
    """A chart while it is written. Arrows stand after all nodes, so that none moves one of them.

    (Mermaid puts a node into the subgraph that first mentions it.) Ids are numbers in the order of
    writing, whatever the names are.
    """

    agents: Mapping[str, AgentSpec]
    nodes: list[str] = field(default_factory=list[str])
    edges: list[str] = field(default_factory=list[str])
    _ids: int = 0
    _depth: int = 1

    def reserve(self) -> str:
        """An id for a node to come."""
        self._ids += 1
        return f"n{self._ids}"

    def add(self, shape: str, ends: Ends, *, node: str = "") -> str:
        """Add a node, and the arrows to it from all that waited for it; gives its id."""
        node = node or self.reserve()
        self.nodes.append(f"{INDENT * self._depth}{node}{shape}")
        self.edges += [f"{INDENT}{source} {arrow} {node}" for source, arrow in ends]
        return node

    @contextmanager
    def subgraph(self, title: str) -> Generator[None]:
        """What is added meanwhile stands in a frame with this title."""
        self.nodes.append(f"{INDENT * self._depth}subgraph {self.reserve()}[{_quoted(title)}]")
        self._depth += 1
        yield
        self._depth -= 1
        self.nodes.append(f"{INDENT * self._depth}end")


def write(flow: Flow, _: Mapping[str, Any]) -> Exported:
    """The flow as a Mermaid flowchart; the same flow always gives the same text."""
    chart = _Chart(flow.agents)
    ends: Ends = [(chart.add('["📨 Input Event"]', ()), ARROW)]
    match flow.root.steps:
        case (Orchestrator(name=name, mode=mode) as only,) if name == mode:
            ends = _members(chart, only, ends)  # It has no name of its own to write on a frame.
        case _:
            ends = _chain(chart, flow.root, ends)
    chart.add('["📤 Final Result"]', ends)
    if flow.parked:
        _parked(chart, flow.parked)
    title = flow.name or _TITLES.get(flow.mode, flow.mode)
    lines = [*front_matter(title), "flowchart TD", *chart.nodes, "", *chart.edges, ""]
    return Exported("\n".join(lines))


def _parked(chart: _Chart, chains: Sequence[Chain]) -> None:
    with chart.subgraph("Parked: never runs"):
        for chain in chains:
            _chain(chart, chain, ())


def _chain(chart: _Chart, chain: Chain, ends: Ends) -> Ends:
    for step in chain.steps:
        ends = _step(chart, step, ends)
    return ends


def _step(chart: _Chart, step: Step, ends: Ends) -> Ends:
    if isinstance(step, AgentUse):
        spec = chart.agents.get(step.agent)
        off = " (disabled)" if spec and not spec.enabled else ""
        return [(chart.add(f"[{_quoted(step.name + off)}]", ends), ARROW)]
    with chart.subgraph(f"{step.name} ({step.mode})"):
        return _members(chart, step, ends)


def _members(chart: _Chart, orchestrator: Orchestrator, ends: Ends) -> Ends:
    match orchestrator.mode:
        case "collaborative":
            return _collaborative(chart, orchestrator, ends)
        case "loop":
            return _loop(chart, orchestrator, ends)
        case "route":
            return _route(chart, orchestrator, ends)
        case _:
            for chain in orchestrator.chains:
                ends = _chain(chart, chain, ends)
            return ends


def _collaborative(chart: _Chart, orchestrator: Orchestrator, ends: Ends) -> Ends:
    fork = chart.add('["Collaborative Orchestrator"]', ends)
    joined: list[tuple[str, str]] = []
    for chain in orchestrator.chains:
        joined += _chain(chart, chain, [(fork, ARROW)])
    return [(chart.add('["Result Aggregator"]', joined or [(fork, ARROW)]), ARROW)]


def _loop(chart: _Chart, orchestrator: Orchestrator, ends: Ends) -> Ends:
    question = chart.reserve()
    ends = [*ends, (question, '-->|"Yes"|')]  # The arrow back waits for the body's first node too.
    for chain in orchestrator.chains:
        ends = _chain(chart, chain, ends)
    condition = getattr(orchestrator.settings, "condition", "")
    until = f"Continue Loop? (until {condition})" if condition else "Continue Loop?"
    chart.add(f"{{{_quoted(until)}}}", ends, node=question)
    limit = getattr(orchestrator.settings, "max_iterations", None)
    most = "Max iterations" if limit is None else f"Max {limit} iterations"
    return [(question, '-->|"No"|'), (question, f'-.->|"{most}"|')]


def _route(chart: _Chart, orchestrator: Orchestrator, ends: Ends) -> Ends:
    router = chart.add('["Event Router"]', ends)
    left: list[tuple[str, str]] = []
    for chain in sorted(orchestrator.chains, key=lambda chain: chain.case is None):
        case = chain.case.name if chain.case else "default"
        left += _chain(chart, chain, [(router, f"-.->|{_quoted(case)}|")])
    return left or [(router, ARROW)]


def _quoted(text: str) -> str:
    return f'"{label(text)}"'


EXPORTER = Exporter(name="mermaid", title="Mermaid flowchart", suffix=".mmd", write=write)
