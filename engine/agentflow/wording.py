"""Wording: what happens in a run, told as a person would; wherever it is shown."""

import json
from collections.abc import Iterable
from typing import Any

from agentflow.trace import (
    BranchesMerged,
    BreakpointHit,
    Comparison,
    EventReceived,
    LoopChecked,
    ModelUsed,
    RouteChosen,
    RunFinished,
    RunPaused,
    RunRecovered,
    RunResumed,
    RunStarted,
    StepCancelled,
    StepFailed,
    StepNoted,
    StepOutput,
    StepRetried,
    StepSkipped,
    StepStarted,
    StepSucceeded,
    ToolCalled,
    TraceEntry,
)

__all__ = ["compared", "duration", "sentence", "used"]

_ENDS = {"succeeded": "succeeded", "failed": "failed", "cancelled": "was stopped"}
_MOST_KEYS = 4
_LONGEST_VALUE = 60


def duration(seconds: float) -> str:
    """A duration for a reader: "3 ms", "0.42 s", "12.3 s", "2 min 05 s"."""
    if seconds < 0.0005:
        return "<1 ms"
    if seconds < 0.0995:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 9.995:
        return f"{seconds:.2f} s"
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s"


def sentence(entry: TraceEntry) -> str:
    """The entry as a sentence whose subject is the step that it happened at."""
    match entry:
        case StepStarted():
            return "began" if entry.kind == "agent" else f"began ({entry.kind})"
        case StepSucceeded():
            return _succeeded(entry)
        case StepFailed():
            return f"failed after {duration(entry.duration)}: {entry.error}"
        case StepCancelled():
            return f"was cancelled after {duration(entry.duration)}{_because(entry.why)}"
        case StepSkipped():
            return f"was skipped{_because(entry.why)}"
        case StepOutput():
            return f"said {_short(entry.delta)}"
        case StepRetried():
            wait = duration(entry.delay)
            return f"failed in attempt {entry.attempt}, tries again in {wait}: {entry.error}"
        case StepNoted():
            return entry.text
        case _:
            return _decided(entry)


def compared(comparison: Comparison) -> str:
    """One case of a router: what it asked, what it found, and whether it holds."""
    found = f", found {comparison.found}" if comparison.found else ""
    return f"{comparison.case}: {comparison.test}{found} → {'yes' if comparison.holds else 'no'}"


_Decision = (
    ToolCalled
    | ModelUsed
    | RunStarted
    | EventReceived
    | RouteChosen
    | LoopChecked
    | BranchesMerged
    | BreakpointHit
    | RunPaused
    | RunResumed
    | RunRecovered
    | RunFinished
)


def _decided(entry: _Decision) -> str:
    match entry:
        case RouteChosen():
            return _chosen(entry)
        case LoopChecked():
            return _checked(entry)
        case BranchesMerged():
            return _merged(entry)
        case ToolCalled():
            return _called(entry)
        case ModelUsed():
            took = used(entry.input_tokens, entry.output_tokens, entry.cost)
            return f"had {entry.model} read and write {took}"
        case BreakpointHit():
            return "has a breakpoint"
        case RunPaused():
            return "waits to begin"
        case RunResumed():
            return "goes on"
        case _:
            return _of_the_run(entry)


def _of_the_run(entry: RunStarted | EventReceived | RunRecovered | RunFinished) -> str:
    match entry:
        case RunStarted():
            return f"The run of {entry.flow or 'the flow'} began"
        case EventReceived():
            return "An event came in" + (f" for {entry.target}" if entry.target else "")
        case RunRecovered():
            again = f"; called once more: {_listed(entry.in_flight)}" if entry.in_flight else ""
            return f"The run was broken off, and goes on{again}"
        case RunFinished():
            why = f": {entry.error}" if entry.error else ""
            end = _ENDS.get(entry.status, entry.status)
            return f"The run {end} after {duration(entry.duration)}{why}"


def used(input_tokens: int, output_tokens: int, cost: float | None) -> str:
    """What a model took: "7 + 3 tokens for 0.0012"."""
    price = "" if cost is None else f" for {cost:.6f}".rstrip("0").rstrip(".")
    return f"{input_tokens:,} + {output_tokens:,} tokens{price}"


def _called(entry: ToolCalled) -> str:
    given = ", ".join(f"{name}={_short(value)}" for name, value in entry.arguments.items())
    did = "failed with" if entry.is_error else "answered"
    return f"called {entry.tool}({given}), which {did} {_short(entry.answer)}"


def _succeeded(entry: StepSucceeded) -> str:
    wrote = [f"wrote {_listed(entry.changes)}"] if entry.changes else []
    removed = [f"removed {_listed(entry.removed)}"] if entry.removed else []
    did = " and ".join([*wrote, *removed]) or "changed nothing"
    return f"succeeded in {duration(entry.duration)} and {did}"


def _chosen(entry: RouteChosen) -> str:
    taken = next((it for it in entry.comparisons if it.holds), None)
    why = f"{taken.test} ({taken.found})" if taken and taken.found else entry.why
    return f"took “{entry.case}”" + (f" because {why}" if why else "")


def _checked(entry: LoopChecked) -> str:
    done = f"after {entry.passes} of at most {entry.limit} passes"
    values = ", ".join(f"{name} = {_short(value)}" for name, value in entry.values.items())
    found = f" ({values})" if values else ""
    if not entry.verdict:
        return f"goes on {done}{found}"
    reasons = {
        "condition": f"{entry.condition} holds",
        "loop_completed": "loop_completed is set",
        "max_iterations": "there may be no more",
        "max_duration": "its time is up",
    }
    return f"ends {done}: {reasons.get(entry.why, entry.why)}{found}"


def _merged(entry: BranchesMerged) -> str:
    count = len(entry.branches)
    failed = f"; failed: {_listed(entry.failed)}" if entry.failed else ""
    return f"merged {count} {'branch' if count == 1 else 'branches'}{failed}"


def _because(why: str) -> str:
    return f": {why}" if why else ""


def _listed(names: Iterable[str]) -> str:
    listed = list(names)
    more = f" and {len(listed) - _MOST_KEYS} more" if len(listed) > _MOST_KEYS else ""
    return ", ".join(listed[:_MOST_KEYS]) + more


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"
