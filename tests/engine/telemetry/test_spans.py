"""Spans: what a collector gets of a run, over the wire."""

import json
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from agentflow.agents.base import AgentSetup
from agentflow.catalogue import Catalogue
from agentflow.cli import main
from agentflow.event import Event
from agentflow.flow.flow import Flow
from agentflow.flow.load import parse
from agentflow.models.open import open_models
from agentflow.runner import Runner
from agentflow.state import State
from agentflow.telemetry.asked import open_export
from agentflow.trace import (
    RunFinished,
    RunRecovered,
    RunStarted,
    StepCancelled,
    StepStarted,
    StepSucceeded,
)
from engine.models.chat_server import chat_server, says, wants
from engine.telemetry.collector import Collector, collecting

CATALOGUE = Catalogue.installed()
ERROR, UNSET, CLIENT = 2, 0, 3

FLOW = """
[agent_flow]
name = "desk"

[orchestration]
mode = "mixed"
failure_threshold = 0.5

[[orchestration.mixed.stages]]
name = "research"
mode = "collaborative"
agents = ["news", "papers"]

[[orchestration.mixed.stages]]
name = "refine"
mode = "loop"
agents = ["draft", "choice"]
condition = "score >= 2"

[orchestrators.choice]
mode = "route"
default = ["critic"]
[[orchestrators.choice.cases]]
name = "short"
when = "score > 7"
agents = ["news"]

[agents.news]
type = "scripted"
output = { found = 1 }
delay = "30ms"

[agents.papers]
type = "scripted"
fail_on = [1, 2]
error = "no luck with ${AGENTFLOW_TEST_KEY}"
[agents.papers.retry_policy]
max_retries = 1
base_delay_ms = 40

[agents.draft]
type = "scripted"
outputs = [{ score = 1 }, { score = 2 }]

[agents.critic]
type = "scripted"
output = { said = "better" }
"""


@pytest.fixture
def collector() -> Generator[Collector, None, None]:
    with collecting() as it:
        yield it


@pytest.fixture
def flow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("AGENTFLOW_TEST_KEY", "sk-very-secret")
    path = tmp_path / "agentflow.toml"
    path.write_text(FLOW)
    return path


def run(flow: Path, *words: str) -> int:
    return main(["run", str(flow), "--input", '{"score": 0}', *words])


def test_the_spans_of_a_run_are_a_tree_of_its_steps(flow: Path, collector: Collector):
    assert run(flow, "--otel", collector.address) == 0

    assert {span.name: collector.parent_of(span) for span in collector.spans} == {
        "invoke_workflow desk": "",
        "collaborative research": "invoke_workflow desk",
        "invoke_agent news": "collaborative research",
        "invoke_agent papers": "collaborative research",
        "loop refine": "invoke_workflow desk",
        "invoke_agent draft": "loop refine",
        "route choice": "loop refine",
        "invoke_agent critic": "route choice",
    }
    assert len({span.trace for span in collector.spans}) == 1
    passes = [it for it in collector.spans if it.name == "invoke_agent draft"]
    assert [it.attributes["agentflow.loop.pass"] for it in passes] == [1, 2]


def test_spans_take_as_long_as_the_trace_says(flow: Path, collector: Collector, tmp_path: Path):
    trace = tmp_path / "trace.jsonl"
    run(flow, "--otel", collector.address, "--trace", str(trace))

    entries = [json.loads(line) for line in trace.read_text().splitlines()]
    ended = {it["path"]: it for it in entries if "duration" in it}
    for path in ("research", "research/news", "research/papers", "refine#2/choice/critic"):
        span = collector.at(path)
        assert span.end == pytest.approx(ended[path]["time"], abs=1e-5)
        assert span.end - span.start == pytest.approx(ended[path]["duration"], abs=2e-3)
    assert collector.at("research/papers").end - collector.at("research/papers").start >= 0.04
    news, papers = collector.at("research/news"), collector.at("research/papers")
    assert max(news.start, papers.start) < min(news.end, papers.end), "branches run side by side"


def test_a_failure_is_told_with_its_retry_and_without_secrets(flow: Path, collector: Collector):
    run(flow, "--otel", collector.address)

    papers = collector.at("research/papers")
    code, message = papers.status
    assert code == ERROR
    assert "no luck with ${AGENTFLOW_TEST_KEY}" in message
    assert papers.attributes["error.type"] == "_OTHER"
    (name, retried), *rest = papers.events
    assert (name, retried["agentflow.attempt"], rest) == ("StepRetried", 1, [])
    assert retried["agentflow.delay"] == pytest.approx(0.04)
    assert "sk-very-secret" not in repr(collector.spans)
    assert collector.at("research").status == (UNSET, "")


def test_what_orchestrators_decide_stands_in_their_spans(flow: Path, collector: Collector):
    run(flow, "--otel", collector.address)

    (merged,) = [it for name, it in collector.at("research").events if name == "BranchesMerged"]
    assert merged["agentflow.branches"] == ["news", "papers"]
    assert merged["agentflow.failed"] == ["papers"]
    checks = [it for name, it in collector.at("refine").events if name == "LoopChecked"]
    assert [it["agentflow.verdict"] for it in checks] == [False, False, True]
    assert checks[-1]["agentflow.values"] == '{"score": 2}'
    (chosen,) = [it for name, it in collector.at("refine#1/choice").events if name == "RouteChosen"]
    assert chosen["agentflow.case"] == "default"


def test_the_run_and_its_agents_speak_the_words_of_the_gen_ai_conventions(
    flow: Path, collector: Collector
):
    run(flow, "--otel", collector.address, "--meta", "a=b")

    root = collector.named("invoke_workflow desk")
    assert root.attributes["gen_ai.operation.name"] == "invoke_workflow"
    assert root.attributes["gen_ai.workflow.name"] == "desk"
    assert root.attributes["agentflow.run.status"] == "succeeded"
    news = collector.at("research/news").attributes
    assert news["gen_ai.operation.name"] == "invoke_agent"
    assert news["gen_ai.agent.name"] == "news"
    assert news["agentflow.step.changed"] == ["found"]
    assert root.resource["service.name"] == "agentflow"


MODEL = """
[agent_flow]
name = "asking"
[orchestration]
mode = "sequential"
[orchestration.sequential]
agents = ["writer"]
[llm]
provider = "ollama"
base_url = "{address}"
model = "tiny"
temperature = 0.5
[agents.writer]
type = "llm"
system_prompt = "Write."
[agents.writer.llm]
max_tokens = 7
"""


async def test_a_model_call_is_a_span_with_what_was_asked(collector: Collector):
    async with chat_server(says("Hello")) as chat:
        opened = parse(MODEL.format(address=chat.url), CATALOGUE).flow
        with open_export(collector.address, {}) as export:
            runner = Runner.from_flow(opened)
            runner.subscribe(export.listener(opened, CATALOGUE, str))
            await runner.run(Event(data={"message": "hi"}))

    call = collector.named("chat tiny")
    assert (call.kind, collector.parent_of(call)) == (CLIENT, "invoke_agent writer")
    waited = call.attributes.pop("gen_ai.response.time_to_first_chunk")
    assert 0 <= waited <= call.end - call.start
    assert call.attributes == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "ollama",
        "gen_ai.request.model": "tiny",
        "gen_ai.request.temperature": 0.5,
        "gen_ai.request.max_tokens": 7,
        "gen_ai.usage.input_tokens": 7,
        "gen_ai.usage.output_tokens": 1,
        "gen_ai.agent.name": "writer",
    }


async def test_a_tool_that_a_model_has_called_is_a_span_between_its_calls(
    flow: Path, collector: Collector
):
    (flow.parent / "adding.py").write_text("def add(a: int, b: int) -> int:\n    return a + b\n")
    async with chat_server(wants(("add", {"a": 1, "b": 2})), says("3")) as chat:
        text = MODEL.format(address=chat.url).replace(
            'system_prompt = "Write."', 'system_prompt = "Write."\ntools = ["adding:add"]'
        )
        opened = parse(text, CATALOGUE).flow
        with open_export(collector.address, {}) as export:
            setup = AgentSetup(models=open_models({}), folder=flow.parent)
            runner = Runner.from_flow(opened, setup=setup)
            runner.subscribe(export.listener(opened, CATALOGUE, str))
            outcome = await runner.run(Event(data={"message": "1 + 2"}))

    assert outcome.status == "succeeded", outcome.error
    tool = collector.named("execute_tool add")
    assert collector.parent_of(tool) == "invoke_agent writer"
    assert tool.attributes == {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": "add",
    }
    asked, answered = sorted(
        (it for it in collector.spans if it.name == "chat tiny"), key=lambda it: it.start
    )
    assert [it.attributes["gen_ai.usage.input_tokens"] for it in (asked, answered)] == [20, 7]
    assert asked.end <= tool.start + 2e-3
    assert tool.end <= answered.start + 2e-3


def test_the_standard_variables_turn_spans_on(
    flow: Path, collector: Collector, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.address)
    monkeypatch.setenv("OTEL_SERVICE_NAME", "newsroom")
    monkeypatch.setenv("TRACEPARENT", f"00-{'ab' * 16}-{'cd' * 8}-01")

    run(flow)

    root = collector.named("invoke_workflow desk")
    assert root.resource["service.name"] == "newsroom"
    assert (root.trace.hex(), root.parent.hex()) == ("ab" * 16, "cd" * 8)


def test_nothing_is_sent_where_the_variables_forbid_it(
    flow: Path, collector: Collector, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.address)
    monkeypatch.setenv("OTEL_SDK_DISABLED", "true")

    assert run(flow) == 0
    assert collector.spans == []


def test_a_collector_that_is_not_there_fails_no_run(
    flow: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1")

    assert run(flow, "--otel", "http://127.0.0.1:9") == 0
    assert "spans could not be sent" in capsys.readouterr().err


def test_without_the_extra_the_fix_is_told(
    flow: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk", None)
    monkeypatch.delitem(sys.modules, "agentflow.telemetry.export", raising=False)
    for name in [it for it in sys.modules if it.startswith("opentelemetry.sdk.")]:
        monkeypatch.delitem(sys.modules, name)

    assert run(flow, "--otel") == 1
    assert "--otel: what sends spans is not installed; pip install 'agentflow-studio[otel]'" in (
        capsys.readouterr().err
    )


def test_a_word_that_is_no_address_is_told(flow: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["run", "--otel", str(flow)]) == 2
    assert "is no address; write --otel last" in capsys.readouterr().err


def test_a_run_without_spans_imports_nothing_for_them(flow: Path):
    code = (
        "import sys; from agentflow.cli import main\n"
        f"main(['run', {str(flow)!r}, '--input', '{{\"score\": 0}}'])\n"
        "sys.exit(any(it.startswith('opentelemetry') for it in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_run_that_was_stopped_and_resumed_has_spans_for_both_times(collector: Collector):
    why, state = "the run was stopped", State()
    with open_export(collector.address, {}) as export:
        tell = export.listener(Flow(), CATALOGUE, str)
        for entry in (
            RunStarted(0, 0.0, "r", "", "desk", state),
            StepStarted(1, 0.0, "r", "line", "sequential", "line", 0),
            StepStarted(2, 0.0, "r", "line/a", "agent", "a", 0),
            StepCancelled(3, 1.0, "r", "line/a", why, 1.0, 2),
            StepCancelled(4, 1.0, "r", "line", why, 1.0, 1),
            RunFinished(5, 1.0, "r", "", "cancelled", state, "", 1.0),
            RunRecovered(6, 9.0, "r", "", ("line/a",)),
            StepSucceeded(7, 10.0, "r", "line/a", {}, (), 1.0, 2),
            StepSucceeded(8, 10.0, "r", "line", {}, (), 1.0, 1),
            RunFinished(9, 10.0, "r", "", "succeeded", state, "", 10.0),
        ):
            tell(entry)

    times = sorted((it.name, it.start, it.end) for it in collector.spans)
    assert times == [
        ("invoke_agent a", 0.0, 1.0),
        ("invoke_agent a", 9.0, 10.0),
        ("invoke_workflow desk", 0.0, 1.0),
        ("invoke_workflow desk", 9.0, 10.0),
        ("sequential line", 0.0, 1.0),
        ("sequential line", 9.0, 10.0),
    ]
    assert len({it.trace for it in collector.spans}) == 1
    (again,) = [it for it in collector.spans if it.name == "invoke_agent a" and it.start == 9.0]
    (line,) = [it for it in collector.spans if it.id == again.parent]
    assert (line.name, line.start) == ("sequential line", 9.0)


INNER = FLOW.replace('name = "desk"', 'name = "inner desk"')
OUTER = """
[agent_flow]
name = "house"
[orchestration]
mode = "sequential"
[orchestration.sequential]
name = "day"
agents = ["open", "desk"]
[agents.open]
type = "scripted"
[agents.desk]
type = "flow"
file = "inner.toml"
"""


def test_a_flow_that_is_run_as_a_step_has_its_spans_inside_that_step(
    flow: Path, collector: Collector
):
    flow.with_name("inner.toml").write_text(INNER)
    flow.with_name("middle.toml").write_text(OUTER.replace("house", "middle"))
    flow.write_text(OUTER.replace("inner.toml", "middle.toml"))

    assert run(flow, "--otel", collector.address) == 0

    assert len({span.trace for span in collector.spans}) == 1
    inner, middle, outer = (
        collector.named(f"invoke_workflow {name}") for name in ("inner desk", "middle", "house")
    )
    assert [collector.parent_of(it) for it in (inner, middle)] == ["invoke_agent desk"] * 2
    assert collector.parent_of(outer) == ""
    assert collector.parent_of(collector.named("collaborative research")) == inner.name
    steps = {it.id: it for it in collector.spans}
    assert outer.start <= middle.start <= inner.start
    assert steps[inner.parent].end >= inner.end


def test_what_is_remembered_is_in_no_span(flow: Path, collector: Collector):
    text = """
[orchestration]
mode = "sequential"
[orchestration.sequential]
agents = ["note", "find"]
[memory]
path = "memory.db"
[agents.note]
type = "memory"
task = "remember"
key = "private key"
value = "private value"
[agents.find]
type = "memory"
task = "search"
query = "private question"
"""
    flow.write_text(text)

    assert run(flow, "--otel", collector.address) == 0

    noted = [it for span in collector.spans for it in span.events if it[0] == "StepNoted"]
    assert [it["agentflow.facts"] for _, it in noted] == [
        '{"operation": "remember"}',
        '{"operation": "search"}',
    ]
    assert "private" not in repr(collector.spans)
