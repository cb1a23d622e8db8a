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


def marked(keys, *, text=TEXT, is_of_key=False):
    """The characters of the text that a place has."""
    spot = LineIndex(text).spot_of(keys_of(keys), is_of_key=is_of_key)
    assert spot is not None
    line = text.split("\n")[spot.line - 1]
    return line[spot.column - 1 : spot.column - 1 + spot.length]


@pytest.mark.parametrize(
    ("where", "value", "key"),
    [
        ("top", "1", "top"),
        ("orchestration.mode", '"mixed"', "mode"),
        ("orchestration", "orchestration", "orchestration"),
        ("orchestration.mixed.stages[0]", "orchestration.mixed.stages", None),
        ("orchestration.mixed.stages[0].agents", "[", "agents"),
        ("orchestration.mixed.stages[0].agents[0]", '"a"', '"a"'),
        ("orchestration.mixed.stages[0].agents[1][1]", '"c"', '"c"'),
        ("orchestration.mixed.stages[0].config.max_iterations", "3", "max_iterations"),
        ("orchestration.mixed.stages[1].text", "'''", "text"),
        ("orchestration.mixed.stages[1].cases[0].merge.x", '"sum"', "x"),
        ("orchestration.mixed.stages[1].cases[0].merge.y.z", "[1,", "y.z"),
        ("orchestration.mixed.stages[1].cases[0].merge.y.z[1]", "2", "2"),
        ('agents."my.agent"', 'agents."my.agent"', None),
        ('agents."my.agent".llm.model', '"m"', "llm.model"),
        # Where it is not there, what it would stand in:
        ("orchestration.mixed.stages[1].timeout", "orchestration.mixed.stages", None),
        ("orchestration.mixed.stages[1].cases[0].merge.w", "merge", None),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_place_is_the_very_characters_of_its_value_or_of_its_key(where, value, key, end):
    text = TEXT.replace("\n", end)

    assert marked(where, text=text) == value
    assert marked(where, text=text, is_of_key=True) == (key or value)


def test_all_of_an_array_or_table_in_one_line_is_its_value():
    text = "a = [ {b = 'x', c = [1, 2]} , 2 ] # no more\nd={ }"

    assert marked("a", text=text) == "[ {b = 'x', c = [1, 2]} , 2 ]"
    assert marked("a[0]", text=text) == "{b = 'x', c = [1, 2]}"
    assert marked("a[0].c", text=text) == "[1, 2]"
    assert marked("a[1]", text=text) == "2"
    assert marked("d", text=text) == "{ }"


@given(st.lists(st.text(min_size=1) | st.integers(0, 99), min_size=1))
def test_a_place_reads_as_it_was_written(keys):
    place = ("x", *keys)

    assert keys_of(dotted(place)) == place


@given(st.text(st.sampled_from("[]{}.=,'\"\\\n#ab1 "), max_size=60))
def test_a_scan_of_anything_ends(text):
    assert list(statements(text)) is not None
