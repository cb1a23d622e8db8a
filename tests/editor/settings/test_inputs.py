"""What a flow is run with, from fields and from the sample beside it."""

import pytest

from agentflow_editor.dialogs.messages import parse_input
from agentflow_editor.settings.inputs import first_input


def test_a_message_data_and_metadata_become_one_input():
    data, metadata = parse_input(
        {"text": "hello", "data": '{"limit": 3}', "metadata": "route = billing\n\nlang=en"}
    )

    assert data == {"limit": 3, "message": "hello"}
    assert metadata == {"route": "billing", "lang": "en"}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"data": "{oops"}, "Data: this is not JSON"),
        ({"data": "[1]"}, "a JSON object is wanted"),
        ({"metadata": "route"}, "'route' is no"),
    ],
)
def test_a_field_that_is_wrong_is_named(given, told):
    with pytest.raises(ValueError, match=r"Data|Metadata") as refused:
        parse_input(given)

    assert told in str(refused.value)


def test_the_sample_beside_a_flow_is_its_first_input(tmp_path):
    (tmp_path / "input.json").write_text('{"topic":"tides"}')

    given = first_input(tmp_path / "agentflow.toml")

    assert parse_input(given) == ({"topic": "tides"}, {})


def test_a_text_sample_is_the_message(tmp_path):
    (tmp_path / "input.txt").write_text("Why is the sea salty?\n")

    assert parse_input(first_input(tmp_path / "agentflow.toml"))[0] == {
        "message": "Why is the sea salty?"
    }


def test_without_a_sample_there_is_no_first_input(tmp_path):
    assert first_input(tmp_path / "agentflow.toml") is None
    assert first_input(None) is None
