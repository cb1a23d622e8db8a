"""Conditions of orchestrators: compiled when the flow is, asked of the state and the event."""

from typing import TYPE_CHECKING

from agentflow.run import Run
from agentflow.state import State

if TYPE_CHECKING:
    from agentflow.flow.condition import Condition, Verdict

__all__ = ["asked", "compiled"]


def compiled(text: str) -> "Condition | None":
    """A condition, ready to be asked; None for none.

    Raises:
        ConditionError: it is no expression.
    """
    if not text:
        return None
    # The library of the language is heavy, and most flows of a server have no condition.
    from agentflow.flow.condition import compile_condition  # noqa: PLC0415

    return compile_condition(text)


def asked(condition: "Condition", run: Run, state: State, path: str) -> "Verdict":
    """Ask it of the state and, under the name `metadata`, of the event's metadata.

    Raises:
        ConditionError: it reads what is not there, or gives no truth value.
    """
    return condition.evaluate({"metadata": dict(run.event.metadata), **state}, path=path)
