"""Spans: a listener that makes OpenTelemetry spans of a run's trace: of it, its steps, its calls.

Names and `gen_ai.*` attributes are those of the GenAI conventions; see `gen_ai`. What the trace
says beside that is told as `agentflow.*`, and what happened inside a step as events of its span,
by the names that the trace has for it.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

# Imported only where spans are wanted: a small flow runs in less time than this takes.
from opentelemetry.context import Context
from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer, set_span_in_context

from agentflow.flow.flow import Flow
from agentflow.open_steps import OpenSteps, StepEnded, pass_of
from agentflow.telemetry.gen_ai import Attributes
from agentflow.trace import (
    EventReceived,
    ModelUsed,
    RunFinished,
    RunRecovered,
    RunStarted,
    StepCancelled,
    StepFailed,
    StepNoted,
    StepOutput,
    StepRetried,
    StepStarted,
    StepSucceeded,
    ToolCalled,
    TraceEntry,
)

__all__ = ["Spans"]

MOST_TEXT = 4096
"""Characters of an attribute; collectors cut off what is longer, or refuse it."""


class Spans:
    """A listener of a runner's runs. A span begins and ends as its entry comes, at its time."""

    def __init__(
        self,
        tracer: Tracer,
        model_calls: Mapping[str, Attributes] | None = None,
        unsaid: Callable[[str], str] = str,
        parent: Context | None = None,
        calls_of: Callable[[Flow], Mapping[str, Attributes]] = lambda _: {},
    ) -> None:
        """Make spans of runs.

        Args:
            tracer: what begins spans.
            model_calls: what is known of the calls of agents to their models; see `model_calls`.
            unsaid: takes out of a text what no record may show.
            parent: what the runs' own spans belong to; None for nothing.
            calls_of: finds `model_calls` for flows that are run as a step.
        """
        self._tracer, self._model_calls, self._unsaid = tracer, model_calls or {}, unsaid
        self._parent, self._calls_of = parent or Context(), calls_of
        self._runs: dict[str, _RunSpans] = {}
        self._stopped: _RunSpans | None = None
        """The run that was stopped last: it may go on."""

    def __call__(self, entry: TraceEntry) -> None:
        """Something happened."""
        if isinstance(entry, RunStarted):
            begin = _Begin(self._tracer, self._unsaid)
            run = _RunSpans(begin, self._model_calls, entry, self._parent)
            self._runs[entry.run_id] = run
        elif (run := self._runs.get(entry.run_id)) is not None:
            run.take(entry)
            if isinstance(entry, RunFinished):
                del self._runs[entry.run_id]
                self._stopped = run if entry.status == "cancelled" else None
        elif isinstance(entry, RunRecovered) and self._stopped is not None:
            self._go_on(self._stopped, entry)

    def inside(self, run_id: str, path: str, flow: Flow) -> "Spans":
        """The same for a flow that is run by a step: its runs' spans are parts of the step's."""
        run = self._runs.get(run_id)
        parent = run.context_at(path) if run else self._parent
        return Spans(self._tracer, self._calls_of(flow), self._unsaid, parent, self._calls_of)

    def _go_on(self, run: "_RunSpans", entry: RunRecovered) -> None:
        if run.run_id == entry.run_id:
            self._runs[entry.run_id] = run
            self._stopped = None
            run.go_on(entry)


@dataclass(frozen=True, slots=True)
class _Begin:
    """Begins spans, and says what they say."""

    tracer: Tracer
    unsaid: Callable[[str], str]

    def span(
        self,
        name: str,
        time: float,
        around: Context,
        attributes: Mapping[str, Any],
        kind: SpanKind = SpanKind.INTERNAL,
    ) -> Span:
        told = {key: self.value(value) for key, value in attributes.items()}
        name = self.value(name.strip())
        return self.tracer.start_span(name, around, kind, told, start_time=_nanoseconds(time))

    def event(self, span: Span, entry: TraceEntry) -> None:
        """What happened, by the trace's own words for it."""
        facts = zip(entry._fields[4:], entry[4:], strict=True)
        told = {f"agentflow.{name}": self.value(value) for name, value in facts}
        span.add_event(type(entry).__name__, told, _nanoseconds(entry.time))

    def value(self, value: Any) -> Any:
        """The value as an attribute: plain values, and lists of texts; all else is JSON."""
        if isinstance(value, (bool, int, float)):
            return value
        if isinstance(value, (tuple, list)):
            members = list(cast("Sequence[Any]", value))
            if all(type(it) is str for it in members):
                return [self.value(it) for it in members]
        text = value if isinstance(value, str) else json.dumps(value, default=str)
        return self.unsaid(text)[:MOST_TEXT].encode("utf-8", "replace").decode("utf-8")


@dataclass(slots=True)
class _Step:
    """A step that has begun."""

    span: Span
    agent: str
    """The agent's name; "" for an orchestrator."""
    call: Span | None = None
    """The call to its model that goes on."""
    called: float = 0.0
    """When that began; without one, when the next one can have begun."""
    is_silent: bool = True
    """Whether the model has said nothing yet."""


class _RunSpans:
    """The spans of one run."""

    def __init__(
        self,
        begin: _Begin,
        model_calls: Mapping[str, Attributes],
        started: RunStarted,
        parent: Context,
    ) -> None:
        self._begin, self._model_calls = begin, model_calls
        self.run_id, self._flow = started.run_id, started.flow
        self._steps: OpenSteps[_Step] = OpenSteps()
        self._root = self._begun(started.time, parent)

    def go_on(self, entry: RunRecovered) -> None:
        """The run had been stopped and goes on: spans that have ended are followed by others."""
        self._root = self._begun(entry.time, _inside(self._root))
        self._begin.event(self._root, entry)
        for began, _ in self._steps.stopped():
            self._begin_step(began._replace(time=entry.time))

    def context_at(self, path: str) -> Context:
        """What a span belongs to that is part of the step at a path."""
        step = self._steps.at(path)
        return _inside(step.span if step else self._root)

    def _begun(self, time: float, around: Context) -> Span:
        told = {
            "gen_ai.operation.name": "invoke_workflow",
            "gen_ai.workflow.name": self._flow,
            "agentflow.run.id": self.run_id,
        }
        return self._begin.span(f"invoke_workflow {self._flow}", time, around, told)

    def take(self, entry: TraceEntry) -> None:
        """Something happened in the run."""
        match entry:
            case StepStarted():
                self._begin_step(entry)
            case StepSucceeded() | StepFailed() | StepCancelled():
                self._end_step(entry)
            case StepOutput():
                self._hear(entry)
            case ModelUsed():
                self._answer(entry)
            case ToolCalled():
                self._call_tool(entry)
            case StepRetried():
                self._retry(entry)
            case EventReceived():
                self._receive(entry)
            case RunFinished():
                self._finish(entry)
            case StepNoted(about="memory"):
                self._note(entry._replace(text="", facts=_without_contents(entry.facts)))
            case _:
                self._note(entry)

    def _note(self, entry: TraceEntry) -> None:
        step = self._steps.at(entry.path) or self._steps.around(entry.path)
        self._begin.event(step.span if step else self._root, entry)

    def _begin_step(self, entry: StepStarted) -> None:
        is_agent = entry.kind == "agent"
        told: dict[str, Any] = {"agentflow.step.path": entry.path}
        if (number := pass_of(entry.path)) is not None:
            told["agentflow.loop.pass"] = number
        if is_agent:
            told |= {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": entry.name}
        else:
            told |= {"agentflow.orchestrator.name": entry.name, "agentflow.mode": entry.kind}
        name = f"{'invoke_agent' if is_agent else entry.kind} {entry.name}"
        owner = self._steps.around(entry.path)
        around = _inside(owner.span if owner else self._root)
        step = _Step(
            self._begin.span(name, entry.time, around, told), entry.name if is_agent else ""
        )
        self._steps.begin(entry, step)
        self._begin_call(step, entry.time)

    def _begin_call(self, step: _Step, time: float) -> None:
        told = self._model_calls.get(step.agent)
        if told is None:
            return
        name = f"chat {told.get('gen_ai.request.model', '')}"
        told = {**told, "gen_ai.agent.name": step.agent}
        step.call = self._begin.span(name, time, _inside(step.span), told, SpanKind.CLIENT)
        step.called, step.is_silent = time, True

    def _hear(self, entry: StepOutput) -> None:
        step = self._steps.at(entry.path)
        if step is not None and step.call is not None and step.is_silent:
            step.is_silent = False
            waited = max(0.0, entry.time - step.called)
            step.call.set_attribute("gen_ai.response.time_to_first_chunk", waited)

    def _answer(self, entry: ModelUsed) -> None:
        """The model has answered, and told what that took."""
        step = self._steps.at(entry.path)
        if step is None:
            return
        if step.call is None:
            self._begin_call(step, step.called)
        if step.call is not None:
            step.call.set_attribute("gen_ai.usage.input_tokens", entry.input_tokens)
            step.call.set_attribute("gen_ai.usage.output_tokens", entry.output_tokens)
            if entry.cost is not None:
                step.call.set_attribute("agentflow.cost", entry.cost)
            self._end(step.call, entry.time)
        step.call, step.called = None, entry.time

    def _call_tool(self, entry: ToolCalled) -> None:
        """A tool was called; what it was told and said is the trace's alone."""
        step = self._steps.at(entry.path)
        around = _inside(step.span if step else self._root)
        told = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": entry.tool}
        began = entry.time - entry.duration
        span = self._begin.span(f"execute_tool {entry.tool}", began, around, told)
        self._end(span, entry.time, error="the tool failed" if entry.is_error else "")
        if step is not None:
            step.called = entry.time

    def _retry(self, entry: StepRetried) -> None:
        step = self._steps.at(entry.path)
        if step is None:
            return
        self._begin.event(step.span, entry)
        if step.call is not None:
            self._end(step.call, entry.time, error=entry.error)
        self._begin_call(step, entry.time + entry.delay)

    def _end_step(self, entry: StepEnded) -> None:
        step = self._steps.end(entry)
        if step is None:
            return
        error = entry.error if isinstance(entry, StepFailed) else ""
        if isinstance(entry, StepCancelled):
            self._begin.event(step.span, entry)
        elif entry.changes:
            told = self._begin.value(tuple(entry.changes))
            step.span.set_attribute("agentflow.step.changed", told)
        if step.call is not None:
            # What was to be called again, and was stopped while it waited, was not called.
            self._end(step.call, max(entry.time, step.called), error=error)
        self._end(step.span, entry.time, error=error)

    def _receive(self, entry: EventReceived) -> None:
        told = {
            "agentflow.event.id": entry.event_id,
            "agentflow.event.target": entry.target,
            "gen_ai.conversation.id": entry.session_id,
        }
        for name, value in told.items():
            if value:
                self._root.set_attribute(name, self._begin.value(value))

    def _finish(self, entry: RunFinished) -> None:
        for step in self._steps.rest():
            for span in filter(None, (step.call, step.span)):
                self._end(span, entry.time)
        self._root.set_attribute("agentflow.run.status", entry.status)
        self._end(self._root, entry.time, error=entry.error)

    def _end(self, span: Span, time: float, *, error: str = "") -> None:
        if error:
            span.set_attribute("error.type", "_OTHER")  # the trace knows its text only
            span.set_status(StatusCode.ERROR, self._begin.value(error))
        span.end(_nanoseconds(time))


def _without_contents(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was remembered or looked for is the trace's alone."""
    return {"operation": facts["operation"]}


def _inside(span: Span) -> Context:
    return set_span_in_context(span, Context())


def _nanoseconds(time: float) -> int:
    return round(time * 1e9)
