"""Inner flow: who hears of a flow that a step runs, and what keeps its run."""

from collections.abc import Iterator, Sequence
from typing import Protocol, runtime_checkable

from agentflow.agents.base import AgentCall
from agentflow.call_key import key_around
from agentflow.event import Event
from agentflow.flow.flow import Flow
from agentflow.flow.flow_file import FlowFile
from agentflow.keeping import InnerRun, Keeper, RunToResume
from agentflow.trace import Listener

__all__ = ["kept_inside", "listeners_inside"]


@runtime_checkable
class _DeepListener(Protocol):
    """A listener that wants to hear, too, what happens in flows that are run as a step."""

    def inside(self, run_id: str, path: str, flow: Flow) -> Listener: ...


def listeners_inside(
    listeners: Sequence[Listener], flow: Flow, call: AgentCall, resumed: RunToResume | None
) -> Iterator[Listener]:
    """Those of the outer run that want to hear of the inner one; they know what is recorded of it.

    Args:
        listeners: the outer run's.
        flow: the inner one.
        call: what it is run for.
        resumed: its run, where that goes on.
    """
    for listener in listeners:
        if isinstance(listener, _DeepListener):
            deep = listener.inside(call.run_id, call.path, flow)
            for entry in resumed.entries if resumed else ():
                deep(entry)
            yield deep


def kept_inside(keeper: Keeper, opened: FlowFile, event: Event, call: AgentCall) -> InnerRun | None:
    """How the run stands that a flow's call is, in the journal; None where it is not kept."""
    around = key_around()
    if opened.source is None or not around:
        return None
    return keeper.inside(
        f"{around}.{call.attempt}",
        event,
        text=opened.text,
        file=opened.source,
        flow=opened.flow.name,
    )
