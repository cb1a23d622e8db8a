"""The zoo: agents that do what no agent should, each with what is to be said of it."""

import asyncio
import threading
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from agentflow.agents.base import AgentCall
from agentflow.result import AgentResult
from agentflow.state import State


class Beast(NamedTuple):
    """An agent that misbehaves."""

    made: Callable[[threading.Event], Any]
    """Makes it; one that will not end by itself ends once the event is set."""
    told: str
    """What its step's error says it did."""
    timeout: str | None = None
    """The timeout that it needs to be noticed."""


class Odd(BaseException):
    pass


class UnreadableError(Exception):
    def __str__(self):
        raise RuntimeError("no text for you")


class ExitsWhenReadError(Exception):
    def __str__(self):
        raise SystemExit(9)


class Trap(Mapping):
    """A mapping that raises when it is read."""

    def __init__(self, error):
        self.error = error

    def __getitem__(self, key):
        raise self.error

    def __iter__(self):
        yield "key"

    def __len__(self):
        return 1


class Endless(Trap):
    """A mapping that never comes to its end."""

    def __getitem__(self, key):
        return key

    def __iter__(self):
        number = 0
        while True:
            number += 1
            yield str(number)


class Liar:
    """Something that raises when it is asked what it is."""

    @property
    def __class__(self):
        raise SystemExit(9)


class UnnamedKind(type):
    """A class that ends the program when it is asked for its name."""

    @property
    def __name__(cls):
        raise SystemExit(9)


class UnnamedError(Exception, metaclass=UnnamedKind):
    pass


class Unnamed(metaclass=UnnamedKind):
    pass


def posing_as(kind, **how):
    """What says that it is of another class."""
    return type("Poser", (), {"__class__": kind, **how})()


class NoFuture:
    """What says that it is a future."""

    _asyncio_future_blocking = True

    def add_done_callback(self, *_):
        raise SystemExit(9)

    def __await__(self):
        yield self


class EvilText(str):
    __slots__ = ()

    def __len__(self):
        raise SystemExit(9)

    def __str__(self):
        raise SystemExit(9)

    def isascii(self):
        raise SystemExit(9)

    def __format__(self, spec):
        raise SystemExit(9)


def raising(make):
    async def agent(state):
        raise make()

    return agent


def returning(make):
    async def agent(state):
        return make()

    return agent


def nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return {"deep": value}


def grouped(depth):
    error = ValueError("innermost")
    for _ in range(depth):
        error = ExceptionGroup("more", [error])
    return error


def cyclic():
    value = []
    value.append(value)
    return {"ring": value}


def wide():
    value = ["x"]
    for _ in range(40):
        value = [value, value]
    return {"wide": value}


async def cancels_itself_and_returns(state):
    asyncio.current_task().cancel()
    return {"x": 1}


async def cancels_itself_and_waits(state):
    asyncio.current_task().cancel()
    await asyncio.sleep(3600)


async def recurses(state):
    return await recurses(state)


async def generates():
    yield 1


async def soon():
    return {"x": 1}


async def cancels_its_children(state):
    child = asyncio.create_task(asyncio.sleep(3600))
    child.cancel()
    await child


async def yields_nonsense(state):
    class Nonsense:
        def __await__(self):
            yield 42

    await Nonsense()


async def awaits_itself(state):
    await asyncio.current_task()


async def awaits_no_future(state):
    await NoFuture()


async def leaves_what_starts_another(state):
    tasks = []

    async def child():
        try:
            await asyncio.sleep(3600)
        finally:
            tasks.append(asyncio.create_task(asyncio.sleep(3600)))

    tasks.append(asyncio.create_task(child()))
    await asyncio.sleep(0)
    raise ValueError("broken")


async def awaits_what_fails(state):
    future = asyncio.get_running_loop().create_future()
    future.set_exception(KeyError("gone"))
    await future


def exits_in_a_child(error):
    async def child():
        raise error

    async def agent(state):
        await asyncio.create_task(child())

    return agent


def exits_in_a_group(state):
    async def child():
        raise SystemExit(3)

    async def agent():
        async with asyncio.TaskGroup() as group:
            group.create_task(child())
            group.create_task(asyncio.sleep(3600))

    return agent()


async def groups(state):
    await exits_in_a_group(state)


def blocks_and_exits(state):
    raise SystemExit(3)


def stops_iteration(state):
    raise StopIteration


async def hangs(state):
    await asyncio.sleep(3600)


async def hangs_on_nobody(state):
    await asyncio.get_running_loop().create_future()


async def returns_after_its_cancellation(state):
    try:
        await asyncio.sleep(3600)
    except asyncio.CancelledError:
        return {"late": True}


async def takes_its_cancellation_back(state):
    try:
        await asyncio.sleep(3600)
    except asyncio.CancelledError:
        asyncio.current_task().uncancel()
        return {"late": True}


async def raises_after_its_cancellation(state):
    try:
        await asyncio.sleep(3600)
    except asyncio.CancelledError:
        raise ValueError("late") from None


async def exits_after_its_cancellation(state):
    try:
        await asyncio.sleep(3600)
    finally:
        raise SystemExit(3)


async def hangs_with_children(state):
    children = [asyncio.create_task(asyncio.sleep(3600)) for _ in range(3)]
    await children[0]


def ignores_its_cancellation(release):
    async def agent(state):
        while not release.is_set():
            try:
                await asyncio.sleep(0.005)
            except asyncio.CancelledError:
                continue

    return agent


def spins_through_its_cancellation(release):
    async def agent(state):
        while not release.is_set():
            try:
                await asyncio.sleep(0)
            except asyncio.CancelledError:
                continue

    return agent


def ignores_it_in_a_child(release):
    inner = ignores_its_cancellation(release)

    async def agent(state):
        await asyncio.create_task(inner(state))

    return agent


def hangs_in_a_thread(release):
    return lambda state: release.wait(20) and None


async def says_no_text(state: State, call: AgentCall):
    call.say(object())


def always(agent):
    return lambda release: agent


def one(agent, told, timeout=None):
    return Beast(always(agent), told, timeout)


STOPPED = "stopped by its own timeout of 0.02s"

ZOO: dict[str, Beast] = {
    "raises": one(raising(lambda: ValueError("broken")), "raised ValueError: broken"),
    "raises without a text": one(raising(ValueError), "raised ValueError"),
    "raises an error without a text": one(raising(UnreadableError), "cannot be read"),
    "raises what exits when it is read": one(raising(ExitsWhenReadError), "cannot be read"),
    "raises a huge text": one(raising(lambda: ValueError("x" * 50_000_000)), "ValueError: xxx"),
    "raises half a character": one(raising(lambda: ValueError("a\ud800b")), "ValueError: a\ufffdb"),
    "exits": one(raising(lambda: SystemExit(3)), "raised SystemExit: 3"),
    "is interrupted": one(raising(KeyboardInterrupt), "raised KeyboardInterrupt"),
    "raises GeneratorExit": one(raising(GeneratorExit), "raised GeneratorExit"),
    "raises its own BaseException": one(raising(lambda: Odd("odd")), "raised Odd: odd"),
    "raises CancelledError": one(raising(asyncio.CancelledError), "CancelledError by itself"),
    "raises StopIteration": one(raising(StopIteration), "raised RuntimeError"),
    "raises a group": one(
        raising(lambda: ExceptionGroup("two", [ValueError("one"), KeyError()])),
        "raised ExceptionGroup: two (2 sub-exceptions); the first: ValueError: one",
    ),
    "raises groups in groups": one(
        raising(lambda: grouped(5000)), "the first: ValueError: innermost"
    ),
    "raises a group of exits": one(
        raising(lambda: BaseExceptionGroup("two", [SystemExit(1), KeyboardInterrupt()])),
        "raised BaseExceptionGroup",
    ),
    "cancels itself": one(cancels_itself_and_waits, "CancelledError by itself"),
    "cancels itself and returns": one(cancels_itself_and_returns, "cancelled the task"),
    "awaits what it cancelled": one(cancels_its_children, "CancelledError by itself"),
    "awaits a failure": one(awaits_what_fails, "raised KeyError"),
    "awaits nonsense": one(yields_nonsense, "raised RuntimeError: Task got bad yield: 42"),
    "awaits itself": one(awaits_itself, "RuntimeError: Task cannot await on itself"),
    "awaits what is no future": one(awaits_no_future, "raised SystemExit: 9"),
    "leaves a task that starts another": one(leaves_what_starts_another, "ValueError: broken"),
    "raises what has no name": one(raising(lambda: UnnamedError("x")), "raised UnnamedError: x"),
    "exits in a task of its own": one(exits_in_a_child(SystemExit(3)), "SystemExit: 3"),
    "is interrupted in a task of its own": one(
        exits_in_a_child(KeyboardInterrupt()), "KeyboardInterrupt"
    ),
    "exits in a group of tasks": one(groups, "SystemExit: 3"),
    "recurses for ever": one(recurses, "raised RecursionError"),
    "returns a coroutine": one(returning(soon), "returned a coroutine; await it"),
    "returns an async generator": one(returning(generates), "returned an async_generator"),
    "returns a generator": one(returning(lambda: (i for i in [1])), "returned a generator"),
    "returns a text": one(returning(lambda: "hello"), "returned a str ('hello')"),
    "returns a number": one(returning(lambda: 3), "returned an int (3)"),
    "returns an object": one(returning(object), "returned an object"),
    "returns an object inside": one(returning(lambda: {"a": [1, {"b": object()}]}), "at 'a[1].b'"),
    "returns bytes": one(returning(lambda: {"a": b"x"}), "a bytes at 'a'"),
    "returns a set": one(returning(lambda: {"a": {1}}), "a set at 'a'"),
    "returns NaN": one(returning(lambda: {"a": float("nan")}), "nan at 'a'"),
    "returns infinity": one(returning(lambda: {"a": [float("inf")]}), "inf at 'a[0]'"),
    "returns keys that are numbers": one(returning(lambda: {"a": {1: 2}}), "the key 1 of type int"),
    "returns a huge number": one(returning(lambda: {"a": 10**5000}), "more than 1024 bits"),
    "returns a huge text": one(returning(lambda: {"a": "x" * 50_000_000}), "characters of text"),
    "returns too many values": one(returning(lambda: {"a": [0] * 10_000_000}), "200,000 values"),
    "returns something very deep": one(returning(lambda: nested(100_000)), "nested more than 64"),
    "returns itself": one(returning(cyclic), "hold themselves"),
    "returns exponentially much": one(returning(wide), "200,000 values"),
    "returns a mapping that raises": one(
        returning(lambda: Trap(OSError("the mapping bites"))), "raises OSError: the mapping bites"
    ),
    "returns a mapping that exits": one(
        returning(lambda: Trap(SystemExit(9))), "raises SystemExit: 9"
    ),
    "returns a mapping without an end": one(returning(lambda: Endless(None)), "200,000 values"),
    "returns what exits when it is asked what it is": one(
        returning(lambda: {"a": Liar()}), "raises SystemExit: 9"
    ),
    "returns what has no name": one(returning(Unnamed), "returned an Unnamed"),
    "returns what says it is true": one(returning(lambda: {"a": posing_as(bool)}), "raises Type"),
    "returns what says it is nothing": one(
        returning(lambda: {"a": posing_as(type(None))}), "a Poser at 'a'"
    ),
    "returns what says it is a text": one(
        returning(lambda: {"a": posing_as(str, __len__=lambda _: 1, isascii=lambda _: True)}),
        "raises TypeError",
    ),
    "returns what says it is a number": one(
        returning(lambda: {"a": posing_as(int, __lt__=posing_as, __gt__=posing_as)}),
        "raises TypeError",
    ),
    "returns a key that says it is a text": one(
        returning(lambda: {posing_as(str, isascii=lambda _: True): 1}), "raises TypeError"
    ),
    "returns what says it is a dict": one(
        returning(lambda: posing_as(dict, __len__=lambda _: 1, items=lambda _: [("a", object())])),
        "an object at 'a'",
    ),
    "answers with an error": one(returning(lambda: AgentResult(error="no")), "an error: no"),
    "answers with an error that exits": one(
        returning(lambda: AgentResult(error=EvilText("no"))), "raises SystemExit: 9"
    ),
    "says what is no text": one(says_no_text, "AttributeError"),
    "exits in a thread": one(blocks_and_exits, "raised SystemExit: 3"),
    "stops iteration in a thread": one(stops_iteration, "raised RuntimeError"),
    "returns a coroutine from a thread": one(lambda state: soon(), "returned a coroutine"),
    "hangs": one(hangs, STOPPED, "20ms"),
    "hangs on what nobody ends": one(hangs_on_nobody, STOPPED, "20ms"),
    "hangs with tasks of its own": one(hangs_with_children, STOPPED, "20ms"),
    "returns after its cancellation": one(returns_after_its_cancellation, STOPPED, "20ms"),
    "takes its cancellation back": one(takes_its_cancellation_back, STOPPED, "20ms"),
    "raises after its cancellation": one(raises_after_its_cancellation, STOPPED, "20ms"),
    "exits after its cancellation": one(exits_after_its_cancellation, STOPPED, "20ms"),
    "ignores its cancellation": Beast(
        ignores_its_cancellation, f"{STOPPED} (it ignored its cancellation", "20ms"
    ),
    "spins through its cancellation": Beast(
        spins_through_its_cancellation, f"{STOPPED} (it ignored its cancellation", "20ms"
    ),
    "ignores its cancellation in a task of its own": Beast(
        ignores_it_in_a_child, f"{STOPPED} (it ignored its cancellation", "20ms"
    ),
    "hangs in a thread": Beast(
        hangs_in_a_thread, f"{STOPPED} (its thread cannot be stopped", "20ms"
    ),
}
