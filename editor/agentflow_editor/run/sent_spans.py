"""SentSpans: sends a window's runs to an OpenTelemetry collector, where the environment asks it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from agentflow.catalogue import Catalogue
from agentflow.concurrency.threads import in_thread
from agentflow.flow.flow import Flow
from agentflow.settings import AskedEnvironment
from agentflow.telemetry.asked import asked_by_environment, open_export
from agentflow.trace import Listener

if TYPE_CHECKING:
    from agentflow.telemetry.export import SpanExport

__all__ = ["SentSpans"]


class SentSpans:
    """Sends what the command line would send. What sends is made ready with the first run."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        """`environ` is where the standard variables are."""
        self._environ = environ
        self._export: SpanExport | None = None

    def listener(
        self, flow: Flow, catalogue: Catalogue, asked: AskedEnvironment
    ) -> Listener | None:
        """What listens to a run of a flow; None where nothing is to be sent.

        Raises:
            SetupError: spans are wanted, and what sends them is not installed.
        """
        if not asked_by_environment(self._environ):
            return None
        if self._export is None:
            self._export = open_export("", self._environ)
        return self._export.listener(flow, catalogue, asked.unsaid)

    async def close(self) -> None:
        """Send what is left; a collector that does not listen is tried for some seconds."""
        export, self._export = self._export, None
        if export is not None:
            await in_thread(export.__exit__, None, None, None)
