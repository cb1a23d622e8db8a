"""Trust: asked for once a list, kept outside the project, never taken for granted."""

import json

import pytest
import tomlkit

from agentflow.catalogue import Catalogue
from agentflow.errors import SaveError
from agentflow.flow.flow import AgentSpec, Flow, LlmSettings
from agentflow.flow.load import parse
from agentflow_editor.run.trust import TrustRequest, TrustStore, executable_surface

SURFACE = ("Python: collect() of agents", "Python: report() of agents")


@pytest.fixture(scope="module")
def catalogue():
    return Catalogue.installed()


def a_flow(catalogue, **calls):
    settings = catalogue.agent_types["python"].settings
    specs = {
        name: AgentSpec(name=name, type="python", settings=settings.model_validate({"call": call}))
        for name, call in calls.items()
    }
    return Flow(agents=specs)


def test_the_surface_is_every_function_that_any_agent_could_call_sorted(catalogue):
    flow = a_flow(catalogue, b="agents:two", a="agents:one", c="agents:one")

    surface = executable_surface(flow, catalogue)

    assert len(surface) == 2
    assert "one" in surface[0]
    assert "two" in surface[1]


def test_a_flow_of_scripted_agents_executes_nothing(catalogue):
    settings = catalogue.agent_types["scripted"].settings()
    flow = Flow(agents={"a": AgentSpec(name="a", type="scripted", settings=settings)})

    assert executable_surface(flow, catalogue) == ()


def test_a_model_at_an_address_that_the_flow_names_for_all_agents_is_part_of_it(catalogue):
    llm = LlmSettings(base_url="https://models.example/v1", api_key="${KEY}")
    agent = AgentSpec(name="a", settings=catalogue.agent_types["llm"].settings())
    flow = Flow(llm=llm, agents={"a": agent})

    assert executable_surface(flow, catalogue) == (
        "Model: POST https://models.example/, sends ${KEY}",
    )


def test_what_a_router_asks_a_model_at_an_address_of_the_flows_is_part_of_it(catalogue):
    routing = {"mode": "route", "routing": {"cases": [{"name": "bills"}], "choose": "model"}}
    told = {"base_url": "https://models.example/v1", "api_key": "${KEY}"}
    asking = parse(tomlkit.dumps({"orchestration": routing, "llm": told}), catalogue).flow
    local = parse(tomlkit.dumps({"orchestration": routing}), catalogue).flow

    assert executable_surface(asking, catalogue) == (
        "Model: POST https://models.example/, sends ${KEY}",
    )
    assert executable_surface(local, catalogue) == ()


def test_an_agent_of_a_type_that_is_not_installed_executes_nothing(catalogue):
    assert executable_surface(Flow(agents={"a": AgentSpec(name="a", type="?")}), catalogue) == ()


def test_what_the_flows_of_its_folder_would_execute_counts_too(catalogue, tmp_path):
    (tmp_path / "inner.toml").write_text('[agents.p]\ntype = "python"\ncall = "agents:f"\n')
    settings = catalogue.agent_types["flow"].settings.model_validate({"file": "inner.toml"})
    flow = Flow(agents={"a": AgentSpec(name="a", type="flow", settings=settings)})

    assert executable_surface(flow, catalogue, tmp_path) == ("inner.toml: Python: f() of agents",)


def test_a_list_is_trusted_once_it_was_agreed_to_and_still_is_after_a_restart(tmp_path):
    file, flow = tmp_path / "settings" / "trusted.json", tmp_path / "agentflow.toml"
    assert not TrustStore(file).trusts(flow, SURFACE)

    TrustStore(file).trust(flow, SURFACE)

    assert TrustStore(file).trusts(flow, SURFACE)


def test_another_list_or_another_file_is_not_trusted(tmp_path):
    store = TrustStore(tmp_path / "trusted.json")
    store.trust(tmp_path / "agentflow.toml", SURFACE)

    assert not store.trusts(tmp_path / "agentflow.toml", (*SURFACE, "Python: steal() of agents"))
    assert not store.trusts(tmp_path / "copy" / "agentflow.toml", SURFACE)


def test_a_file_is_known_by_its_real_place(tmp_path):
    flow = tmp_path / "agentflow.toml"
    flow.write_text("")
    link = tmp_path / "link.toml"
    link.symlink_to(flow)
    store = TrustStore(tmp_path / "trusted.json")

    store.trust(link, SURFACE)

    assert store.trusts(flow, SURFACE)


def test_a_flow_in_no_file_is_asked_about_every_time(tmp_path):
    store = TrustStore(tmp_path / "trusted.json")
    store.trust(None, SURFACE)

    assert not store.trusts(None, SURFACE)
    assert not (tmp_path / "trusted.json").exists()


@pytest.mark.parametrize("text", ["", "{", "[]", "7", json.dumps({"x": 1}), "\xff"])
def test_a_store_that_cannot_be_read_trusts_nobody(tmp_path, text):
    file = tmp_path / "trusted.json"
    file.write_bytes(text.encode("latin-1"))

    assert not TrustStore(file).trusts(tmp_path / "agentflow.toml", SURFACE)


def test_a_store_that_cannot_be_written_says_so(tmp_path):
    (tmp_path / "folder").write_text("a file where a folder should be")

    with pytest.raises(SaveError, match="cannot be written"):
        TrustStore(tmp_path / "folder" / "trusted.json").trust(tmp_path / "f.toml", SURFACE)


def test_the_first_answer_to_a_request_counts():
    answers = []
    request = TrustRequest(
        SURFACE, lambda: answers.append("granted"), lambda: answers.append("refused")
    )

    request.refuse()
    request.grant()

    assert answers == ["refused"]
    assert request.surface == SURFACE
