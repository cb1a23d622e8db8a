"""Ports: which sockets a node has, and what is written beside them."""

from dataclasses import dataclass

from agentflow.catalogue import Catalogue
from agentflow.flow.flow import Case, Orchestrator
from agentflow.orchestrators.loop import LoopSettings

__all__ = [
    "BRANCHES",
    "DEFAULT",
    "IN",
    "NEXT",
    "ChainPort",
    "case_port",
    "case_test",
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
    note: str = ""
    """A few quiet words beside the label: when a case is taken, when a loop ends."""


def chain_ports(orchestrator: Orchestrator, catalogue: Catalogue) -> tuple[ChainPort, ...]:
    """An orchestrator's own ports, from top to bottom. A mode that nobody knows has one for all."""
    mode = catalogue.modes.get(orchestrator.mode)
    if mode is None or mode.chains == "branches":
        return (ChainPort(BRANCHES, mode.port if mode else "chains", None),)
    if mode.chains == "one":
        return (ChainPort(mode.port, mode.port, 0, _ending(orchestrator)),)
    cases = [
        ChainPort(case_port(number), chain.case.name, number, case_test(chain.case))
        for number, chain in enumerate(orchestrator.chains)
        if chain.case is not None
    ]
    return (*cases, _default_port(orchestrator))


def _ending(orchestrator: Orchestrator) -> str:
    """When a loop ends, where a condition says that."""
    settings = orchestrator.settings
    if isinstance(settings, LoopSettings) and settings.condition:
        return f"until {settings.condition}"
    return ""


def case_port(number: int) -> str:
    """The name of the port of a router's chain that has a case."""
    return f"case {number}"


def _default_port(router: Orchestrator) -> ChainPort:
    for number, chain in enumerate(router.chains):
        if chain.case is None:
            return ChainPort(DEFAULT, DEFAULT if chain.steps else GOES_ON, number)
    return ChainPort(DEFAULT, DEFAULT, len(router.chains))


def case_test(case: Case) -> str:
    """When a case is taken, as shortly as can be said."""
    if case.when:
        return case.when
    if case.keywords:
        return ", ".join(case.keywords)
    return f"route = {case.route}" if case.route and case.route != case.name else ""
