"""What is run from the editor is sent to a collector where the standard variables ask for that."""

import pytest

from agentflow.event import Event
from agentflow_editor.run.controller import RunController
from editor.benches import STAGES, open_text
from editor.run.test_controller import Ends, until
from engine.telemetry.collector import Collector, collecting


@pytest.fixture
def collector():
    with collecting() as it:
        yield it


async def test_the_spans_of_a_run_are_sent_before_the_window_is_gone(
    bench, collector: Collector, tmp_path, monkeypatch
):
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.address)
    environ = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.address}
    controller = RunController(
        bench.document,
        bench.trace,
        bench.breakpoints,
        bench.catalogue,
        bench.run._trust,
        environ=environ,
    )
    open_text(bench, tmp_path, STAGES)
    ends = Ends(controller)

    controller.run(Event(data={"message": "hello"}))
    await until(lambda: ends.outcomes)
    await controller.close()

    (root,) = [it for it in collector.spans if it.name.startswith("invoke_workflow")]
    assert root.attributes["agentflow.run.id"] == ends.outcomes[0].run_id
    assert len(collector.spans) > 1


async def test_nothing_is_sent_where_nobody_asks(bench, collector: Collector, tmp_path):
    open_text(bench, tmp_path, STAGES)
    ends = Ends(bench.run)

    bench.run.run(Event(data={"message": "hello"}))
    await until(lambda: ends.outcomes)
    await bench.run.close()

    assert collector.spans == []
