"""Notes and collapsed orchestrators stand in [editor], and survive whatever else is saved."""

from hypothesis import given, settings
from hypothesis import strategies as st

from agentflow.catalogue import Catalogue
from agentflow.flow.load import parse
from agentflow.flow.save import render
from agentflow.flow.sketch import Note, Sketch

CATALOGUE = Catalogue.installed()

FILE = """\
[agent_flow]
name = "noted"

[orchestration]
mode = "sequential"

[orchestration.sequential]
agents = ["a"]   # one

[agents.a]
type = "scripted"

[editor]
collapsed = ["sequential"]

[editor.notes.1]
at = [320, 40]
size = [200, 80]
text = "Why one"   # asked by many
"""
NOTE = Note("Why one", 320, 40, 200, 80)

numbers = st.integers(-9999, 9999)
sizes = st.integers(1, 9999)
notes = st.builds(Note, st.text(max_size=40), numbers, numbers, sizes, sizes)
sketches = st.builds(
    Sketch,
    st.dictionaries(st.text("abcXYZ019-_", min_size=1, max_size=8), notes, max_size=4),
    st.frozensets(st.text(max_size=12), max_size=3),
)


def written(file, sketch) -> str:
    rendered = render(file, file.flow, file.layout, CATALOGUE, sketch)
    assert not rendered.rewritten
    return rendered.text


def test_what_the_file_says_is_read():
    file = parse(FILE, CATALOGUE)

    assert file.sketch == Sketch({"1": NOTE}, frozenset({"sequential"}))
    assert file.problems == ()


def test_a_note_that_changes_changes_its_line():
    file = parse(FILE, CATALOGUE)
    moved = Sketch({"1": Note("Why two", 320, 48, 200, 80)}, file.sketch.collapsed)

    assert written(file, moved) == FILE.replace("[320, 40]", "[320, 48]").replace(
        '"Why one"', '"Why two"'
    )


def test_a_new_note_stands_below_the_others_and_one_that_goes_leaves_nothing():
    file = parse(FILE, CATALOGUE)
    two = Sketch({**file.sketch.notes, "2": Note("One.\nTwo.", 0, 0)}, file.sketch.collapsed)
    added = '\n[editor.notes.2]\nat = [0, 0]\nsize = [240, 96]\ntext = """\nOne.\nTwo."""\n'

    assert written(file, two) == FILE + added
    assert written(parse(FILE + added, CATALOGUE), file.sketch) == FILE


def test_who_saves_without_saying_what_else_is_drawn_keeps_it():
    file = parse(FILE, CATALOGUE)
    flow = file.flow.model_copy(update={"name": "other"})

    text = render(file, flow, file.layout, CATALOGUE).text

    assert text == FILE.replace('"noted"', '"other"')


@given(sketches, sketches)
@settings(max_examples=80, deadline=None)
def test_any_sketch_can_be_written_over_any_other(before, after):
    file = parse(render(None, parse(FILE, CATALOGUE).flow, {}, CATALOGUE, before).text, CATALOGUE)
    assert file.sketch == before

    assert parse(written(file, after), CATALOGUE).sketch == after


def test_what_is_wrong_is_told_with_its_line_and_left_out():
    text = (
        '[editor]\ncollapsed = ["a", 3]\nnotez = 1\n'
        '[editor.notes]\nfirst = "no table"\n"a b" = {at = [0, 0], text = "x"}\n'
        '[editor.notes.2]\nat = [0]\ntext = "x"\n'
        "[editor.notes.3]\nat = [0, 0]\nsize = [0, 4]\ntext = 5\n"
        '[editor.notes.4]\nat = [1, 2]\ntext = "kept"\ncolour = "red"\n'
    )
    file = parse(text, CATALOGUE)

    assert file.sketch == Sketch({"4": Note("kept", 1, 2)}, frozenset({"a"}))
    told = {(it.where, it.line) for it in file.problems if it.where.startswith("editor")}
    assert told == {
        ("editor.collapsed", 2),
        ("editor.notez", 3),
        ("editor.notes.first", 5),
        ('editor.notes."a b"', 6),
        ("editor.notes.2.at", 8),
        ("editor.notes.3.size", 12),
        ("editor.notes.3.text", 13),
        ("editor.notes.4.colour", 17),
    }
