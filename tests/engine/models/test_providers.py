"""Further providers, through pydantic-ai, each with a server that speaks as the provider does."""

import gc
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from agentflow.errors import ModelError
from agentflow.event import Event
from agentflow.flow.flow import LlmSettings
from agentflow.models.base import Message, ModelRequest, TextDelta, Usage
from agentflow.models.open import open_models
from agentflow.models.providers import provider_model
from agentflow.trace import ModelUsed, ToolCalled
from engine.agents.agent_alone import runner, write
from engine.checked import found
from engine.fakes import setup
from engine.models.chat_server import Answer, ChatServer, chat_server, refuses
from engine.models.protocols import PROTOCOLS, Protocol

pytest.importorskip("pydantic_ai", reason="the extra 'providers' is not installed")

QUESTION = ModelRequest(messages=(Message("system", "Be brief."), Message("user", "Hello?")))
GIF = "data:image/gif;base64,R0lGODlhAQABAAAAACw="
FUNCTIONS = '''
def add(one: int, other: int = 1) -> int:
    """Add two numbers."""
    return one + other
'''

Serving = Callable[..., AbstractAsyncContextManager[ChatServer]]


@pytest.fixture(params=PROTOCOLS)
def protocol(request: pytest.FixtureRequest) -> Iterator[Protocol]:
    yield PROTOCOLS[request.param]
    # A client that ends while a loop runs, be it another test's, starts tasks there to close it.
    gc.collect()


@pytest.fixture
def serving(protocol: Protocol, monkeypatch: pytest.MonkeyPatch) -> Serving:
    """A server on loopback where the provider's client looks for it."""

    @asynccontextmanager
    async def serve(*answers: Answer) -> AsyncIterator[ChatServer]:
        async with chat_server(*answers) as server:
            monkeypatch.setenv(protocol.address, server.url.removesuffix("/v1") + protocol.base)
            monkeypatch.setenv(protocol.key, "sk-secret")
            yield server

    return serve


async def test_an_answer_comes_in_pieces_and_ends_with_what_it_took(
    protocol: Protocol, serving: Serving
):
    async with serving(protocol.says("Good", " day")) as server:
        model = provider_model(protocol.provider, LlmSettings(model="tiny"))
        parts = [part async for part in model.stream(QUESTION)]
        await model.aclose()

    assert parts == [TextDelta("Good"), TextDelta(" day"), Usage(7, 2)]
    assert server.asked[0].path == protocol.path
    assert "Be brief." in str(server.asked[0].body)


async def test_the_model_has_a_function_called_and_answers_with_what_came_of_it(
    protocol: Protocol, serving: Serving, tmp_path: Path
):
    write(tmp_path, tools=FUNCTIONS)
    wants = protocol.wants("add", {"one": 2, "other": 40})
    async with serving(wants, protocol.says("It is 42.")) as server:
        llm = LlmSettings(provider=protocol.provider, model="tiny")
        surroundings = setup(models=open_models({}), folder=tmp_path, isolate=True)
        made = runner(
            "llm", surroundings, on_spec={"llm": llm}, prompt="Go on.", tools=["tools:add"]
        )
        outcome = await made.run(Event())

    assert outcome.error == ""
    assert outcome.state["response"] == "It is 42."
    (called,) = [it for it in outcome.entries if isinstance(it, ToolCalled)]
    assert (called.arguments, called.answer) == ({"one": 2, "other": 40}, "42")
    assert protocol.told(server.asked[1].body) == "42"
    assert len([it for it in outcome.entries if isinstance(it, ModelUsed)]) == 2


async def test_an_image_is_shown(protocol: Protocol, serving: Serving):
    async with serving(protocol.says("A dot.")) as server:
        llm = LlmSettings(provider=protocol.provider, model="tiny")
        surroundings = setup(models=open_models({}))
        asking = {"prompt": "What is it?", "images": "picture"}
        made = runner("llm", surroundings, on_spec={"llm": llm}, **asking)
        outcome = await made.run(Event(data={"picture": GIF}))

    assert outcome.state["response"] == "A dot."
    assert protocol.shown(server.asked[0].body) == GIF


async def test_an_answer_that_does_not_fit_its_schema_is_asked_for_again(
    protocol: Protocol, serving: Serving
):
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    async with serving(protocol.says('{"n": "x"}'), protocol.says('{"n": 3}')) as server:
        llm = LlmSettings(provider=protocol.provider, model="tiny")
        surroundings = setup(models=open_models({}))
        made = runner("llm", surroundings, on_spec={"llm": llm}, prompt="How many?", answer=schema)
        outcome = await made.run(Event())

    assert outcome.state["response"] == {"n": 3}
    assert "Answer again" in str(server.asked[1].body)


async def test_a_label_is_chosen(protocol: Protocol, serving: Serving):
    async with serving(protocol.says("Good.")):
        model = provider_model(protocol.provider, LlmSettings(model="tiny"))
        choice = await model.choose(QUESTION, ("bad", "good"))
        await model.aclose()

    assert (choice.label, choice.usage) == ("good", Usage(7, choice.usage.output_tokens))


async def test_a_refusal_is_told_without_the_key(protocol: Protocol, serving: Serving):
    model = provider_model(protocol.provider, LlmSettings(model="tiny"))
    async with serving(refuses("401 Unauthorized", "wrong: sk-secret")):
        with pytest.raises(ModelError, match=r"wrong: \*\*\*") as caught:
            _ = [part async for part in model.stream(QUESTION)]
        await model.aclose()

    assert "sk-secret" not in str(caught.value)


async def test_a_provider_that_nobody_knows_is_an_error():
    with pytest.raises(ModelError, match="nonsense"):
        _ = [it async for it in provider_model("nonsense", LlmSettings(model="x")).stream(QUESTION)]


@pytest.mark.parametrize("settings", [{}, {"model": "x", "api_key": "sk-x"}])
def test_settings_that_a_provider_cannot_use_are_refused(settings):
    with pytest.raises(ModelError) as caught:
        provider_model("anthropic", LlmSettings(**settings))

    assert "sk-x" not in str(caught.value)


def test_a_provider_of_the_extra_may_have_tools():
    flow = '[orchestration.sequential]\nagents = ["a"]\n[agents.a]\nprompt = "x"\n'
    flow += 'tools = ["tools:add"]\n[agents.a.llm]\nprovider = "anthropic"\nmodel = "x"\n'

    assert not found("no-tools", flow)
