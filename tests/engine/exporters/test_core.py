import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentflow.catalogue import Catalogue
from agentflow.exporters.core import EXPORTER
from agentflow.flow.canonical import canonical_text
from agentflow.flow.flow import AgentSpec, AgentUse, Case, Chain, Flow, Orchestrator
from agentflow.flow.imported import imported
from agentflow.flow.load import parse
from agentflow.orchestrators.collaborative import CollaborativeSettings
from agentflow.orchestrators.loop import LoopSettings
from engine.flows import flows
from engine.go_core import assert_same, broken_rules, loaded

CATALOGUE = Catalogue.installed()


def chain(*names: str, case: str = "") -> Chain:
    steps = tuple(AgentUse(agent=name) for name in names)
    return Chain(steps=steps, case=Case(name=case) if case else None)


def flow_of(*steps: AgentUse | Orchestrator, off: tuple[str, ...] = ()) -> Flow:
    flow = Flow(name="x", root=Chain(steps=steps))
    used = [place.step.name for place in flow.places() if isinstance(place.step, AgentUse)]
    agents = {name: AgentSpec(name=name, enabled=name not in off) for name in used}
    return flow.model_copy(update={"agents": agents})


def step(mode: str, *chains: Chain, name: str = "s", **given: object) -> Orchestrator:
    kinds = {"loop": LoopSettings, "collaborative": CollaborativeSettings}
    made = Orchestrator(name=name, mode=mode, chains=chains)
    return made.model_copy(update={"settings": kinds[mode](**given)}) if mode in kinds else made


def lists(flow: Flow) -> dict[str, object]:
    """What is exported to [orchestration], after Go has had a look at all of it."""
    config = loaded(EXPORTER.write(flow, {}).text)
    assert broken_rules(config) == []
    told = config.orchestration.model_dump()
    return {key: it for key, it in told.items() if it and key != "timeout_seconds"}


def said_of(flow: Flow, place: str) -> str:
    unsaid = EXPORTER.write(flow, {}).unsaid
    return "\n".join(it for it in unsaid if it.startswith(place))


@pytest.mark.parametrize(
    ("flow", "expected"),
    [
        (
            flow_of(AgentUse(agent="a"), AgentUse(agent="b")),
            {"mode": "sequential", "sequential_agents": ["a", "b"]},
        ),
        (
            flow_of(step("sequential", chain("a", "b"))),
            {"mode": "sequential", "sequential_agents": ["a", "b"]},
        ),
        (
            flow_of(step("collaborative", chain("a"), chain("b"))),
            {"mode": "collaborative", "collaborative_agents": ["a", "b"]},
        ),
        (
            flow_of(step("loop", chain("a"), max_iterations=4)),
            {"mode": "loop", "loop_agent": "a", "max_iterations": 4},
        ),
        (flow_of(step("route", chain("a", case="a"), chain("b", case="b"))), {"mode": "route"}),
        (
            flow_of(step("collaborative", chain("a"), chain("b")), AgentUse(agent="c")),
            {"mode": "mixed", "collaborative_agents": ["a", "b"], "sequential_agents": ["c"]},
        ),
        (
            flow_of(AgentUse(agent="c"), step("collaborative", chain("a"), chain("b"))),
            {"mode": "sequential", "sequential_agents": ["c", "a", "b"]},
        ),
        (
            flow_of(step("loop", chain("a", "b"))),
            {"mode": "sequential", "sequential_agents": ["a", "b"]},
        ),
        (flow_of(AgentUse(agent="a"), off=("a",)), {"mode": "route"}),
        (flow_of(), {"mode": "route"}),
    ],
)
def test_every_tree_becomes_the_nearest_lists_that_go_accepts(flow, expected):
    assert lists(flow) == expected


def test_what_the_lists_cannot_say_is_told_where_it_stands():
    loop = step("loop", chain("a", "b"), name="refine", condition="score > 1", check="after")
    router = step("route", chain("q", "r", case="question"), chain("z"), name="deliver")
    flow = flow_of(loop, router)

    assert "a loop step cannot stand there" in said_of(flow, "orchestrators.refine:")
    assert "'score > 1' has no place" in said_of(flow, "orchestrators.refine.condition")
    assert "a route step cannot stand there" in said_of(flow, "orchestrators.deliver")
    assert "30 s there" in said_of(flow, "agents:")
    assert "3600 s are written" in said_of(flow, "orchestration.timeout")


def test_a_case_that_takes_more_than_its_agent_is_told():
    flow = flow_of(
        step("route", chain("q", "r", case="question"), chain("z"), chain("a", case="a"))
    )

    assert "a route names its agent" in said_of(flow, "orchestrators.s.cases.question")
    assert "an unknown route is an error" in said_of(flow, "orchestrators.s.cases.default")
    assert said_of(flow, "orchestrators.s.cases.a:") == ""


def test_agents_that_would_take_part_unasked_are_written_as_disabled():
    flow = flow_of(step("collaborative", chain("a"), chain("b")))
    flow = flow.model_copy(update={"agents": {**flow.agents, "idle": AgentSpec(name="idle")}})

    agents = loaded(EXPORTER.write(flow, {}).text).agents
    assert {name: it.enabled for name, it in agents.items()} == {
        "a": True,
        "b": True,
        "idle": False,
    }
    assert "every enabled agent takes part" in said_of(flow, "agents.idle.enabled")


def test_what_is_kept_of_another_kind_than_go_takes_is_left_out_and_told():
    kept = {"mcp": {"enabled": True, "servers": {"x": {"port": 1}}}, "runtime": {"mood": 1}}

    exported = EXPORTER.write(flow_of(AgentUse(agent="a")), kept)

    config = loaded(exported.text)
    assert config.mcp.enabled
    assert config.mcp.servers == []
    assert any(it.startswith("mcp.servers: is of a kind") for it in exported.unsaid)


@given(flows())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_exported_obeys_gos_loader_and_its_rules(flow: Flow):
    exported = EXPORTER.write(flow, {})

    assert broken_rules(loaded(exported.text)) == []
    assert EXPORTER.write(flow, {}) == exported
    assert all("\n" not in it or "'" in it for it in exported.unsaid)


NAMES = ("alpha", "beta", "gamma-2", "Ünïcode x")
TEXTS = st.text(st.sampled_from("ab {}%#$\n\"'\\é"), max_size=12)


def maybe(**strategies: st.SearchStrategy) -> st.SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries({}, optional=strategies)


LLM = maybe(
    provider=st.sampled_from(["openai", "ollama"]),
    model=st.sampled_from(["m1", "m2"]),
    temperature=st.sampled_from([0, 0.0, 0.2, 1]),
    max_tokens=st.integers(0, 9000),
    timeout_seconds=st.integers(0, 90),
    top_p=st.sampled_from([0.0, 0.5, 1.0]),
    frequency_penalty=st.sampled_from([0.0, -1.5]),
)
AGENT = maybe(
    role=TEXTS,
    description=TEXTS,
    system_prompt=TEXTS | st.sampled_from(["{{ x }}", "{% endraw %}{% raw %}", "{# c #}\n"]),
    capabilities=st.lists(st.sampled_from(["a", "b"])),
    enabled=st.booleans(),
    auto_llm=st.booleans(),
    metadata=st.dictionaries(st.sampled_from(["k", "l"]), TEXTS),
    timeout_seconds=st.integers(0, 400),
    llm=LLM,
    retry_policy=st.fixed_dictionaries(
        {
            "max_retries": st.integers(0, 9),
            "base_delay_ms": st.integers(0, 900),
            "max_delay_ms": st.integers(0, 90_000),
            "backoff_factor": st.sampled_from([1.0, 1.5, 2]),
        }
    ),
    rate_limit=st.fixed_dictionaries(
        {"requests_per_second": st.integers(1, 99), "burst_size": st.integers(1, 9)}
    ),
)


@st.composite
def core_files(draw: st.DrawFn) -> dict[str, object]:
    """Files as AgenticGoKit's rules want them, with every table that its loader knows."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, unique=True))
    agents = {name: draw(AGENT) for name in names}
    some = st.lists(st.sampled_from(names), min_size=1, unique=True)
    mode = draw(st.sampled_from(["route", "collaborative", "sequential", "loop", "mixed"]))
    lists: dict[str, object] = {"mode": mode, "timeout_seconds": draw(st.integers(1, 900))}
    if mode in ("collaborative", "mixed"):
        lists["collaborative_agents"] = draw(some)
    if mode in ("sequential", "mixed"):
        lists["sequential_agents"] = draw(some)
    if mode == "loop":
        lists |= {"loop_agent": draw(st.sampled_from(names))}
        lists |= {"max_iterations": draw(st.integers(1, 20))}
    others = draw(
        maybe(
            llm=LLM,
            logging=st.just({"level": "debug", "format": "console"}),
            runtime=st.just({"max_concurrent_agents": 3}),
            providers=st.just({"ollama": {"base_url": "http://localhost:11434", "deep": {"x": 1}}}),
            mcp=st.just({"enabled": True, "servers": [{"name": "s", "type": "tcp", "port": 80}]}),
            agent_memory=st.just({"provider": "memory", "max_results": 4}),
            agent_flow=maybe(name=st.just("n"), version=st.just("1"), provider=st.just("azure")),
        )
    )
    return {**others, "agents": agents, "orchestration": lists}


@given(core_files())
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_what_is_imported_from_core_and_exported_to_core_says_the_same(data):
    text = canonical_text(data)
    file = parse(text, CATALOGUE)
    assert file.dialect is not None
    assert file.dialect.name == "core"

    native = imported(file, CATALOGUE)
    exported = EXPORTER.write(native.flow, native.native)

    told = {it.partition(":")[0] for it in exported.unsaid}
    before, after = loaded(text), loaded(exported.text)
    assert broken_rules(after) == []
    assert_same(before, after, told)
