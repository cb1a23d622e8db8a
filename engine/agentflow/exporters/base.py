"""Exporter: a format that a flow can be written in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from agentflow.flow.flow import Flow

__all__ = ["Exported", "Exporter"]


@dataclass(frozen=True, slots=True)
class Exported:
    """A flow in another format."""

    text: str
    unsaid: tuple[str, ...] = ()
    """What the format cannot say, one sentence each: where: what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exporter:
    """A format. One file of this folder offers one, as EXPORTER."""

    name: str
    """What `--format` says."""
    title: str
    suffix: str
    """With its dot: ".mmd"."""
    write: Callable[[Flow, Mapping[str, Any]], Exported]
    """The flow as text. Pure: it reads nothing but the flow, and the values of its native file,
    which may hold what is of other programs; {} for a flow that is in no file."""
