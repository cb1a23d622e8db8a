"""OpenAI-compatible models, against a real server on loopback."""

import asyncio
import json
import socket

import pytest

from agentflow.errors import ModelError
from agentflow.models.addresses import BASE_URLS
from agentflow.models.base import Choice, Message, ModelRequest, TextDelta, Usage
from agentflow.models.openai import OpenAICompatible
from engine.models.chat_server import (
    END,
    Answer,
    ChatServer,
    chat_server,
    event,
    raw,
    refuses,
    says,
)

KEY = "sk-secret-0123456789"
QUESTION = ModelRequest(messages=(Message("system", "Be brief."), Message("user", "Hello?")))


async def answered(server: ChatServer, request: ModelRequest = QUESTION) -> list[TextDelta | Usage]:
    client = OpenAICompatible(server.url, "tiny", KEY, title="test")
    try:
        return [part async for part in client.stream(request)]
    finally:
        await client.aclose()


async def failed(answer: Answer) -> ModelError:
    async with chat_server(answer) as server:
        with pytest.raises(ModelError) as caught:
            await answered(server)
    assert KEY not in str(caught.value)
    assert KEY not in repr(caught.value)
    return caught.value


async def chosen(*answers: Answer, examples=()) -> tuple[Choice, ChatServer]:
    async with chat_server(*answers) as server:
        client = OpenAICompatible(server.url, "tiny", KEY, title="test")
        try:
            return await client.choose(QUESTION, ["billing", "technical"], examples), server
        finally:
            await client.aclose()


async def test_an_answer_comes_in_pieces_and_ends_with_what_it_took():
    async with chat_server(says("Good", " day", "!")) as server:
        parts = await answered(server)

    assert parts == [TextDelta("Good"), TextDelta(" day"), TextDelta("!"), Usage(7, 3)]


async def test_a_piece_is_told_before_the_next_one_is_sent():
    may_go_on = asyncio.Event()

    async def answer(_, writer) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + event("one"))
        await writer.drain()
        await may_go_on.wait()
        writer.write(event("two") + END)
        await writer.drain()

    async with chat_server(answer) as server:
        client = OpenAICompatible(server.url, "tiny")
        stream = client.stream(QUESTION)
        assert await anext(stream) == TextDelta("one")
        may_go_on.set()
        assert [part async for part in stream] == [TextDelta("two")]
        await client.aclose()


async def test_the_question_is_sent_with_its_key_and_settings_and_nothing_that_is_not_set():
    request = ModelRequest(messages=QUESTION.messages, temperature=0.5, max_tokens=9, seed=3)
    async with chat_server(says("x")) as server:
        await answered(server, request)

    (asked,) = server.asked
    assert asked.path == "/v1/chat/completions"
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert asked.body == {
        "model": "tiny",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Hello?"},
        ],
        "temperature": 0.5,
        "max_tokens": 9,
        "seed": 3,
        "stream": True,
        "stream_options": {"include_usage": True},
    }


async def test_without_a_key_none_is_sent():
    async with chat_server(says("x")) as server:
        client = OpenAICompatible(server.url, "tiny")
        _ = [part async for part in client.stream(QUESTION)]
        await client.aclose()

    assert "authorization" not in server.asked[0].headers


async def test_a_schema_is_demanded():
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}}
    async with chat_server(says('{"n": 1}')) as server:
        await answered(server, ModelRequest(messages=QUESTION.messages, schema=schema))

    demanded = server.asked[0].body["response_format"]
    assert demanded["type"] == "json_schema"
    assert demanded["json_schema"]["schema"] == schema


async def test_a_refused_key_is_said_without_the_key():
    error = await failed(refuses("401 Unauthorized", f"Incorrect API key provided: {KEY}"))

    assert "401" in str(error)
    assert "Incorrect API key provided: ***" in str(error)
    assert "api_key" in error.fix


@pytest.mark.parametrize("before", [170, 185, 190])
async def test_no_part_of_a_key_is_said_where_what_the_server_says_is_cut_off(before):
    error = await failed(refuses("400 Bad Request", f"{'x' * before} {KEY}"))

    assert KEY[:9] not in str(error)


@pytest.mark.parametrize("when", ["inf", "nan", "soon"])
async def test_a_server_that_names_no_time_is_not_waited_for(when):
    error = await failed(refuses("429 Too Many Requests", "slow down", Retry_After=when))

    assert error.retry_after is None


async def test_a_server_that_is_asked_too_much_says_when_to_come_again():
    error = await failed(refuses("429 Too Many Requests", "slow down", Retry_After="2.5"))

    assert error.retry_after == 2.5
    assert "slow down" in str(error)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (refuses("404 Not Found", "no model tiny"), "no model tiny"),
        (raw(b"<html>Bad gateway</html>", status="502 Bad Gateway"), "502"),
        (raw(b"", status="500 Internal Server Error"), "500"),
        (raw(b"", status="302 Found", Location="http://127.0.0.1:1/"), "302"),
        (raw(event("half an ans")), "broke off"),
        (raw(b""), "broke off"),
        (raw(b"<html>hello</html>"), "not its protocol"),
        (raw(b"data: {not json\n\n"), "not its protocol"),
        (raw(b"data: [1, 2]\n\n"), "not its protocol"),
        (raw(b'data: {"choices": [{"delta": 3}]}\n\n'), "not its protocol"),
        (raw(b"data: \xff\xfe\n\n"), "not its protocol"),
        (raw(b"x" * 2_000_000), "not its protocol"),
        (raw(b"data: " + b"x" * 2_000_000), "not its protocol"),
        (raw(event("a") + b'data: {"error": {"message": "out of memory"}}\n\n'), "out of memory"),
        (raw(event("a") + b'data: {"error": "out of luck"}\n\n'), "out of luck"),
        (raw(event("a" * 300_000) * 4 + END), "more than 1,000,000 characters"),
        (raw(b"data: x", Content_Length="100"), "broke off"),
    ],
)
async def test_whatever_a_server_does_the_error_says_what_it_was(answer, told):
    error = await failed(answer)

    assert told in str(error)
    assert str(error).startswith("the model at test ")


async def test_a_server_that_is_not_there_is_said_to_be_unreachable():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    client = OpenAICompatible(f"http://127.0.0.1:{port}/v1", "tiny", KEY)

    with pytest.raises(ModelError, match="cannot be reached"):
        _ = [part async for part in client.stream(QUESTION)]
    await client.aclose()


async def test_comments_and_other_fields_between_the_events_are_passed_over():
    body = b": keep alive\r\n\r\nevent: x\r\n" + event("hi").replace(b"\n", b"\r\n") + END
    async with chat_server(raw(body)) as server:
        assert await answered(server) == [TextDelta("hi")]


async def test_the_model_is_stopped_when_nobody_listens_any_more():
    begun = asyncio.Event()

    async def answer(_, writer) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
        begun.set()
        while True:
            writer.write(event("on and on"))
            await writer.drain()
            await asyncio.sleep(0.01)

    async with chat_server(answer) as server:
        client = OpenAICompatible(server.url, "tiny")
        asking = asyncio.create_task(_all(client))
        await begun.wait()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        await server.hung_up.wait()
        await client.aclose()


async def _all(client: OpenAICompatible) -> None:
    async for _ in client.stream(QUESTION):
        pass


async def test_a_label_is_chosen_by_a_demanded_schema():
    choice, server = await chosen(
        says('{"label": ', '"billing"}'), examples=[("an invoice", "billing")]
    )

    assert choice == Choice("billing", usage=Usage(7, 2))
    body = server.asked[0].body
    labels = body["response_format"]["json_schema"]["schema"]["properties"]["label"]["enum"]
    assert labels == ["billing", "technical"]
    assert body["temperature"] == 0.0
    assert body["messages"][-1]["content"] == "Hello?"
    assert json.loads(body["messages"][-2]["content"]) == {"label": "billing"}


@pytest.mark.parametrize(
    "said", ["Technical.", 'The label is "technical"', '{"label": "TECHNICAL"}']
)
async def test_a_label_is_found_in_what_the_model_says_instead(said):
    assert (await chosen(says(said)))[0].label == "technical"


async def test_an_endpoint_that_knows_no_schemas_is_asked_without():
    refusal = refuses("400 Bad Request", "response_format is not supported")

    choice, server = await chosen(refusal, says("billing"))

    assert choice.label == "billing"
    assert ["response_format" in it.body for it in server.asked] == [True, False]


@pytest.mark.parametrize("said", ["neither", "billing or technical", "", "{}"])
async def test_an_answer_that_is_no_label_is_an_error(said):
    with pytest.raises(ModelError, match="none of the labels"):
        await chosen(says(said))


def test_the_known_providers_are_on_this_machine_or_speak_tls():
    assert all(it.startswith(("https://", "http://localhost:")) for it in BASE_URLS.values())
