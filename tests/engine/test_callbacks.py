import asyncio
from collections import UserDict

import pytest

from agentflow.callbacks import HookPoint
from agentflow.errors import SetupError
from agentflow.event import Event
from agentflow.state import State
from engine.fakes import case as route_case
from engine.fakes import fails, flow, kinds, loop, marks, parallel, router, runner, says, sequence


def noting(seen):
    def callback(args):
        seen.append((str(args.hook), args.path))

    return callback


@pytest.mark.parametrize(
    ("step", "paths"),
    [
        ("a", ["a"]),
        (sequence("s", "a", "a"), ["s/a", "s/a~2"]),
        (parallel("p", "a", "b"), ["p/a", "p/b"]),
        (loop("l", "a", max_iterations=2), ["l#1/a", "l#2/a"]),
        (router("r", route_case("x", "a")), ["r/a"]),
    ],
)
async def test_each_hook_is_called_once_a_happening_in_every_mode(step, paths):
    seen = []
    it = runner(flow(step), {})
    for hook in HookPoint:
        it.register_callback(hook, "notes", noting(seen))
    await it.run(Event(target="x"))

    assert seen[0] == ("BEFORE_EVENT_HANDLING", "")
    assert seen[-1] == ("AFTER_EVENT_HANDLING", "")
    for hook in ("BEFORE_AGENT_RUN", "AFTER_AGENT_RUN"):
        assert sorted(path for name, path in seen if name == hook) == paths
    assert len(seen) == 2 + 2 * len(paths)


async def test_callbacks_are_called_in_order_of_registration_sync_or_async():
    order = []
    it = runner(flow("a"), {})

    async def second(args):
        order.append("second")

    it.register_callback(HookPoint.BEFORE_AGENT_RUN, "first", lambda args: order.append("first"))
    it.register_callback(HookPoint.BEFORE_AGENT_RUN, "second", second)
    it.register_callback(HookPoint.BEFORE_AGENT_RUN, "third", lambda args: order.append("third"))
    it.unregister_callback(HookPoint.BEFORE_AGENT_RUN, "third")
    await it.run(Event())

    assert order == ["first", "second"]


async def test_a_state_that_a_callback_returns_is_handed_on():
    it = runner(flow("a"), {"a": marks("a")})

    def adds(name):
        return lambda args: {"trail": [*args.state.get("trail", []), name]}

    it.register_callback(HookPoint.BEFORE_EVENT_HANDLING, "adds", adds("event"))
    it.register_callback(HookPoint.BEFORE_AGENT_RUN, "adds", adds("before"))
    it.register_callback(HookPoint.AFTER_AGENT_RUN, "adds", adds("after"))
    it.register_callback(HookPoint.AFTER_EVENT_HANDLING, "adds", adds("end"))
    result = await it.run(Event())

    assert result.state == {"trail": ["event", "before", "a", "after", "end"]}
    assert result.path_results["a"]["changes"] == {"trail": ["event", "before", "a", "after"]}


async def test_callbacks_are_told_what_it_is_about():
    told = {}
    it = runner(flow("a", "b"), {"a": says(x=1), "b": fails("oh")})
    for hook in HookPoint:
        it.register_callback(hook, "notes", lambda args: told.setdefault(args.hook, args) and None)
    event = Event(data={"m": 1})
    result = await it.run(event)

    after, error = told[HookPoint.AFTER_AGENT_RUN], told[HookPoint.AGENT_ERROR]
    assert (after.agent, after.path, after.event, after.run_id) == ("a", "a", event, result.run_id)
    assert after.result.output_state == {"m": 1, "x": 1}
    assert (error.agent, str(error.error)) == ("b", "b: agent 'b' raised ValueError: oh")
    assert str(told[HookPoint.AFTER_EVENT_HANDLING].error) == result.error


async def test_a_callback_that_raises_fails_that_step():
    it = runner(flow("a", "b"), {})

    def breaks(args):
        if args.path == "b":
            raise SystemExit(1)

    it.register_callback(HookPoint.BEFORE_AGENT_RUN, "breaks", breaks)
    result = await it.run(Event())

    assert result.status == "failed"
    assert result.error.startswith("b: callback 'breaks' at BEFORE_AGENT_RUN raised SystemExit: 1")
    assert kinds(result, "StepFailed") == [("StepFailed", "b")]


async def test_a_callback_that_returns_nonsense_fails_that_step():
    it = runner(flow("a"), {})
    it.register_callback(HookPoint.AFTER_AGENT_RUN, "odd", lambda args: 42)
    result = await it.run(Event())

    assert "callback 'odd' at AFTER_AGENT_RUN returned an int (42)" in result.error


class ExitsWhenReadError(Exception):
    def __str__(self):
        raise SystemExit(9)


class ExitsWhenRead(UserDict):
    def __getitem__(self, key):
        raise SystemExit(9)


def raises(error):
    raise error


@pytest.mark.parametrize(
    ("does", "told"),
    [
        (lambda _: raises(ExitsWhenReadError()), "raised ExitsWhenReadError: (its text cannot be"),
        (lambda _: ExitsWhenRead(x=1), "returned what raises SystemExit: 9"),
    ],
)
async def test_what_a_callback_leaves_is_read_as_carefully_as_what_an_agent_does(does, told):
    it = runner(flow("a", "b"), {"b": says(done=True)})
    it.register_callback(HookPoint.AFTER_AGENT_RUN, "odd", does)

    result = await it.run(Event())

    assert result.error.startswith(f"a: callback 'odd' at AFTER_AGENT_RUN {told}")
    assert "b" not in result.path_results


async def test_a_callback_of_the_event_that_raises_fails_the_run():
    it = runner(flow("a"), {})
    it.register_callback(HookPoint.AFTER_EVENT_HANDLING, "breaks", lambda args: 1 / 0)
    result = await it.run(Event())

    assert result.status == "failed"
    assert "ZeroDivisionError" in result.error


async def test_a_state_returned_at_agent_error_mends_the_step():
    it = runner(flow("a", "b"), {"a": fails("oh"), "b": says(y=1)})
    it.register_callback(HookPoint.AGENT_ERROR, "mends", lambda args: {"x": "instead"})
    result = await it.run(Event())

    assert result.status == "succeeded"
    assert result.state == {"x": "instead", "y": 1}
    assert result.path_results["a"]["status"] == "failed"
    assert result.path_results["a"]["changes"] == {"x": "instead"}


async def test_what_a_callback_scribbles_on_its_state_harms_nobody():
    it = runner(flow("a"), {"a": says(x=1)})
    it.register_callback(
        HookPoint.BEFORE_AGENT_RUN, "scribbles", lambda args: args.state["list"].append(1)
    )
    result = await it.run(Event(data={"list": []}))

    assert result.state == {"list": [], "x": 1}


async def test_a_name_can_be_registered_once_a_hook():
    it = runner(flow("a"), {})
    it.register_callback(HookPoint.AGENT_ERROR, "same", lambda args: None)
    it.register_callback(HookPoint.AFTER_AGENT_RUN, "same", lambda args: None)

    with pytest.raises(SetupError, match="registered already"):
        it.register_callback(HookPoint.AGENT_ERROR, "same", lambda args: None)


async def test_a_callback_can_have_a_result_routed_on():
    it = runner(flow("a", "b", "c"), {})

    def reroutes(args):
        return State(args.state, {"route": "c"}) if args.path == "a" else None

    it.register_callback(HookPoint.AFTER_AGENT_RUN, "reroutes", reroutes)
    result = await it.run(Event())

    assert result.state == {"trail": ["a", "c"]}


@pytest.mark.parametrize("then", ["returns", "raises"])
async def test_a_callback_that_swallows_its_interruption_is_interrupted_all_the_same(then):
    async def swallows(args):
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            if then == "raises":
                raise ValueError("while it was stopped") from None

    it = runner(flow(sequence("s", "a", timeout="20ms"), "b"), {})
    it.register_callback(HookPoint.AFTER_AGENT_RUN, "swallows", swallows)
    result = await it.run(Event())

    assert (result.status, "b" in result.path_results) == ("failed", False)
    assert result.error.startswith("s: stopped by its own timeout of 0.02s")
