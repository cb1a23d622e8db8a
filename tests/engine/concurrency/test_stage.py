import asyncio

import pytest

from agentflow.concurrency.stage import Stage


async def says(value):
    return value


async def waits_once():
    await asyncio.sleep(0)
    return "later"


def test_a_stage_tells_what_coroutines_returned_one_after_another():
    stage = Stage()

    assert stage.send(says(1)) is stage.ended
    assert stage.ended == [1]
    assert stage.send(says(None)) is stage.ended
    assert stage.ended == [None]


def test_what_a_coroutine_waits_for_is_no_end():
    stage = Stage()

    assert stage.send(waits_once()) is None
    assert stage.send(None) is stage.ended
    assert stage.ended == ["later"]


def test_what_a_coroutine_raises_comes_out_of_its_stage():
    async def fails():
        raise ValueError("bad")

    with pytest.raises(ValueError, match="bad"):
        Stage().send(fails())


@pytest.mark.parametrize("thing", [[], {"x": 1}, (it for it in "abc")])
def test_what_cannot_be_awaited_is_not_gone_through_instead(thing):
    with pytest.raises(AttributeError):
        Stage().send(thing)
