import pytest

from agentflow.agents.base import AgentType
from agentflow.catalogue import Catalogue
from agentflow.errors import AgentNotFoundError, MissingSecretError, SetupError, UnknownModeError
from agentflow.event import Event
from agentflow.flow.flow import Flow, LlmSettings, Orchestrator
from agentflow.running.compile import compile_flow
from agentflow.settings import Settings
from engine.fakes import chain, flow, routes, runner, sequence, setup


class EchoSettings(Settings):
    """Settings of a type of agent that is made for the test."""

    times: int = 1


BUILT = []


def build(spec, around):
    BUILT.append(spec)

    async def agent(state, call):
        return {"echo": spec.settings.times}

    return agent


def catalogue(**fields):
    kind = AgentType(
        name="echo",
        title="Echo",
        summary="Says a number.",
        icon="robot-outline",
        settings=EchoSettings,
        build=build,
        **fields,
    )
    installed = Catalogue.installed()
    return Catalogue(installed.modes, {"echo": kind}, installed.exporters)


def echo(**settings):
    return {"a": {"type": "echo", "settings": EchoSettings.model_validate(settings)}}


@pytest.fixture(autouse=True)
def nothing_built():
    BUILT.clear()


def compiled(of, **options):
    options.setdefault("setup", setup())
    return compile_flow(of, catalogue(), **options)


def test_an_agent_is_built_once_for_all_its_uses():
    compiled(flow("a", sequence("s", "a", "a"), agents=echo()))

    assert [spec.name for spec in BUILT] == ["a"]


def test_an_agent_gets_its_settings_resolved_from_the_environment():
    compiled(flow("a", agents=echo(times="${TIMES}")), setup=setup(environ={"TIMES": "3"}))

    assert BUILT[0].settings.times == 3


def test_a_name_that_the_environment_lacks_is_told_with_its_place():
    with pytest.raises(MissingSecretError, match=r"agents\.a\.settings\.times: .*TIMES"):
        compiled(flow("a", agents=echo(times="${TIMES}")))


def test_what_does_not_fit_in_the_environment_is_told_with_its_place():
    with pytest.raises(SetupError, match="what the environment says does not fit"):
        compiled(flow("a", agents=echo(times="${TIMES}")), setup=setup(environ={"TIMES": "many"}))


def test_an_agent_that_is_used_and_not_there_is_told_with_its_path():
    with pytest.raises(AgentNotFoundError, match=r"^s/nobody: no agent named 'nobody'"):
        compiled(flow(sequence("s", "nobody")))


def test_a_mode_that_is_not_installed_is_told_with_those_that_are():
    step = Orchestrator(name="o", mode="swarm", chains=(chain("a"),))

    with pytest.raises(UnknownModeError, match=r"^o: nothing here runs 'swarm'; known are 'coll"):
        compiled(flow(step, agents=echo()))


def test_a_type_that_is_not_installed_is_told_with_those_that_are():
    with pytest.raises(UnknownModeError, match=r"agents\.a\.type: nothing here runs 'odd'"):
        compiled(flow("a", agents={"a": {"type": "odd"}}))


def test_an_agent_that_is_not_enabled_is_not_built():
    compiled(flow("a", agents={"a": {"type": "odd", "enabled": False}}))

    assert BUILT == []


def test_what_an_agent_says_of_its_model_is_laid_over_what_the_flow_says():
    of = flow("a", agents={"a": {"type": "echo", "llm": {"model": "small", "top_p": 0.5}}})
    of = of.model_copy(update={"llm": LlmSettings(provider="${P:local}", model="big")})
    compile_flow(of, catalogue(asks_model=True), setup())

    assert BUILT[0].llm == LlmSettings(provider="local", model="small", top_p=0.5)


def test_the_models_secret_is_asked_for_only_by_agents_that_ask_a_model():
    of = flow("a", agents=echo())
    of = of.model_copy(update={"llm": LlmSettings(api_key="${KEY}")})
    compile_flow(of, catalogue(), setup())

    with pytest.raises(MissingSecretError, match=r"llm\.api_key: .*KEY"):
        compile_flow(of, catalogue(asks_model=True), setup())


async def test_an_agent_that_stands_nowhere_is_built_when_a_result_is_routed_to_it():
    of: Flow = flow("b", agents={**echo(times=2), "other": {"type": "odd"}})
    it = runner(of, {"b": routes("a")}, catalogue=catalogue_with_installed())
    result = await it.run(Event())

    assert result.state == {"echo": 2}
    assert [spec.name for spec in BUILT] == ["a"]


async def test_an_agent_that_cannot_be_built_when_it_is_routed_to_fails_its_step():
    of = flow("b", agents={"a": {"type": "echo", "description": "${NOT_SET_HERE}"}})
    result = await runner(of, {"b": routes("a")}, catalogue=catalogue_with_installed()).run(Event())

    assert result.error.startswith("a: agent 'a' cannot be built: agents.a.description: ")


def catalogue_with_installed():
    installed, made = Catalogue.installed(), catalogue()
    types = {**installed.agent_types, **made.agent_types, "odd": installed.agent_types["scripted"]}
    return Catalogue(installed.modes, types, installed.exporters)
