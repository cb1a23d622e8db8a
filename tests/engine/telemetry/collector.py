"""A small OpenTelemetry collector: takes OTLP over HTTP on loopback, and keeps what it got."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)


@dataclass
class Got:
    """A span as it came over the wire."""

    name: str
    kind: int
    id: bytes
    parent: bytes
    trace: bytes
    start: float
    end: float
    attributes: dict[str, Any]
    events: list[tuple[str, dict[str, Any]]]
    status: tuple[int, str]
    resource: dict[str, Any]


@dataclass
class Collector:
    """What came."""

    address: str = ""
    spans: list[Got] = field(default_factory=list)

    def named(self, name: str) -> Got:
        """The one span of this name."""
        (found,) = [span for span in self.spans if span.name == name]
        return found

    def at(self, path: str) -> Got:
        """The one span of the step at a path."""
        key = "agentflow.step.path"
        (found,) = [span for span in self.spans if span.attributes.get(key) == path]
        return found

    def parent_of(self, span: Got) -> str:
        """The name of a span's parent."""
        return next((it.name for it in self.spans if it.id == span.parent), "")

    def take(self, body: bytes) -> None:
        """Read an export."""
        for group in ExportTraceServiceRequest.FromString(body).resource_spans:
            resource = _values(group.resource.attributes)
            for scope in group.scope_spans:
                self.spans += [_got(span, resource) for span in scope.spans]


def _got(span: Any, resource: dict[str, Any]) -> Got:
    return Got(
        name=span.name,
        kind=span.kind,
        id=span.span_id,
        parent=span.parent_span_id,
        trace=span.trace_id,
        start=span.start_time_unix_nano / 1e9,
        end=span.end_time_unix_nano / 1e9,
        attributes=_values(span.attributes),
        events=[(event.name, _values(event.attributes)) for event in span.events],
        status=(span.status.code, span.status.message),
        resource=resource,
    )


def _values(pairs: Any) -> dict[str, Any]:
    return {pair.key: _value(pair.value) for pair in pairs}


def _value(value: Any) -> Any:
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return [_value(it) for it in value.array_value.values]
    return getattr(value, kind)


@contextmanager
def collecting() -> Generator[Collector, None, None]:
    """A collector that listens while it is entered."""
    collector = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if (
                self.path != "/v1/traces"
                or self.headers["Content-Type"] != "application/x-protobuf"
            ):
                self.send_error(404)
                return
            collector.take(body)
            answer = ExportTraceServiceResponse().SerializeToString()
            self.send_response(200)
            self.send_header("Content-Type", "application/x-protobuf")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        collector.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield collector
        finally:
            server.shutdown()
            thread.join()
