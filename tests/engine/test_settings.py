"""Settings: what the environment says of them is used, and never told."""

import base64
import json
from urllib.parse import quote, quote_plus

import pytest

from agentflow.agents.scripted import ScriptedSettings
from agentflow.event import Event
from agentflow.runner import Runner
from agentflow.settings import AskedEnvironment, Settings, Value
from engine.fakes import flow, setup

TOKEN = "sk-0123456789"


async def test_what_the_environment_told_an_agent_is_in_no_record_of_how_it_failed():
    error = f"403 for ?key=${{TOKEN}} {' ' * 480} ${{TOKEN}}"
    settings = ScriptedSettings(error=error, fail_rate=1)
    fields = {"settings": settings, "on_error": "continue", "retry_policy": {"max_retries": 1}}
    of = flow("a", agents={"a": fields})
    around = setup(environ={"TOKEN": TOKEN})
    result = await Runner.from_flow(of, setup=around).run(Event())

    assert "403 for ?key=${TOKEN}" in result.state["errors"]["a"]
    assert TOKEN[:6] not in str(result.entries)
    assert TOKEN not in str(result.to_json())


def test_only_what_was_asked_and_is_no_mere_syllable_is_taken_out_of_a_text():
    environ = AskedEnvironment(
        {"KEY": "secret-key", "LONGER": "secret-key-2", "N": "3", "X": "elsewhere"}
    )
    for name in ("KEY", "LONGER", "N"):
        assert environ.get(name)

    text = environ.unsaid("3 of secret-key-2 and secret-key elsewhere")

    assert text == "3 of ${LONGER} and ${KEY} elsewhere"


class Member(Value):
    text: str = ""


class Holder(Settings):
    members: tuple[Member, ...] = ()


def test_a_value_is_hidden_however_it_is_spelled():
    value = "é+/b=c d\\\"e'"
    environ = AskedEnvironment({"KEY": value})
    assert environ["KEY"] == value
    said = [
        value,
        json.dumps(value),
        json.dumps(value, ensure_ascii=False),
        repr(value),
        quote(value),
        quote(value, safe=""),
        quote_plus(value),
    ]

    for text in said:
        assert environ.unsaid(f"<{text}>").strip("<>'\"") == "${KEY}"


@pytest.mark.parametrize(
    "value", ["é+/b=c d\\\"e'", "0123456789abcdef", "p4ssw0rd", "\xff\xfe" * 9]
)
@pytest.mark.parametrize("user", ["", "u", "me:", "ann:", "somebody:"])
def test_a_value_is_hidden_in_what_is_encoded_with_something_around_it(value: str, user: str):
    environ = AskedEnvironment({"KEY": value})
    assert environ["KEY"] == value
    whole, size = f"{user}{value}".encode(), len(value.encode())
    most = {
        base64.b64encode(whole).decode(): size * 8 // 6 - 1,
        base64.urlsafe_b64encode(whole + b"?more").decode(): size * 8 // 6 - 1,
        whole.hex(): size * 2,
        whole.hex().upper(): size * 2,
    }

    for text, hidden in most.items():
        told = environ.unsaid(text)
        # One letter at each end says something of what stands beside it as well.
        assert len(told) <= len(text) - hidden + len("${KEY}")
        assert told.count("${KEY}") == 1


def test_a_short_value_is_not_looked_for_in_what_is_encoded():
    environ = AskedEnvironment({"KEY": "abcdefg"})
    assert environ["KEY"]

    assert environ.unsaid(b"abcdefg".hex()) == b"abcdefg".hex()


def test_values_in_a_list_are_resolved_too():
    holder = Holder.model_validate({"members": [{"text": "${A}"}, {"text": "as it is"}]})

    assert [it.text for it in holder.resolved({"A": "said"}).members] == ["said", "as it is"]
    assert holder.members[0].text == "${A}"
