"""A provider is asked which models it has, against a real server on loopback."""

import json
import socket

import pytest

from agentflow.errors import MissingSecretError, ModelError
from agentflow.flow.flow import LlmSettings
from agentflow.models.listing import MOST, listed_models
from engine.models.chat_server import Answer, chat_server, raw, refuses

KEY = "sk-secret-0123456789"


def listing(listed: str, named: str, *names: object) -> Answer:
    told = {listed: [{named: name, "owned_by": "somebody"} for name in names]}
    return raw(json.dumps(told).encode(), kind="application/json")


async def failed(answer: Answer, **said: str) -> str:
    async with chat_server(answer) as server:
        settings = LlmSettings(base_url=server.url, api_key="${KEY}", **said)
        with pytest.raises(ModelError) as caught:
            await listed_models(settings, {"KEY": KEY})
    assert KEY not in str(caught.value)
    return str(caught.value)


async def test_an_endpoint_that_speaks_as_openai_does_lists_its_models():
    async with chat_server(listing("data", "id", "zephyr", "gpt-x", "gpt-x")) as server:
        settings = LlmSettings(base_url=server.url, api_key="${KEY}")
        names = await listed_models(settings, {"KEY": KEY})

    assert names == ("gpt-x", "zephyr")
    (asked,) = server.asked
    assert asked.path == "/v1/models"
    assert asked.headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("end", ["", "/"])
async def test_ollama_lists_what_it_has_on_its_disk(end):
    async with chat_server(listing("models", "name", "qwen3:8b", "llama3.2:latest")) as server:
        settings = LlmSettings(provider="ollama", base_url=server.url + end)
        names = await listed_models(settings, {"OPENAI_API_KEY": KEY})

    assert names == ("llama3.2", "qwen3:8b")
    assert server.asked[0].path == "/api/tags"
    assert "authorization" not in server.asked[0].headers


@pytest.mark.parametrize(
    "body", [b"<html>", b"{}", b"[1]", b'{"data": 3}', b'{"data": ["x"]}', b'"' + b"x" * 2_000_000]
)
async def test_what_is_no_list_is_told_so(body):
    told = await failed(raw(body))

    assert "answered with no list of models; check its base_url" in told


async def test_a_refusal_is_told_with_what_to_do_and_without_the_key():
    told = await failed(refuses("401 Unauthorized", f"no such key {KEY}"))

    assert "refused with 401: no such key ***; check its api_key" in told


async def test_who_does_not_listen_is_told_as_not_reached():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        with pytest.raises(ModelError, match="cannot be reached; start it, or check its base_url"):
            await listed_models(LlmSettings(provider="vllm", base_url=address), {})


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        (LlmSettings(), "the built-in model is the only one"),
        (LlmSettings(provider="openai"), "openai wants a key and there is none"),
        (LlmSettings(provider="no-such"), "no-such"),
    ],
)
async def test_who_cannot_be_asked_is_told_as_that(settings, why):
    with pytest.raises(ModelError, match=why):
        await listed_models(settings, {})


async def test_a_key_that_the_environment_lacks_is_named():
    settings = LlmSettings(base_url="http://127.0.0.1:9/v1", api_key="${NO_SUCH}")

    with pytest.raises(MissingSecretError, match="NO_SUCH"):
        await listed_models(settings, {})


async def test_names_that_nobody_could_choose_are_left_out():
    names = ["a\nb", "", "x" * 500, "\x1b[2J", 7, *(f"m{number}" for number in range(2 * MOST))]
    async with chat_server(listing("data", "id", *names)) as server:
        told = await listed_models(LlmSettings(base_url=server.url), {})

    assert len(told) == MOST
    assert told[0] == "7"
    assert all(it.isprintable() and len(it) < 300 for it in told)


@pytest.mark.parametrize("address", ["http://[::1", "http://a\x00b", "http://" + "a" * 70_000])
async def test_what_is_no_address_is_told_so(address):
    with pytest.raises(ModelError, match="has no address that can be asked; write its base_url"):
        await listed_models(LlmSettings(provider="openai", base_url=address, api_key=KEY), {})
