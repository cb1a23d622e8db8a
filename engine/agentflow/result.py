"""AgentResult: what came of one agent's call."""

from dataclasses import dataclass
from datetime import datetime

from agentflow.state import State

__all__ = ["AgentResult"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentResult:
    """What came of one call: the state it left, or why there is none."""

    output_state: State | None = None
    error: str = ""
    """Why it failed, in the agent's own words; "" when it did not."""
    started: datetime | None = None
    ended: datetime | None = None
