"""Sharing: a sheet made of another one's very parts, wherever both say the same."""

from typing import Any

from agentflow.flow.flow import Flow
from agentflow_editor.document.sheet import Sheet

__all__ = ["shared"]


def shared(sheet: Sheet, known: Sheet) -> Sheet:
    """An equal sheet that has its equal parts from a known one; that one itself where all is equal.

    Who compares both then finds at once what is the same.
    """
    flow = _shared_flow(sheet.flow, known.flow)
    layout = known.layout if sheet.layout == known.layout else sheet.layout
    sketch = known.sketch if sheet.sketch == known.sketch else sheet.sketch
    if flow is known.flow and layout is known.layout and sketch is known.sketch:
        return known
    return Sheet(flow, layout, sketch)


def _shared_flow(flow: Flow, known: Flow) -> Flow:
    agents = {name: _either(spec, known.agents.get(name)) for name, spec in flow.agents.items()}
    if list(agents) == list(known.agents) and all(
        spec is known.agents[name] for name, spec in agents.items()
    ):
        agents = known.agents
    parts = {key: _either(getattr(flow, key), getattr(known, key)) for key in ("root", "parked")}
    if agents is known.agents and flow == known:
        return known
    return flow.model_copy(update={"agents": agents, **parts})


def _either(one: Any, known: Any) -> Any:
    return known if one == known else one
