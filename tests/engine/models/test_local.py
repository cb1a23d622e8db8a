"""The local model, asked for real: it starts, streams, chooses, repeats itself, and ends."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from agentflow.errors import ModelError
from agentflow.models._labels import Labelled, few_shot
from agentflow.models.base import Message, ModelRequest, TextDelta
from agentflow.models.local import LocalModel, LocalServer, local_model_file
from engine.processes import gone, until

needs_the_model = pytest.mark.skipif(local_model_file() is None, reason="it is not installed")

DESK = [
    ("I was charged twice this month", "billing"),
    ("The app crashes when I open it", "technical"),
    ("How much does the pro plan cost?", "sales"),
    ("My invoice shows the wrong amount", "billing"),
    ("I cannot log in", "technical"),
    ("Do you offer discounts for schools?", "sales"),
]


@asynccontextmanager
async def local_model() -> AsyncIterator[tuple[LocalModel, LocalServer]]:
    server = LocalServer()
    model = LocalModel(server)
    try:
        yield model, server
    finally:
        await model.aclose()
        await server.aclose()


def question(text: str, **how: object) -> ModelRequest:
    return ModelRequest(messages=(Message("user", text),), **{"max_tokens": 12, **how})


async def said(model: LocalModel, request: ModelRequest) -> list[str]:
    return [it.text async for it in model.stream(request) if isinstance(it, TextDelta)]


@needs_the_model
@pytest.mark.local_model
async def test_it_streams_the_same_answer_every_time_and_fits_a_schema():
    digit = {
        "type": "object",
        "properties": {"digit": {"type": "integer", "minimum": 0, "maximum": 9}},
        "required": ["digit"],
        "additionalProperties": False,
    }
    async with local_model() as (model, _):
        first = await said(model, question("Name one use of salt."))
        async with asyncio.TaskGroup() as both:
            again = both.create_task(said(model, question("Name one use of salt.")))
            other = both.create_task(said(model, question("What is bread?")))
        fitting = "".join(await said(model, question("Say a digit.", schema=digit, max_tokens=40)))

    assert len(first) > 3
    assert again.result() == first != other.result()
    assert 0 <= json.loads(fitting)["digit"] <= 9


@needs_the_model
@pytest.mark.local_model
async def test_it_chooses_a_label_by_likelihood():
    texts = {
        "Please refund my last payment": "billing",
        "The screen stays black after the update": "technical",
        "Can I buy a licence for ten people?": "sales",
    }
    async with local_model() as (model, _):
        choices = [
            await model.choose(question(text), ["billing", "technical", "sales"], DESK)
            for text in texts
        ]

    assert [it.label for it in choices] == list(texts.values())
    for choice in choices:
        assert choice.scores.keys() == {"billing", "technical", "sales"}
        assert sum(choice.scores.values()) == pytest.approx(1, abs=0.001)


@needs_the_model
@pytest.mark.local_model
async def test_nobody_else_may_ask_it_and_it_starts_again_after_a_crash():
    async with local_model() as (model, server):
        address = await server.address()
        async with httpx.AsyncClient() as stranger:
            answer = await stranger.post(f"{address}/completion", json={"prompt": "x"})
        assert answer.status_code == 401

        server._process.kill()
        await server._process.wait()
        assert await said(model, question("Hello?"))


@needs_the_model
@pytest.mark.local_model
async def test_it_dies_with_the_program_that_started_it(tmp_path):
    (tmp_path / "program.py").write_text(
        "import asyncio\n"
        "from agentflow.models.local import LocalServer\n"
        "async def main():\n"
        "    server = LocalServer()\n"
        "    await server.address()\n"
        "    print(server._process.pid, flush=True)\n"
        "    await asyncio.sleep(600)\n"
        "asyncio.run(main())\n"
    )
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, str(tmp_path / "program.py")), stdout=asyncio.subprocess.PIPE
    )
    pid = int(await program.stdout.readline())

    program.kill()
    await program.communicate()

    await gone(pid)


@needs_the_model
async def test_a_start_that_is_cancelled_leaves_no_half_started_server():
    server = LocalServer()
    starting = asyncio.create_task(server.address())
    await until(lambda: server._process is not None, "it does not start")
    process = server._process

    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting

    assert process.returncode is not None
    assert server._process is None


async def test_labels_that_begin_alike_are_refused():
    async def next_token(_: str) -> dict[int, float]:
        return {}

    with pytest.raises(ModelError, match="apart"):
        await Labelled.calibrated(["new york", "new jersey"], [5, 5], next_token)


async def test_what_the_model_prefers_anyway_does_not_count():
    async def next_token(_: str) -> dict[int, float]:
        return {1: -0.1, 2: -4.0}

    labelled = await Labelled.calibrated(["a", "b"], [1, 2], next_token)

    assert labelled.choice({1: -0.2, 2: -2.0}).label == "b"
    assert labelled.choice({1: -0.1}).label == "a"


def test_a_prompt_for_labels_shows_the_examples_one_a_line():
    told = few_shot("Which desk?", ["a", "b"], [("x\ny", "a")], "  z  ")

    assert told == "Which desk?\n\nText: x y\nLabel: a\n\nText: z\nLabel:"
