import contextlib
import os
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentflow.errors import FlowFileError, FlowSyntaxError
from agentflow.flow.load import load, parse
from agentflow.flow.text_guard import MAX_BYTES, parse_toml, read_source, source_of

HOSTILE = {
    "deep arrays": "a = " + "[" * 10_000,
    "deep inline tables": "a = " + "{a = " * 10_000,
    "a key of many parts": ".".join("a" * 30_000) + " = 1",
    "a header of many parts": "[" + ".".join("a" * 10_000) + "]",
    "an integer of thousands of digits": "a = " + "9" * 5_000,
    "an integer of thousands of digits to the base of 16": "a = 0x" + "f" * 5_000,
    "a day that no calendar has": "a = 0000-00-00",
    "a string that never ends": 'a = "' + '\\"' * 300_000,
    "a long string that never ends": 'a = """' + '\\"""' * 200_000,
    "too many values": "a = [" + "1," * 250_000 + "]",
    "NUL": "a = 1\0",
    "an escape character": 'a = "\x1b[2J"',
    "half a character": 'a = "\ud800"',
    "the same key twice": "a = 1\na = 2",
    "the same table twice": "[a]\n[a]",
    "a table over a value": "a = 1\n[a.b]",
    "a lone carriage return": "a = 1\rb = 2",
    "no TOML at all": "{ 'a': 1 }",
    "a megabyte of brackets": "[" * MAX_BYTES,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_text_is_one_clear_error(text, catalogue):
    with pytest.raises(FlowSyntaxError) as caught:
        parse(text, catalogue)

    told = str(caught.value)
    assert told.isprintable()
    assert len(told) < 400
    assert "sys." not in told


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a = 1\nb = = 2\n", 2, 5),
        ("a = 1\n\nc = [" + "[" * 40, 3, 37),
        ("a = 1\nb = 2 \0", 2, 7),
        ("a = 1\nb = '''", 2, 8),
        ("[x]\na = 1\na = 2", 3, 6),
    ],
)
def test_a_syntax_error_tells_line_and_column(text, line, column):
    with pytest.raises(FlowSyntaxError) as caught:
        parse_toml(text)

    assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.parametrize(
    "text", ['a = 1\nb = "x\nc = 2', "a = 1\nb = 'x\nc = 2", "a = 1\nb = 'x\nc = 'y'\n"]
)
def test_of_a_text_that_is_not_closed_the_line_is_told_and_what_to_do(text):
    with pytest.raises(FlowSyntaxError) as caught:
        parse_toml(text)

    told = "is not TOML: a text in quotes does not end on its line"
    assert (caught.value.what, caught.value.line) == (told, 2)
    assert caught.value.fix == "close the quotes at the end of it"


def test_what_is_not_utf_8_is_refused_with_its_place():
    with pytest.raises(FlowSyntaxError, match="not UTF-8") as caught:
        source_of(b"a = 1\nb = '\xff'")

    assert caught.value.line == 2


def test_more_than_a_mebibyte_is_refused():
    with pytest.raises(FlowSyntaxError, match="larger"):
        source_of(b"#" * (MAX_BYTES + 1))

    assert source_of(b"#" * MAX_BYTES).text


def test_a_mebibyte_in_one_string_is_read():
    text = f'a = "{"x" * (MAX_BYTES - 10)}"'

    assert parse_toml(text)["a"].startswith("xxx")


def test_dots_and_brackets_in_texts_and_comments_count_nothing():
    prompt = "[" * 100 + "a.b" * 100 + "{" * 100

    assert parse_toml(f"a = '''\n{prompt}'''\nb = '{prompt}' # {prompt}")["b"] == prompt


def test_the_byte_order_mark_is_taken_off_and_remembered():
    source = source_of(b"\xef\xbb\xbfa = 1")

    assert (source.text, source.has_bom) == ("a = 1", True)


def test_only_regular_files_are_read(tmp_path):
    pipe = tmp_path / "pipe.toml"
    os.mkfifo(pipe)

    for path in (pipe, tmp_path, tmp_path / "nothing.toml"):
        with pytest.raises(FlowFileError, match=path.name):
            read_source(path)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_path_that_cannot_be_one_is_an_error_and_no_crash(catalogue):
    with pytest.raises(FlowFileError):
        load("flow\0.toml", catalogue)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw):
    with contextlib.suppress(FlowSyntaxError):
        parse_toml(source_of(raw).text)


@given(st.text(st.sampled_from("[]{}.=,'\"\\\n#ab1 \t"), max_size=60))
def test_any_signs_are_read_or_refused(text):
    with contextlib.suppress(FlowSyntaxError):
        parse_toml(text)


def test_a_flow_of_ten_thousand_steps_with_as_many_agents_is_read(catalogue):
    names = [f"n{number}" for number in range(10_000)]
    agents = "".join(f'\n[agents.{it}]\ntype = "scripted"\n' for it in names)
    chain = "[orchestration]\nmode = 'sequential'\n[orchestration.sequential]\nagents = "

    flow = parse(f"{chain}{names}\n{agents}", catalogue).flow

    assert len(flow.agents) == len(list(flow.places())) - 1 == 10_000


def test_a_flow_of_nine_thousand_steps_is_read_with_where_they_stand(catalogue):
    names = [f"n{number}" for number in range(9_000)]
    agents = "".join(f'\n[agents.{it}]\ntype = "scripted"\n' for it in names)
    nodes = "".join(f'"{it}" = [{at * 272}, -16]\n' for at, it in enumerate(names))
    chain = "[orchestration]\nmode = 'sequential'\n[orchestration.sequential]\nagents = "

    file = parse(f"{chain}{names}\n{agents}\n[editor.nodes]\n{nodes}", catalogue)

    assert len(file.layout) == len(file.flow.agents) == 9_000


def test_many_positions_are_too_many_all_the_same(catalogue):
    nodes = "".join(f'"{number}" = [1, 1]\n' for number in range(60_000))

    with pytest.raises(FlowSyntaxError, match="values and signs"):
        parse(f"[editor.nodes]\n{nodes}", catalogue)
