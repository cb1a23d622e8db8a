"""Further providers, through pydantic-ai, where that extra is installed; see also test_open."""

import pytest

from agentflow.errors import ModelError
from agentflow.flow.flow import LlmSettings
from agentflow.models.base import Message, ModelRequest, TextDelta, Usage
from agentflow.models.providers import provider_model
from engine.models.chat_server import Answer, chat_server, refuses, says

pytest.importorskip("pydantic_ai", reason="the extra 'providers' is not installed")

QUESTION = ModelRequest(messages=(Message("system", "Be brief."), Message("user", "Hello?")))


@pytest.fixture
def asked(monkeypatch):
    """Asks a model whose provider is a server on loopback."""

    async def ask(answer: Answer) -> list[TextDelta | Usage]:
        async with chat_server(answer) as server:
            monkeypatch.setenv("OPENAI_BASE_URL", server.url)
            monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
            model = provider_model("openai-chat", LlmSettings(model="tiny"))
            return [part async for part in model.stream(QUESTION)]

    return ask


async def test_an_answer_comes_in_pieces(asked):
    assert await asked(says("Good", " day")) == [
        TextDelta("Good"),
        TextDelta(" day"),
        Usage(7, 2),
    ]


async def test_a_refusal_is_told_without_the_key(asked):
    with pytest.raises(ModelError, match=r"wrong: \*\*\*"):
        await asked(refuses("401 Unauthorized", "wrong: sk-secret"))


async def test_a_provider_that_nobody_knows_is_an_error():
    with pytest.raises(ModelError, match="nonsense"):
        _ = [it async for it in provider_model("nonsense", LlmSettings(model="x")).stream(QUESTION)]


@pytest.mark.parametrize("settings", [{}, {"model": "x", "api_key": "sk-x"}])
def test_settings_that_a_provider_cannot_use_are_refused(settings):
    with pytest.raises(ModelError) as caught:
        provider_model("anthropic", LlmSettings(**settings))

    assert "sk-x" not in str(caught.value)
