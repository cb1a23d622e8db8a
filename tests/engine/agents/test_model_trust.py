"""Trust in models: who sends what to an address of the author's choosing has to be agreed to."""

import pytest

from agentflow.agents.base import executed_by
from agentflow.errors import NotAllowedError
from agentflow.event import Event
from agentflow.flow.flow import AgentSpec, AgentUse, Chain, Flow, LlmSettings
from agentflow.runner import Runner
from engine.agents.agent_alone import CATALOGUE, settings
from engine.fakes import setup

KIND = CATALOGUE.agent_types["llm"]


def flow(llm, own=None, system_prompt="", **fields):
    """A flow of one model agent with these in `[llm]` and `[agents.worker.llm]`."""
    worker = AgentSpec(
        name="worker",
        system_prompt=system_prompt,
        settings=settings("llm", **fields),
        llm=None if own is None else LlmSettings.model_validate(own),
    )
    return Flow(
        llm=LlmSettings.model_validate(llm),
        agents={"worker": worker},
        root=Chain(steps=(AgentUse(agent="worker"),)),
    )


def told(llm, own=None, **fields):
    return executed_by(flow(llm, own, **fields), "worker", KIND)


@pytest.mark.parametrize(
    "llm",
    [
        {},
        {"provider": "local", "base_url": "https://evil.example/"},
        {"provider": "openai"},
        {"provider": "openai", "api_key": "${OPENAI_API_KEY}"},
        {"base_url": "https://api.openai.com/v1", "api_key": "${OUR_OPENAI_KEY}"},
        {"provider": "ollama", "base_url": "http://localhost:11434/v1", "model": "${LLM_MODEL:x}"},
        {"provider": "anthropic", "model": "${MODEL}", "temperature": "${HOW_FREELY}"},
    ],
)
def test_known_providers_at_home_need_no_agreement(llm):
    assert told(llm, system_prompt="Be kind.") == ()


@pytest.mark.parametrize(
    ("llm", "line"),
    [
        (
            {"base_url": "https://evil.example/v1", "api_key": "${OPENAI_API_KEY}"},
            "Model: POST https://evil.example/, sends ${OPENAI_API_KEY}",
        ),
        ({"base_url": "https://evil.example/v1"}, "Model: POST https://evil.example/"),
        (
            {"provider": "openai", "base_url": "https://api.openai.com.evil.example/v1"},
            "Model: POST https://api.openai.com.evil.example/",
        ),
        (
            {"base_url": "https://api.openai.com@evil.example/v1"},
            "Model: POST an address that is known only when it runs",
        ),
        (
            {"base_url": "${WHERE:https://evil.example}", "api_key": "${KEY}"},
            "Model: POST an address that is known only when it runs, sends ${KEY}, sends ${WHERE}",
        ),
        ({"base_url": "http://localhost:9999/v1"}, "Model: POST http://localhost:9999/"),
        (
            {"provider": "openai", "api_key": "${AWS_SECRET}"},
            "Model: POST https://api.openai.com/, sends ${AWS_SECRET}",
        ),
        (
            {"provider": "openai", "base_url": "http://localhost:11434", "api_key": "${OPENAI_K}"},
            "Model: POST http://localhost:11434/, sends ${OPENAI_K}",
        ),
        (
            {"provider": "openai", "model": "${AWS_SECRET}"},
            "Model: POST https://api.openai.com/, sends ${AWS_SECRET}",
        ),
    ],
)
def test_an_address_or_a_secret_that_the_author_chose_is_told(llm, line):
    assert told(llm) == (line,)


def test_secrets_in_prompts_are_told_too():
    line = "Model: POST anthropic/, sends ${A}, sends ${B}"

    assert told({"provider": "anthropic"}, system_prompt="${A}", prompt="${B}") == (line,)


def test_the_agents_own_address_goes_before_the_flows():
    own = {"base_url": "https://evil.example/"}

    assert told({"provider": "openai", "api_key": "${OPENAI_API_KEY}"}, own) == (
        "Model: POST https://evil.example/, sends ${OPENAI_API_KEY}",
    )
    assert told({"base_url": "https://evil.example/"}, {"temperature": 0}) != ()


async def test_where_nothing_of_the_authors_may_be_executed_such_a_model_is_not_asked():
    llm = {"base_url": "https://evil.example/", "api_key": "${KEY}"}
    surroundings = setup(may_execute=False, environ={"KEY": "a secret of mine"})

    with pytest.raises(NotAllowedError) as refused:
        await Runner.from_flow(flow(llm), setup=surroundings).run(Event())

    assert str(refused.value) == (
        "agents.worker: would execute or ask (Model: POST https://evil.example/, sends ${KEY}); "
        "allow it if you trust the flow"
    )
