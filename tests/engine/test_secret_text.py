"""Secret text: what looks like a key is found wherever it stands, and nothing else is."""

import pytest

from agentflow.secret_text import holds_secret, looks_like_secret, without_secrets

KEY = "sk-" + "a1b2c3d4" * 4


@pytest.mark.parametrize(
    "text",
    [
        KEY,
        "ghp_" + "x1" * 18,
        "AKIA" + "A1B2" * 4,
        "Bearer " + "a1" * 12,
        "-----BEGIN RSA PRIVATE KEY-----",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc",
    ],
)
def test_the_usual_forms_of_keys_are_known(text):
    assert looks_like_secret(text)


@pytest.mark.parametrize(
    "text",
    ["sk-learn", "Bearer ${API_TOKEN}", "${OPENAI_API_KEY}", "Write about the bearer of news.", ""],
)
def test_plain_words_and_placeholders_are_no_keys(text):
    assert not looks_like_secret(text)


def test_a_key_is_taken_out_wherever_it_stands_and_all_else_is_kept():
    value = {"headers": {"Authorization": f"Bearer {KEY}", "Accept": "text"}, "tries": (1, KEY)}

    assert holds_secret(value)
    assert without_secrets(value, "${KEY}") == {
        "headers": {"Authorization": "Bearer ${KEY}", "Accept": "text"},
        "tries": (1, "${KEY}"),
    }
