"""Export: sends spans to a collector, in OTLP over HTTP. Needs the extra `otel`."""

from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from types import TracebackType
from typing import Self

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from agentflow.catalogue import Catalogue
from agentflow.flow.flow import Flow
from agentflow.telemetry.gen_ai import Attributes, model_calls
from agentflow.telemetry.spans import Spans

__all__ = ["SpanExport"]

_PATH = "/v1/traces"

_PATIENCE = 5.0
"""Seconds that a collector which cannot be reached is tried, and thus may hold up the end."""

_TIMEOUTS = ("OTEL_EXPORTER_OTLP_TIMEOUT", "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT")


class SpanExport:
    """Sends spans while it is open; when it is closed, it waits until the last ones are sent."""

    def __init__(self, endpoint: str, environ: Mapping[str, str]) -> None:
        """Make it ready.

        Args:
            endpoint: the collector's address; "" for what the standard variables say.
            environ: the process's, whose TRACEPARENT the runs' spans belong to.
        """
        exporter = OTLPSpanExporter(
            endpoint=_with_path(endpoint) if endpoint else None,
            timeout=None if any(environ.get(name) for name in _TIMEOUTS) else _PATIENCE,
        )
        self._exporter, self._environ = _Counting(exporter), environ
        self._provider = TracerProvider(resource=_resource(), shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(self._exporter))

    @property
    def unsent(self) -> int:
        """How many spans the collector did not take."""
        return self._exporter.unsent

    def listener(self, flow: Flow, catalogue: Catalogue, unsaid: Callable[[str], str]) -> Spans:
        """What makes spans of the runs of a flow; `unsaid` takes out what no record may show."""
        tracer = self._provider.get_tracer("agentflow", version("agentflow-studio"))
        carrier = {"traceparent": self._environ.get("TRACEPARENT", "")}
        parent = TraceContextTextMapPropagator().extract(carrier)

        def calls_of(flow: Flow) -> Mapping[str, Attributes]:
            return model_calls(flow, catalogue)

        return Spans(tracer, calls_of(flow), unsaid, parent, calls_of)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self._provider.shutdown()


class _Counting(SpanExporter):
    """Counts what could not be sent."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter
        self.unsent = 0

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = self._exporter.export(spans)
        if result is not SpanExportResult.SUCCESS:
            self.unsent += len(spans)
        return result

    def shutdown(self) -> None:
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._exporter.force_flush(timeout_millis)


def _with_path(endpoint: str) -> str:
    bare = endpoint.rstrip("/")
    return bare if bare.endswith(_PATH) else bare + _PATH


def _resource() -> Resource:
    """Who sends: what the standard variables say, else this program."""
    told = Resource.create({"service.version": version("agentflow-studio")})
    is_named = not str(told.attributes[SERVICE_NAME]).startswith("unknown_service")
    return told if is_named else told.merge(Resource({SERVICE_NAME: "agentflow"}))
