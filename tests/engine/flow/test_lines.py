from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentflow.flow.lines import LineIndex
from agentflow.flow.toml_scan import statements
from agentflow.flow.where import dotted, keys_of

TEXT = dedent("""\
    # a comment
    top = 1

    [orchestration]
    mode = "mixed"   # [no.header]

    [[orchestration.mixed.stages]]
    name = "one"
    agents = [
      "a",  # the first
      ["b",
       "c"],
    ]

    [orchestration.mixed.stages.config]
    max_iterations = 3

    [[orchestration.mixed.stages]]
    text = '''
    [not.a.header]
    not = "a key"
    '''
    name = "two"
    [[orchestration.mixed.stages.cases]]
    name = "case"
    merge = { x = "sum", y.z = [1,
      2] }

    [agents."my.agent"]
    llm.model = "m"
    """)


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("top", 2),
        ("orchestration", 4),
        ("orchestration.mode", 5),
        ("orchestration.mixed", 7),
        ("orchestration.mixed.stages[0]", 7),
        ("orchestration.mixed.stages[0].agents", 9),
        ("orchestration.mixed.stages[0].agents[0]", 10),
        ("orchestration.mixed.stages[0].agents[1]", 11),
        ("orchestration.mixed.stages[0].agents[1][1]", 12),
        ("orchestration.mixed.stages[0].config.max_iterations", 16),
        ("orchestration.mixed.stages[1]", 18),
        ("orchestration.mixed.stages[1].name", 23),
        ("orchestration.mixed.stages[1].cases[0].name", 25),
        ("orchestration.mixed.stages[1].cases[0].merge.x", 26),
        ("orchestration.mixed.stages[1].cases[0].merge.y.z[1]", 27),
        ('agents."my.agent"', 29),
        ('agents."my.agent".llm.model', 30),
    ],
)
def test_a_place_has_its_line(where, line):
    assert LineIndex(TEXT).line_of(keys_of(where)) == line


def test_a_place_that_is_not_there_has_the_line_of_what_it_would_stand_in():
    index = LineIndex(TEXT)

    assert index.line_of(keys_of("orchestration.mixed.stages[1].timeout")) == 18
    assert index.line_of(keys_of('agents."my.agent".retry_policy.max_retries')) == 29
    assert index.line_of(keys_of("nothing.like[3].that")) is None


def test_lines_are_the_same_with_windows_line_ends():
    index = LineIndex(TEXT.replace("\n", "\r\n"))

    assert index.line_of(keys_of("orchestration.mixed.stages[1].cases[0].name")) == 25


@given(st.lists(st.text(min_size=1) | st.integers(0, 99), min_size=1))
def test_a_place_reads_as_it_was_written(keys):
    place = ("x", *keys)

    assert keys_of(dotted(place)) == place


@given(st.text(st.sampled_from("[]{}.=,'\"\\\n#ab1 "), max_size=60))
def test_a_scan_of_anything_ends(text):
    assert list(statements(text)) is not None
