"""The drawn flow as a networkx graph: its links, and what hangs on nothing.

Importing this costs 0.1 s or more, for networkx; who does not always need it imports it late.
"""

from collections.abc import Iterator, Sequence

import networkx as nx

from agentflow.flow.flow import Chain, Flow, Orchestrator, segments

__all__ = ["START", "adrift", "draw"]

START = ""
"""The node that the root chain hangs on."""

NEXT = "next"
"""The port that leads on along a chain."""

_PORTS = {"sequential": "steps", "collaborative": "branches", "loop": "body"}


def draw(flow: Flow) -> "nx.DiGraph[str]":
    """The flow as it stands on the canvas: a node for START and for each step, by its path.

    An edge is a link, with `port` (where it begins: "next", "steps", "branches", "body", a case's
    name or "default"), `order` (0 for the first chain of its owner; a "next" comes after all of
    them) and `label` (what is written at it: a case's name, a branch's number, else ""). The graph
    is a forest: START's tree is what runs, every other tree is parked. A node has its `step`.
    """
    drawn: nx.DiGraph[str] = nx.DiGraph()
    drawn.add_node(START, step=None)
    for place in flow.places():
        drawn.add_node(place.path, step=place.step)
    for source, target, port, number, label in _links(flow):
        drawn.add_edge(source, target, port=port, order=number, label=label)
    return drawn


def adrift(flow: Flow) -> dict[str, int]:
    """The first step of each tree that does not hang on START, with how many steps it leads to."""
    drawn = draw(flow)
    first = [node for node, links in drawn.in_degree() if links == 0 and node != START]
    return {node: sum(1 for _ in nx.bfs_edges(drawn, node)) for node in first}


def _links(flow: Flow) -> Iterator[tuple[str, str, str, int, str]]:
    """Each link as (source, target, port, order, label)."""
    yield from _chain_links((flow.root,), START, "", (NEXT,), ("",))
    for number, chain in enumerate(flow.parked):
        yield from _chain_links((chain,), None, f"|{number}/", (NEXT,), ("",))
    for place in flow.places():
        if isinstance(place.step, Orchestrator):
            ports, labels = _ports(place.step)
            prefix = f"{place.path}/"
            yield from _chain_links(place.step.chains, place.path, prefix, ports, labels)


def _chain_links(
    chains: tuple[Chain, ...],
    owner: str | None,
    prefix: str,
    ports: Sequence[str],
    labels: Sequence[str],
) -> Iterator[tuple[str, str, str, int, str]]:
    before, own_chains = "", 0
    for number, index, step, segment in segments(chains):
        path = prefix + segment
        if index > 0:
            yield before, path, NEXT, own_chains, ""
        elif owner is not None:
            yield owner, path, ports[number], number, labels[number]
        before, own_chains = path, len(step.chains) if isinstance(step, Orchestrator) else 0


def _ports(orchestrator: Orchestrator) -> tuple[Sequence[str], Sequence[str]]:
    """The ports that its chains begin at, and what is written at the links."""
    chains = orchestrator.chains
    if orchestrator.mode == "route":
        names = [chain.case.name if chain.case else "default" for chain in chains]
        return names, names
    port = _PORTS.get(orchestrator.mode, "chains")
    numbers = [str(number) for number in range(1, len(chains) + 1)]
    return [port] * len(chains), numbers if len(chains) > 1 else [""] * len(chains)
