"""Replay: plays the recorded trace of a run to whoever listens. No agent is called."""

import time
from collections.abc import Callable, Sequence
from typing import cast

from agentflow.journal.recorded_run import RecordedRun
from agentflow.running.outcome import RunOutcome, Status, Told
from agentflow.trace import Listener

__all__ = ["played"]


def played(
    run: RecordedRun,
    listeners: Sequence[Listener],
    *,
    speed: float = 0.0,
    sleep: Callable[[float], None] = time.sleep,
) -> RunOutcome | None:
    """Play a run; what came of it, or None for one that has no end.

    Args:
        run: what is recorded of it.
        listeners: each gets every entry, in order.
        speed: how many times as fast as it went; 0 for without waiting.
        sleep: waits for so many seconds.
    """
    before = run.entries[0].time if run.entries else 0.0
    for entry in run.entries:
        if speed > 0 and entry.time > before:
            sleep((entry.time - before) / speed)
        before = entry.time
        for listener in listeners:
            listener(entry)
    if run.end is None:
        return None
    return RunOutcome(
        status=cast("Status", run.end.status),
        state=run.end.state,
        error=run.end.error,
        record=Told(run.id, run.entries),
    )
