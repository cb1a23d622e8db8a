"""Conditions of a flow: compiled when the flow is, asked of the state and the event of a run."""

from collections.abc import Mapping
from typing import Any

from agentflow.flow.condition import Condition, Verdict, compile_condition
from agentflow.run import Run
from agentflow.state import State

__all__ = ["asked", "compiled"]


def compiled(text: str) -> Condition | None:
    """A condition, ready to be asked; None for none.

    Raises:
        ConditionError: it is no expression.
    """
    return compile_condition(text) if text else None


def asked(
    condition: Condition,
    run: Run,
    state: State,
    path: str,
    also: Mapping[str, Any] | None = None,
) -> Verdict:
    """Ask it of the state and, under the name `metadata`, of the event's metadata.

    Args:
        condition: what is asked.
        run: whose event has the metadata.
        state: what is asked about.
        path: the step that asks.
        also: values besides; a key of the state goes before.

    Raises:
        ConditionError: it reads what is not there, or gives no truth value.
    """
    values: Mapping[str, Any] = state
    if "metadata" in condition.names and "metadata" not in state:
        values = {"metadata": dict(run.event.metadata), **state}
    if also is not None:
        values = {**also, **values}
    return condition.evaluate(values, path=path)
