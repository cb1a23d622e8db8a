import tomllib

import pytest
from hypothesis import HealthCheck, given, settings

from agentflow.catalogue import Catalogue
from agentflow.exporters.v1beta import EXPORTER
from agentflow.flow.flow import AgentSpec, AgentUse, Chain, Flow, LlmSettings, Orchestrator
from agentflow.flow.load import parse
from agentflow.orchestrators.loop import LoopSettings
from engine.flows import flows

CATALOGUE = Catalogue.installed()


def chain(*steps: str | Orchestrator) -> Chain:
    return Chain(steps=tuple(AgentUse(agent=it) if isinstance(it, str) else it for it in steps))


def step(name: str, mode: str, *chains: Chain) -> Orchestrator:
    return Orchestrator(name=name, mode=mode, chains=chains)


def workflow(*steps: str | Orchestrator) -> dict[str, object]:
    return tomllib.loads(EXPORTER.write(Flow(name="x", root=chain(*steps)), {}).text)["workflow"]


def needs(*steps: str | Orchestrator) -> dict[str, list[str]]:
    return {it["name"]: it["dependencies"] for it in workflow(*steps)["steps"]}


def test_a_chain_is_sequential_and_branches_alone_are_parallel():
    assert workflow("a", "b") == {"mode": "sequential", "agents": ["a", "b"]}
    together = step("s", "collaborative", chain("a"), chain("b"))
    assert workflow(together) == {"mode": "parallel", "agents": ["a", "b"]}


def test_a_loop_keeps_its_limit_and_tells_of_its_condition():
    loop = step("refine", "loop", chain("a", "b"))
    loop = loop.model_copy(update={"settings": LoopSettings(condition="x > 1", max_iterations=3)})

    exported = EXPORTER.write(Flow(name="x", root=chain(loop)), {})

    told = tomllib.loads(exported.text)["workflow"]
    assert told == {"mode": "loop", "agents": ["a", "b"], "max_iterations": 3}
    assert any(it.startswith("orchestrators.refine.condition: 'x > 1'") for it in exported.unsaid)


def test_stages_become_steps_that_wait_for_the_ends_before_them():
    inner = step("deep", "collaborative", chain("b"), chain("c"))
    together = step("wide", "collaborative", chain("a", inner), chain("d"))

    assert needs("s", together, "e", "s") == {
        "s": [],
        "a": ["s"],
        "b": ["a"],
        "c": ["a"],
        "d": ["s"],
        "e": ["b", "c", "d"],
        "s~2": ["e"],
    }


def test_a_dag_that_was_exported_is_imported_as_the_same_tree():
    inner = step("deep", "collaborative", chain("b"), chain("c"))
    together = step("wide", "collaborative", chain("a", inner), chain("d"))
    text = EXPORTER.write(Flow(name="x", root=chain("s", together, "e")), {}).text

    def shape(it: AgentUse | Orchestrator) -> object:
        if isinstance(it, AgentUse):
            return it.agent
        return [[shape(step) for step in chain.steps] for chain in it.chains]

    read = parse(text, CATALOGUE).flow.root.steps
    assert [shape(it) for it in read] == ["s", [["a", [["b"], ["c"]]], ["d"]], "e"]


@pytest.mark.parametrize("provider", ["", "local", "mistral"])
def test_a_provider_that_there_is_not_is_replaced_and_told(provider):
    flow = Flow(name="x", llm=LlmSettings(provider=provider), agents={"a": AgentSpec(name="a")})

    exported = EXPORTER.write(flow, {})

    assert tomllib.loads(exported.text)["agents"]["a"]["llm"]["provider"] == "ollama"
    assert any(it.startswith("llm.provider:") for it in exported.unsaid)


def test_what_the_file_says_of_agenticgokit_is_kept():
    kept = {"project": {"author": "me"}, "memory": {"provider": "chromem"}}
    kept["agents"] = {"a": {"memory": {"enabled": True}}}
    flow = Flow(name="x", agents={"a": AgentSpec(name="a", role="r")}, root=chain("a"))

    told = tomllib.loads(EXPORTER.write(flow, kept).text)

    assert told["project"] == {"author": "me", "name": "x"}
    assert told["memory"] == {"provider": "chromem"}
    assert told["agents"]["a"]["memory"] == {"enabled": True}


@given(flows())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_exported_obeys_the_rules_that_block_there(flow: Flow):
    exported = EXPORTER.write(flow, {})

    told = tomllib.loads(exported.text)
    assert told["project"]["name"]
    for llm in (told["llm"], *(it["llm"] for it in told["agents"].values())):
        assert llm["provider"] in ("openai", "ollama", "azure", "anthropic")
        assert llm["model"]
    assert told["workflow"]["mode"] in ("sequential", "parallel", "dag", "loop")
    names = [it["name"] for it in told["workflow"].get("steps", [])]
    assert len(names) == len(set(names))
    known = set(told["agents"])
    assert set(told["workflow"]["agents"]) <= known
    seen: set[str] = set()
    for it in told["workflow"].get("steps", []):
        assert it["agent"] in known
        assert set(it["dependencies"]) <= seen
        seen.add(it["name"])
    read = parse(exported.text, CATALOGUE)
    assert read.dialect is not None
    assert read.dialect.name == "v1beta"
