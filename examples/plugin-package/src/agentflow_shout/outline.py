"""Outline: a flow as an indented list of its steps."""

from collections.abc import Mapping
from typing import Any

from agentflow.exporters.base import Exported, Exporter
from agentflow.flow.flow import Flow


def write(flow: Flow, native: Mapping[str, Any]) -> Exported:
    """The steps, each a line, members deeper than their owners."""
    lines = ["  " * place.path.count("/") + f"- {place.step.name}" for place in flow.places()]
    return Exported("\n".join(lines) + "\n")


EXPORTER = Exporter(name="outline", title="Outline", suffix=".txt", write=write)
