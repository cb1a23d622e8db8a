"""What the command line says becomes the event."""

from pathlib import Path

import click
import pytest

from agentflow.cli.console.given import Given

FLOW = Path("agentflow.toml")


def test_a_text_becomes_the_message():
    assert Given(text="hello").event(FLOW).data == {"message": "hello"}


def test_a_json_object_becomes_the_state():
    assert Given(text='{"a": 1}').event(FLOW).data == {"a": 1}


def test_without_input_the_event_is_empty_even_where_a_sample_lies_beside_the_flow(tmp_path: Path):
    (tmp_path / "input.txt").write_text("sample")

    assert Given().event(tmp_path / "agentflow.toml").data == {}


def test_a_sample_is_taken_when_it_is_asked_for(tmp_path: Path):
    (tmp_path / "input.txt").write_text("sample\n")

    assert Given(sample=True).event(tmp_path / "agentflow.toml").data == {"message": "sample"}


def test_a_json_file_becomes_the_state_and_a_text_file_the_message(tmp_path: Path):
    (tmp_path / "a.json").write_text('{"a": [1]}')
    (tmp_path / "a.txt").write_text('{"a": [1]}')

    assert Given(text=f"@{tmp_path / 'a.json'}").event(FLOW).data == {"a": [1]}
    assert Given(text=f"@{tmp_path / 'a.txt'}").event(FLOW).data == {"message": '{"a": [1]}'}


def test_single_keys_add_to_the_input_or_replace_it():
    event = Given(text='{"a": 1, "b": 2}', sets=("b=[true]", 'c="x=y"')).event(FLOW)

    assert event.data == {"a": 1, "b": [True], "c": "x=y"}


def test_metadata_are_texts():
    assert Given(meta=("route=billing", "note=a=b")).event(FLOW).metadata == {
        "route": "billing",
        "note": "a=b",
    }


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (Given(text="{not json"), "--input: it is no JSON"),
        (Given(text="@missing.json"), "missing.json: it cannot be read"),
        (Given(text="x", sample=True), "exclude one another"),
        (Given(sample=True), "there is no input.json or input.txt beside"),
        (Given(sets=("a",)), "--set: 'a' has no key and value"),
        (Given(sets=("a=word",)), "--set a: it is no JSON"),
        (Given(sets=("a=NaN",)), "NaN is no JSON number"),
        (Given(sets=("a=1e999",)), "--set a: it is no JSON (1e999 is too large"),
        (Given(text="@/dev/zero"), "/dev/zero: it is larger than 10 MB"),
        (Given(meta=("=x",)), "--meta: '=x' has no key and value"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(given: Given, told: str, tmp_path: Path):
    with pytest.raises(click.UsageError) as caught:
        given.event(tmp_path / "agentflow.toml")

    assert told in caught.value.message
