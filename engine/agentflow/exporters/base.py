"""Exporter: a format that a flow can be written in."""

from collections.abc import Callable
from dataclasses import dataclass

from agentflow.flow.flow import Flow

__all__ = ["Exporter"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exporter:
    """A format. One file of this folder offers one, as EXPORTER."""

    name: str
    """What `--format` says."""
    title: str
    suffix: str
    """With its dot: ".mmd"."""
    write: Callable[[Flow], str]
    """The flow as text. Pure: it reads nothing but the flow."""
