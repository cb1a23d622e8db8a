"""Notes and collapsed orchestrators: a pure edit of the sheet each, kept in the file."""

from datetime import UTC, datetime

import pytest

from agentflow.flow.load import load
from agentflow_editor.document import edits
from agentflow_editor.document.clipping import clipping, read_clipping
from agentflow_editor.document.document import Document
from agentflow_editor.document.edits import EditError
from agentflow_editor.document.layout import completed
from agentflow_editor.document.selection import Selection
from agentflow_editor.document.sheet import Note, Sketch
from agentflow_editor.recovery.draft import base_record, draft_of, draft_record, words_record
from editor.document.drawn import CATALOGUE, loop, sequence, sheet


def noted(*texts: str, on=None):
    drawn = on or completed(sheet("a", loop("l", sequence("s", "b"))), CATALOGUE)
    for number, text in enumerate(texts):
        drawn = edits.write_note(drawn, None, text, (number, 0))
    return drawn


def test_a_new_note_gets_the_first_number_that_is_free():
    drawn = edits.delete(noted("x", "y"), (), (), ["1"])

    assert noted("z", on=drawn).sketch.notes == {"2": Note("y", 1, 0), "1": Note("z", 0, 0)}


def test_a_note_that_says_nothing_is_none():
    drawn = noted("x")

    assert edits.write_note(drawn, None, " \n") is drawn
    assert edits.write_note(drawn, "1", "").sketch.notes == {}


def test_a_note_is_written_resized_and_moved():
    drawn = edits.write_note(noted("x"), "1", "y")
    drawn = edits.place(drawn, {"#1": (7, 8), "a": (1, 1), "#9": (0, 0)})

    assert edits.resize_note(drawn, "1", 300, 5).sketch.notes == {"1": Note("y", 7, 8, 300, 40)}
    assert drawn.layout["a"] == (1, 1)
    with pytest.raises(EditError, match="not there any more"):
        edits.resize_note(drawn, "2", 100, 100)


def test_notes_are_copied_and_pasted_with_steps_or_alone():
    drawn = noted("x", "y")

    both = read_clipping(clipping(drawn, ["a"], CATALOGUE, ["1"]), CATALOGUE)
    assert [it.step.name for it in both.flow.places()] == ["a"]
    alone = read_clipping(clipping(drawn, [], CATALOGUE, ["2"]), CATALOGUE)
    pasted = edits.paste(drawn, alone, (500, 600))
    assert pasted.sketch.notes["3"] == Note("y", 500, 600)
    assert pasted.flow == drawn.flow


def test_a_duplicated_note_stands_beside_its_original():
    after = edits.duplicate(noted("x"), [], ["1"])

    assert after.sketch.notes["2"] == Note("x", 40, 40)


def test_collapsed_orchestrators_stay_so_wherever_they_go():
    drawn = edits.collapse(noted(), ["l/s", "a"], is_collapsed=True)
    assert drawn.sketch.collapsed == {"l/s"}

    renamed = edits.rename(edits.dissolve(drawn, ["l"]), "s", "t")
    assert renamed.sketch.collapsed == {"t"}
    copied = edits.duplicate(drawn, ["l"])
    assert copied.sketch.collapsed == {"l/s", "|0/l-2/s-2"}
    pasted = read_clipping(clipping(drawn, ["l/s"], CATALOGUE), CATALOGUE)
    assert pasted.sketch.collapsed == {"s"}
    assert edits.collapse(drawn, ["l/s"], is_collapsed=False).sketch == Sketch()


def test_both_are_saved_loaded_and_undone(qapp, tmp_path):
    document, path = Document(CATALOGUE), tmp_path / "agentflow.toml"
    document.edit("Begin", edits.collapse(noted("x\ny <b>"), ["l"], is_collapsed=True))
    document.save_as(path)

    assert load(path, CATALOGUE).sketch == document.sheet.sketch
    again = Document(CATALOGUE)
    again.open(path)
    assert again.sheet.sketch == Sketch({"1": Note("x\ny <b>", 0, 0)}, frozenset({"l"}))
    again.edit("Delete", edits.delete(again.sheet, (), (), ["1"]))
    assert again.is_modified
    again.undo_stack.undo()
    assert not again.is_modified
    document.close()
    again.close()


def test_both_are_among_the_work_that_is_kept_while_it_is_unsaved():
    drawn = edits.collapse(noted("x"), ["l"], is_collapsed=True)

    words = words_record(drawn, datetime.now(UTC))
    draft = draft_of([base_record(None, None), draft_record(drawn, words)], CATALOGUE)

    assert draft is not None
    assert draft.sheet == drawn


def test_the_selection_forgets_a_note_that_is_gone(qapp):
    document = Document(CATALOGUE)
    selection = Selection(document)
    document.edit("Begin", noted("x"))
    selection.select(["#1", "a"])
    assert (selection.paths, selection.notes, selection.keys) == (("a",), ("1",), ("a", "#1"))

    document.edit("Delete", edits.delete(document.sheet, (), (), ["1"]))
    assert selection.keys == ("a",)
    document.close()
