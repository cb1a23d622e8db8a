"""Preparing: what a run needs before its first step, while the window goes on being drawn."""

import asyncio

from agentflow.catalogue import Catalogue
from agentflow.concurrency.threads import in_thread
from agentflow.errors import FlowCheckError
from agentflow.flow.check import check_by_rule
from agentflow.flow.flow import Flow
from agentflow.models.open import import_clients

__all__ = ["prepare"]


async def prepare(flow: Flow, catalogue: Catalogue) -> None:
    """Check a flow, with a turn for the window after each rule, and import what asks its models.

    Raises:
        FlowCheckError: it has errors.
    """
    checking, problems = check_by_rule(flow, catalogue), None
    while problems is None:
        try:
            next(checking)
        except StopIteration as end:
            problems = end.value
        await asyncio.sleep(0)
    errors = [it for it in problems if it.severity == "error"]
    if errors:
        raise FlowCheckError(errors)
    if _asks_a_model(flow, catalogue):
        await in_thread(import_clients)


def _asks_a_model(flow: Flow, catalogue: Catalogue) -> bool:
    specs = [*flow.agents.values()]
    for step in flow.orchestrators():
        specs += catalogue.called_by(step)
    kinds = map(catalogue.agent_types.get, {spec.type for spec in specs})
    return any(kind is not None and kind.asks_model for kind in kinds)
