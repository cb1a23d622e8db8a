"""Words: how the things that happen in a run are told on one line."""

import json

from agentflow.trace import (
    BranchesMerged,
    Comparison,
    LoopChecked,
    ModelUsed,
    RouteChosen,
    RunFinished,
    RunRecovered,
    RunStarted,
    StepCancelled,
    StepFailed,
    StepNoted,
    StepRetried,
    StepSkipped,
    StepStarted,
    StepSucceeded,
    ToolCalled,
    TraceEntry,
)

__all__ = ["headline", "remark", "seconds"]


def seconds(value: float) -> str:
    """A duration for a reader: "3ms", "0.42s", "12.3s", "2m05s"."""
    if value < 0.0995:
        return f"{value * 1000:.0f}ms"
    if value < 9.995:
        return f"{value:.2f}s"
    if value < 59.95:
        return f"{value:.1f}s"
    minutes, rest = divmod(round(value), 60)
    return f"{minutes}m{rest:02}s"


def headline(entry: TraceEntry) -> str | None:
    """The entry in a few words; None for what is of no interest on a line of its own."""
    match entry:
        case RunStarted():
            return f"started {entry.flow or 'a flow'}"
        case StepStarted():
            return "started" if entry.kind == "agent" else f"started ({entry.kind})"
        case StepSucceeded():
            wrote = f" -> {', '.join(entry.changes)}" if entry.changes else ""
            return f"done in {seconds(entry.duration)}{wrote}"
        case StepFailed():
            return f"failed after {seconds(entry.duration)}: {entry.error}"
        case StepCancelled():
            return f"cancelled after {seconds(entry.duration)}" + _because(entry.why)
        case StepSkipped():
            return "skipped" + _because(entry.why)
        case RunRecovered():
            again = f"; once more: {', '.join(entry.in_flight)}" if entry.in_flight else ""
            return f"goes on{again}"
        case RunFinished():
            return f"{entry.status} in {seconds(entry.duration)}"
        case _:
            return remark(entry)


def remark(entry: TraceEntry) -> str | None:
    """What an entry adds to a step that is known already: the case taken, the pass ended."""
    match entry:
        case RouteChosen():
            return f"took {entry.case!r}" + _because(_deciding(entry) or entry.why)
        case LoopChecked():
            return _checked(entry)
        case BranchesMerged():
            failed = f", {len(entry.failed)} failed" if entry.failed else ""
            return f"merged {len(entry.branches)} branches{failed}"
        case ToolCalled():
            failed = " (an error)" if entry.is_error else ""
            return f"called {entry.tool}({_arguments(entry)}){failed}: {_clipped(entry.answer)}"
        case ModelUsed():
            return f"{entry.model} read {entry.input_tokens} tokens, wrote {_written(entry)}"
        case StepRetried():
            wait = seconds(entry.delay)
            return f"attempt {entry.attempt} failed, next in {wait}: {entry.error}"
        case StepNoted():
            return entry.text
        case _:
            return None


_LONGEST = 80


def _arguments(entry: ToolCalled) -> str:
    given = (f"{name}={json.dumps(it, default=str)}" for name, it in entry.arguments.items())
    return _clipped(", ".join(given))


def _clipped(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def _written(entry: ModelUsed) -> str:
    cost = "" if entry.cost is None else f", for {entry.cost:.6f}".rstrip("0").rstrip(".")
    return f"{entry.output_tokens}{cost}"


def _because(why: str) -> str:
    return f": {why}" if why else ""


def _deciding(entry: RouteChosen) -> str:
    taken = [_comparison(it) for it in entry.comparisons if it.holds]
    others = [f"not {_comparison(it)}" for it in entry.comparisons if not it.holds]
    return taken[0] if taken else ", ".join(others)


def _comparison(made: Comparison) -> str:
    return f"{made.test} ({made.found})" if made.found else made.test


def _checked(entry: LoopChecked) -> str:
    values = (f"{name} = {json.dumps(value, default=str)}" for name, value in entry.values.items())
    found = f" ({', '.join(values)})" if entry.values else ""
    done = f"{entry.passes} of at most {entry.limit} passes"
    if not entry.verdict:
        return f"goes on after {done}{found}"
    why = entry.condition if entry.why == "condition" else entry.why
    return f"ended after {done}: {why}{found}"
