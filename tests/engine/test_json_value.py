import json
from collections import OrderedDict
from enum import IntEnum, StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentflow.json_value import MAX_DEPTH, NotJsonError, json_value
from agentflow.state import State


class Colour(StrEnum):
    RED = "red"


class Level(IntEnum):
    HIGH = 3


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=30,
)


@given(JSON)
def test_what_is_json_comes_through_as_it_is(value):
    assert json.dumps(json_value(value)) == json.dumps(value)


@given(st.lists(JSON, min_size=1))
def test_what_comes_through_shares_nothing_with_what_went_in(value):
    before = json.dumps(value)
    result = json_value({"value": value})["value"]
    result.append("more")
    for item in result:
        if isinstance(item, (list, dict)):
            item.clear()

    assert json.dumps(value) == before


def test_relatives_of_the_plain_types_become_the_plain_types():
    value = json_value({"a": (1, Colour.RED), "b": OrderedDict(x=Level.HIGH), "c": State({"y": 1})})

    assert value == {"a": [1, "red"], "b": {"x": 3}, "c": {"y": 1}}
    assert type(value["a"][1]) is str
    assert type(value["b"]["x"]) is int
    assert type(value["c"]) is dict


def test_keys_keep_their_order():
    value = {"z": [1], "a": {"y": [2], "b": 1}, "m": 0}

    assert json.dumps(json_value(value)) == json.dumps(value)


def test_half_a_surrogate_pair_is_replaced_in_keys_and_texts():
    assert json_value({"\ud83d": ["\ude00", "🙂"]}) == {"\ufffd": ["\ufffd", "🙂"]}


def test_values_may_nest_as_deep_as_the_limit_and_no_deeper():
    value = []
    for _ in range(MAX_DEPTH - 1):
        value = [value]

    assert json_value(value) == value
    with pytest.raises(NotJsonError, match="nested more than"):
        json_value([value])


def test_an_error_says_where_the_value_stands():
    with pytest.raises(NotJsonError, match=r"a complex at 'report\.rows\[2\]\.total'"):
        json_value({"report": {"rows": [1, 2, {"total": 1j}]}})
