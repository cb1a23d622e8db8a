"""Ports: which sockets a node has, and how large it is drawn."""

from dataclasses import dataclass

from agentflow.catalogue import Catalogue
from agentflow.flow.flow import AgentUse, Orchestrator, Step

__all__ = [
    "BRANCHES",
    "DEFAULT",
    "IN",
    "NEXT",
    "START_SIZE",
    "ChainPort",
    "box_size",
    "case_port",
    "chain_ports",
]

IN = "in"
"""Where control comes into a step."""
NEXT = "next"
"""Where it goes on to the following step."""
BRANCHES = "branches"
"""The one port that all branches of an orchestrator begin at."""
DEFAULT = "default"
"""The port of a router's default chain, whether it has one or not."""
GOES_ON = "default: go on"
"""What is written beside that port where the default is there and holds no step."""

START_SIZE = (96, 40)
"""The width and height of the start."""
WIDTH = 208
HEAD = 56
"""The height of an agent, and of what an orchestrator shows above its ports."""
ROW = 24
"""The height that each port of an orchestrator takes."""
FOOT = 8


@dataclass(frozen=True, slots=True)
class ChainPort:
    """A port of an orchestrator that chains of its own begin at."""

    name: str
    """What edits call it; unique on its node."""
    label: str
    """What is written beside it."""
    chain: int | None
    """The chain that begins there; None where all of them do. A router's `default` has the number
    that its default chain has or would have."""


def chain_ports(orchestrator: Orchestrator, catalogue: Catalogue) -> tuple[ChainPort, ...]:
    """An orchestrator's own ports, from top to bottom. A mode that nobody knows has one for all."""
    mode = catalogue.modes.get(orchestrator.mode)
    if mode is None or mode.chains == "branches":
        return (ChainPort(BRANCHES, mode.port if mode else "chains", None),)
    if mode.chains == "one":
        return (ChainPort(mode.port, mode.port, 0),)
    cases = [
        ChainPort(case_port(number), chain.case.name, number)
        for number, chain in enumerate(orchestrator.chains)
        if chain.case is not None
    ]
    return (*cases, _default_port(orchestrator))


def case_port(number: int) -> str:
    """The name of the port of a router's chain that has a case."""
    return f"case {number}"


def _default_port(router: Orchestrator) -> ChainPort:
    for number, chain in enumerate(router.chains):
        if chain.case is None:
            return ChainPort(DEFAULT, DEFAULT if chain.steps else GOES_ON, number)
    return ChainPort(DEFAULT, DEFAULT, len(router.chains))


def box_size(step: Step, catalogue: Catalogue) -> tuple[int, int]:
    """The width and height that a step is drawn with, in scene units."""
    if isinstance(step, AgentUse):
        return WIDTH, HEAD
    return WIDTH, HEAD + ROW * len(chain_ports(step, catalogue)) + FOOT
