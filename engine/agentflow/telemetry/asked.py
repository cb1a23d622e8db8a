"""Asked: whether spans are wanted, and the way to what sends them, which is an extra."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from agentflow.errors import SetupError

if TYPE_CHECKING:
    from agentflow.telemetry.export import SpanExport

__all__ = ["asked_by_environment", "open_export"]

_VARIABLES = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")


def asked_by_environment(environ: Mapping[str, str]) -> bool:
    """Whether the standard variables ask for spans, and nothing among them forbids it."""
    exporters = environ.get("OTEL_TRACES_EXPORTER", "")
    if environ.get("OTEL_SDK_DISABLED", "").lower() == "true" or exporters == "none":
        return False
    return "otlp" in exporters.split(",") or any(environ.get(name) for name in _VARIABLES)


def open_export(endpoint: str, environ: Mapping[str, str]) -> "SpanExport":
    """Make ready what sends spans.

    Args:
        endpoint: the collector's address, "http://localhost:4318"; "" for what the standard
            variables say, and that one without them.
        environ: where those are.

    Raises:
        SetupError: the extra is not installed.
    """
    try:
        # Heavier than a small flow's whole run.
        from agentflow.telemetry.export import SpanExport  # noqa: PLC0415
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("opentelemetry"):
            raise
        fix = "pip install 'agentflow-studio[otel]', or set OTEL_SDK_DISABLED=true"
        where = "--otel" if not asked_by_environment(environ) else "OTEL_*"
        raise SetupError(f"{where}: what sends spans is not installed; {fix}") from None
    return SpanExport(endpoint, environ)
