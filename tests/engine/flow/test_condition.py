import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentflow.errors import ConditionError
from agentflow.flow.condition import MAX_LENGTH, compile_condition


def holds(text, **values):
    return compile_condition(text).evaluate(values).holds


def test_the_names_that_it_reads_are_listed():
    names = {
        "quality_score >= 0.9": {"quality_score"},
        "user.role == 'admin' && has(user.mail)": {"user"},
        "items.exists(it, it > least)": {"items", "least"},
        "metadata.route == 'x' || size(message) > 3": {"metadata", "message"},
        "true": set(),
    }

    assert {text: set(compile_condition(text).names) for text in names} == names


@pytest.mark.parametrize("score", [1, 0.9, 1.0])
def test_numbers_compare_across_whole_ones_and_others(score):
    assert holds("score >= 0.9", score=score)
    assert not holds("score > 1", score=score)


def test_the_values_that_were_read_are_told():
    verdict = compile_condition("score > least").evaluate({"score": 3, "least": 2, "other": 1})

    assert verdict.values == {"least": 2, "score": 3}


@pytest.mark.parametrize(
    ("text", "column", "told"),
    [
        ("score >", 8, "ends too early"),
        ("score = 1", 7, "write '==' instead of '='"),
        ("a and b", 3, "write '&&' instead of 'and'"),
        ("not a", 5, "write '!' instead of 'not'"),
        ("a == True", 6, "write 'true' instead of 'True'"),
        ("open('x') == 1", 5, "no function or value 'open'"),
        ("a.startWith('x')", 12, "no function or value 'startWith'"),
        ("loop > 1", 1, "word of the language"),
        ("a > 1 &&\n  b )", 14, "cannot stand here"),
        ("a + 1 > 2.5", 7, "1.0 and 2.5"),
        ("'a' > 1", 5, "does not take string, int"),
    ],
)
def test_what_is_no_expression_is_told_with_its_column(text, column, told):
    with pytest.raises(ConditionError) as caught:
        compile_condition(text)

    assert caught.value.column == column
    assert told in str(caught.value)


@pytest.mark.parametrize("text", ["1", "'a' + b", "size(a)", "[a]", "", "  "])
def test_what_can_give_no_truth_value_is_refused_at_once(text):
    with pytest.raises(ConditionError):
        compile_condition(text)


def test_a_name_that_is_not_there_is_an_error_that_lists_what_is():
    with pytest.raises(ConditionError) as caught:
        holds("quality_scor > 1", quality_score=1, message="x")

    assert str(caught.value) == (
        "'quality_scor > 1': reads 'quality_scor', which is not there: there are 'message' and "
        "'quality_score' (column 1); did you mean 'quality_score'?"
    )


def test_an_error_names_the_step_that_asks():
    with pytest.raises(ConditionError, match=r"^refine#2: 'score > 1'"):
        compile_condition("score > 1").evaluate({}, path="refine#2")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a > 1", {"a": "x"}),
        ("a > 1", {"a": None}),
        ("a.b > 1", {"a": {}}),
        ("a[3] > 1", {"a": [1]}),
        ("a", {"a": "true"}),
        ("a > 1", {"a": 2**70}),
        ("a == 'x'", {"a": "\ud800"}),
        ("a > 1", {"a": object()}),
        ("a.all(x, a.all(y, a.all(z, x + y + z >= 0)))", {"a": list(range(500))}),
    ],
)
def test_a_value_that_does_not_fit_is_a_condition_error(text, values):
    with pytest.raises(ConditionError):
        compile_condition(text).evaluate(values)


def test_values_that_nest_without_end_are_refused():
    circle: dict[str, object] = {"x": 1}
    circle["one"] = circle["other"] = circle
    tower: object = []
    for _ in range(100_000):
        tower = [tower]

    for value in (circle, tower):
        with pytest.raises(ConditionError, match="nests deeper"):
            compile_condition("size(a) > 0").evaluate({"a": value})


@pytest.mark.parametrize(
    "text",
    [
        "(" * 500 + "1" + ")" * 500,
        "+".join("a" * 500),
        "a" * (MAX_LENGTH + 1),
        "a > '\ud800'",
        "\0",
    ],
)
def test_a_hostile_expression_is_refused(text):
    with pytest.raises(ConditionError):
        compile_condition(text)


@given(st.text(st.sampled_from("ab.()[]!&|=<>+-*/%?:'\"\\ 1_,\n"), max_size=40))
def test_nothing_but_condition_errors_is_raised(text):
    with contextlib.suppress(ConditionError):
        compile_condition(text).evaluate({"a": 1, "b": "x"})
