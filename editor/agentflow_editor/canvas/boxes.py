"""Boxes: what each step of a sheet looks like as a node."""

from collections.abc import Sequence
from dataclasses import replace

from agentflow.catalogue import Catalogue
from agentflow.flow.flow import AgentSpec, AgentUse, Orchestrator, Place
from agentflow.problem import Problem, Severity
from agentflow_editor.canvas.scene import Box, Port
from agentflow_editor.canvas.wording import agent_subtitle, orchestrator_subtitle
from agentflow_editor.document.concern import told
from agentflow_editor.document.node_size import (
    START_SIZE,
    box_size,
    head_height,
    row_height,
)
from agentflow_editor.document.ports import chain_ports
from agentflow_editor.document.sheet import Position

__all__ = ["NOWHERE", "Facts", "box_of", "start_box"]

Facts = tuple[AgentSpec | None, Position, int, Sequence[Problem]]
"""What a box says beside its step: the agent's definition, where it stands, how often the flow
uses what it is called, and its problems."""

NOWHERE: Position = 0, 0
"""Where a step without a position is drawn."""


def start_box(at: Position) -> Box:
    """The box of the start."""
    (x, y), (width, height) = at, START_SIZE
    return Box(
        path="", kind="start", title="Start", icon="play", x=x, y=y, width=width, height=height
    )


def box_of(place: Place, facts: Facts, catalogue: Catalogue) -> Box:
    """The box of a step."""
    spec, at, uses, problems = facts
    if isinstance(place.step, AgentUse):
        box = _agent(place, place.step, spec, at, uses, catalogue)
    else:
        box = _orchestrator(place, place.step, at, catalogue)
    return _marked(box, problems) if problems else box


def _agent(
    place: Place, step: AgentUse, spec: AgentSpec | None, at: Position, uses: int, known: Catalogue
) -> Box:
    kind = known.agent_types.get(spec.type) if spec else None
    width, height = box_size(step, known)
    return Box(
        path=place.path,
        kind="agent",
        title=step.agent,
        subtitle=agent_subtitle(spec, kind, uses),
        icon=kind.icon if kind else "help-circle-outline",
        x=at[0],
        y=at[1],
        width=width,
        height=height,
        head=head_height(step.name),
        is_parked=place.path.startswith("|"),
        is_disabled=spec is not None and not spec.enabled,
    )


def _orchestrator(place: Place, step: Orchestrator, at: Position, known: Catalogue) -> Box:
    mode = known.modes.get(step.mode)
    width, height = box_size(step, known)
    return Box(
        path=place.path,
        kind=step.mode,
        title=step.name,
        subtitle=orchestrator_subtitle(step, mode),
        icon=mode.icon if mode else "help-circle-outline",
        ports=tuple(
            Port(port.name, port.label, port.note, row_height(port))
            for port in chain_ports(step, known)
        ),
        x=at[0],
        y=at[1],
        width=width,
        height=height,
        head=head_height(step.name),
        is_parked=place.path.startswith("|"),
    )


def _marked(box: Box, problems: Sequence[Problem]) -> Box:
    worst: Severity = "error" if any(it.severity == "error" for it in problems) else "warning"
    return replace(box, severity=worst, problems=tuple(map(told, problems)))
