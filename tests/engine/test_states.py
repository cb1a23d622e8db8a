from hypothesis import given
from hypothesis import strategies as st

from agentflow.callbacks import HookPoint
from agentflow.event import Event
from agentflow.state import State
from agentflow.states import States
from agentflow.trace import StepFailed, StepStarted, StepSucceeded
from engine.fakes import case, flow, loop, outcome, parallel, router, routes, runner, says


def folded(result):
    states = States()
    for entry in result.entries:
        states.feed(entry)
    return states


def starts(result, path):
    return [it for it in result.entries if isinstance(it, StepStarted) and it.path == path]


async def test_what_each_step_got_follows_from_the_changes_before_it():
    got = {}

    def sees(name, **changes):
        async def agent(state):
            got.setdefault(name, []).append(state.to_dict())
            return changes

        return agent

    of = flow(
        "a",
        parallel("both", "b", "c", merge={"x": "last"}),
        loop("again", "d", max_iterations=2),
        router("choose", case("left", "e"), case("right", "f", when="x == 3")),
    )
    agents = {"a": sees("a", x=1), "b": sees("b", x=2), "c": sees("c", x=3), "d": sees("d", n=1)}
    result = await outcome(of, {**agents, "f": sees("f", end=True)}, message="hello")
    states = folded(result)

    for path, name in [("a", "a"), ("both/b", "b"), ("both/c", "c"), ("choose/f", "f")]:
        (began,) = starts(result, path)
        assert states.got(began.seq) == got[name][0]
    for number in (1, 2):
        (began,) = starts(result, f"again#{number}/d")
        assert states.got(began.seq) == got["d"][number - 1]
    last = [it for it in result.entries if isinstance(it, StepSucceeded)][-1]
    assert states.left(last.seq) == result.state


async def test_what_callbacks_make_of_the_event_is_what_the_first_step_got():
    it = runner(flow("a"), {"a": says(x=1)})
    hook = HookPoint.BEFORE_EVENT_HANDLING
    it.register_callback(hook, "more", lambda args: {"more": True})
    result = await it.run(Event(data={"message": "hello"}))

    (began,) = starts(result, "a")
    assert folded(result).got(began.seq) == {"message": "hello", "more": True}


async def test_a_route_that_a_step_names_is_part_of_what_it_left():
    result = await outcome(flow("a", "b", "c"), {"a": routes("c", x=1)})
    (ended,) = [it for it in result.entries if isinstance(it, StepSucceeded) and it.path == "a"]

    assert ended.metadata == {"route": "c"}
    assert folded(result).left(ended.seq).metadata == {"route": "c"}


async def test_a_failure_that_the_flow_goes_on_after_leaves_a_state_too():
    async def breaks(state):
        raise ValueError("no")

    of = flow("a", "b", agents={"a": {"on_error": "continue"}})
    result = await outcome(of, {"a": breaks}, x=1)
    (failed,) = [it for it in result.entries if isinstance(it, StepFailed)]
    (began,) = starts(result, "b")

    assert began.after == failed.seq
    assert folded(result).got(began.seq)["errors"]["a"]


_changes = st.dictionaries(st.sampled_from("abcd"), st.integers() | st.lists(st.integers()))


@given(st.lists(st.tuples(_changes, st.sets(st.sampled_from("abcd")))))
def test_every_state_stays_what_it_was_whatever_is_made_of_it(steps):
    states, told = [State({"a": 0})], [{"a": 0}]
    for changes, removed in steps:
        states.append(states[-1].with_changes(changes, removed=removed))
        told.append({k: v for k, v in {**told[-1], **changes}.items() if k not in removed})

    for state, values in reversed(list(zip(states, told, strict=True))):
        assert list(state.to_dict().items()) == list(values.items())


def test_two_states_made_of_one_know_nothing_of_each_other():
    first = State({"a": [1]})
    left, right = first.with_changes({"b": 1}), first.with_changes({"b": 2})

    assert (first, left, right) == ({"a": [1]}, {"a": [1], "b": 1}, {"a": [1], "b": 2})


def test_an_own_copy_may_be_scribbled_on_and_copies_only_what_is_read():
    big = [{"n": 1}]
    state = State({"big": big, "small": {"n": 1}})
    mine = state.own_copy()
    mine["small"]["n"] = 2

    assert state["small"] == {"n": 1}
    assert mine["small"] == {"n": 2}
    assert mine.others_than(state) == {"small": {"n": 2}}
    assert mine.with_changes({"x": 1}).others_than(state) == {"small": {"n": 2}, "x": 1}
    assert mine.with_changes({}, removed=["small"]) == {"big": [{"n": 1}]}
