"""Answers that come all at once leave the loop to others in between."""

import asyncio

import httpx

from agentflow.models._answers import pieces

EVENT = b'data: {"choices": [{"delta": {"content": "word "}}]}\n\n'


async def test_a_thousand_words_that_come_at_once_let_others_have_their_turn():
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    waiting = asyncio.create_task(other())
    said = [it async for it in pieces(httpx.Response(200, content=EVENT * 1000))]
    waiting.cancel()
    await asyncio.wait({waiting})

    assert len(said) == 1000
    assert turns >= 30
