"""Copies of a text that is edited: none of them sees what another one is made to say."""

from itertools import permutations

import pytest

from agentflow.flow.toml_document import TomlDocument

TEXT = """\
# Of the flow.
name = "copied"

[orchestration.mixed]
# First come the stages.

[[orchestration.mixed.stages]]
name = "one"

[[orchestration.mixed.stages]]
name = "two"

# Who works.
[agents.a]
type = "text"

[agents.b]
type = "text"
[agents.b.retry]
times = 2
"""
STAGES = ("orchestration", "mixed", "stages")
EDITS = {
    "set": lambda it: it.set(("agents", "a", "type"), "llm"),
    "set at the top": lambda it: it.set(("name",), "other"),
    "set a table": lambda it: it.set(("agents", "b"), {"type": "llm"}),
    "new table": lambda it: it.set(("agents", "c"), {"type": "text", "limits": {"most": 3}}),
    "replace": lambda it: it.replace(("agents", "a"), {"text": "x", "type": "text"}),
    "remove": lambda it: it.remove(("agents", "a")),
    "remove a key": lambda it: it.remove(("agents", "b", "type")),
    "rename": lambda it: it.rename(("agents", "b"), "c"),
    "arrange": lambda it: it.arrange(STAGES, [1, {"name": "new"}, 0]),
    "take all out": lambda it: it.arrange(STAGES, []),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edited_copy_leaves_what_it_was_copied_of_as_it_was(edit):
    alone, original = TomlDocument(TEXT), TomlDocument(TEXT)
    EDITS[edit](alone)
    copy = original.copy()

    EDITS[edit](copy)

    assert copy.text == alone.text != TEXT
    assert copy.tables() == alone.tables()
    assert original.text == TEXT


@pytest.mark.parametrize("edit", EDITS)
def test_an_edited_text_leaves_its_copies_as_they_were(edit):
    original = TomlDocument(TEXT)
    original.set(("agents", "a", "type"), "llm")
    before = original.text
    copies = [original.copy(), original.copy()]

    EDITS[edit](original)
    copies[0].set(("agents", "b", "type"), "llm")

    assert copies[1].text == before
    assert copies[0].text == before.replace('[agents.b]\ntype = "text"', '[agents.b]\ntype = "llm"')


PAIRS = [it for it in permutations(EDITS, 2) if it != ("take all out", "arrange")]
"""Stages that are gone cannot be brought into an order."""


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_two_edits_of_a_copy_are_those_of_a_text_alone(first, second):
    alone, original = TomlDocument(TEXT), TomlDocument(TEXT)
    copy = original.copy()

    for edit in (first, second):
        EDITS[edit](alone)
        EDITS[edit](copy)

    assert (copy.text, copy.tables()) == (alone.text, alone.tables())
    assert original.text == TEXT
