"""Nothing that commands a terminal gets through."""

import json
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from agentflow.cli.console.safe import one_line, safe, safe_json

ANY_TEXT = st.text(
    st.characters(codec=None, exclude_categories=())
    | st.sampled_from("\x1b\x9b\x07\r\n\t\u202e\u2066\u2028\ud800\U000e0041")
)


def _commands(text: str) -> list[str]:
    return [
        sign
        for sign in text
        if (unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") and sign not in "\n\t")
        or unicodedata.bidirectional(sign) in ("LRE", "RLE", "LRO", "RLO", "PDF")
        or sign in "\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
    ]


@given(ANY_TEXT)
def test_no_text_commands_a_terminal(text: str):
    assert _commands(safe(text)) == []
    assert _commands(one_line(text)) == []


@given(st.recursive(st.none() | ANY_TEXT, lambda it: st.lists(it) | st.dictionaries(ANY_TEXT, it)))
def test_json_reads_back_as_the_same_value_and_commands_nothing(value: object):
    written = safe_json(value)

    assert _commands(written) == []
    assert json.loads(written) == json.loads(json.dumps(value))


def test_what_is_taken_out_stays_visible():
    assert safe("\x1b[2Jgone\u202e") == "\\x1b[2Jgone\\u202e"
    assert safe("kept: ü 漢 🙂\n\tline\r\nend") == "kept: ü 漢 🙂\n\tline\nend"


def test_a_long_text_is_cut_off_on_one_line():
    assert one_line("word \n" * 1000, 12) == "word word w…"
