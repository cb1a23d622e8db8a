"""Call keys: the same each time that a step is called, in flows that are run as a step as well."""

from agentflow.call_key import ToolKeys, call_key, calls_inside, is_inside


def test_a_step_of_a_run_is_known_by_its_number():
    assert not is_inside()
    assert call_key("run", "write", 3) == "run:3"


def test_steps_of_an_inner_flow_have_the_same_keys_whatever_numbers_they_get():
    with calls_inside("run:3"):
        first = [call_key("inner1", "write", 2), call_key("inner1", "read", 4)]
    with calls_inside("run:3"):
        again = [call_key("inner2", "read", 9), call_key("inner2", "write", 5)]
    with calls_inside("run:8"):
        other = call_key("inner3", "write", 2)

    assert again == first[::-1]
    assert len({*first, other}) == 3


def test_a_step_of_an_inner_flow_has_one_key_for_each_time_that_it_is_come_to():
    with calls_inside("run:3"):
        assert is_inside()
        keys = [call_key("inner", "write", step) for step in (2, 2, 6)]

    assert keys[0] == keys[1] != keys[2]


def test_keys_are_letters_that_any_header_takes():
    with calls_inside("run:3"):
        outer = call_key("inner", "größe/\ud800\n", 2)
        with calls_inside(outer):
            assert call_key("innermost", "x", 2).startswith(f"{outer}/")

    assert outer.isascii()
    assert outer.isprintable()


def test_a_tools_call_has_the_key_of_its_wish_in_whatever_order_that_is_wished_for():
    first, again = ToolKeys("run:3"), ToolKeys("run:3")

    keys = [first.key("add", it) for it in ({"a": 1, "b": 2}, {"a": 2}, {"a": 2})]
    same = [again.key("add", it) for it in ({"a": 2}, {"b": 2, "a": 1}, {"a": 2})]

    assert same == [keys[1], keys[0], keys[2]]
    assert len({*keys, first.key("put", {"a": 2}), ToolKeys("run:4").key("add", {"a": 2})}) == 5
    assert all(it.startswith("run:3/") and it.isascii() and it.isprintable() for it in keys)
