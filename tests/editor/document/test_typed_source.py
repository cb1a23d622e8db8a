"""Text that was typed: it becomes the document's own to the letter, and is undone with the rest."""

from pathlib import Path

import pytest

from agentflow.flow.load import parse
from agentflow_editor.document import edits
from agentflow_editor.document.document import Document
from agentflow_editor.document.source_draft import SourceDraft
from agentflow_editor.recovery.edit_journal import EditJournal
from agentflow_editor.recovery.shelf import Shelf
from editor.document.drawn import CATALOGUE, FLOW


@pytest.fixture
def opened(document: Document, file: Path) -> Document:
    document.open(file)
    return document


def typed(document: Document, text: str, **more) -> None:
    document.edit_source(parse(text, CATALOGUE), **more)


MORE = FLOW.replace('["first", "second"]', '["first", "second", "third"]')


def test_typed_text_is_one_undo_step_with_a_name_and_is_saved_to_the_letter(opened, file):
    text = MORE.replace("# kept as it is", "# said otherwise,  by hand")
    typed(opened, text)

    assert [it.path for it in opened.sheet.flow.places()][-1] == "sequential/third"
    assert (opened.undo_stack.count(), opened.undo_stack.undoText()) == (1, "Edit Source")
    assert opened.text == opened.quick_text == text
    opened.save()
    assert file.read_text("utf-8") == text


def test_a_comment_alone_is_an_edit_too_and_undone_like_any_other(opened, file):
    before = opened.sheet
    typed(opened, FLOW + "# the end\n")

    assert opened.is_modified
    assert opened.sheet is before
    opened.undo_stack.undo()
    assert not opened.is_modified
    assert opened.text == FLOW
    opened.undo_stack.redo()
    opened.save()
    assert file.read_text("utf-8") == FLOW + "# the end\n"


def test_what_is_drawn_after_typing_keeps_what_was_typed(opened):
    typed(opened, MORE + "# the end\n")
    opened.edit("Rename", edits.rename(opened.sheet, "sequential/first", "one"))

    assert opened.text == opened.quick_text
    assert opened.text == MORE.replace('"first"', '"one"').replace(".first", ".one") + "# the end\n"
    opened.undo_stack.undo()
    assert opened.text == MORE + "# the end\n"


def test_typing_back_what_was_there_undoes_instead_of_adding_steps(opened):
    typed(opened, FLOW + "# a\n", merge_key=1)
    typed(opened, FLOW + "# a\n# b\n", merge_key=2)

    typed(opened, FLOW + "# a\n", merge_key=3)
    assert (opened.undo_stack.index(), opened.undo_stack.count()) == (1, 2)
    typed(opened, FLOW, merge_key=4)
    assert (opened.undo_stack.index(), opened.is_modified) == (0, False)
    typed(opened, FLOW + "# a\n# b\n", merge_key=5)
    assert (opened.undo_stack.index(), opened.undo_stack.count()) == (2, 2)


def test_typing_in_one_place_is_one_step(opened):
    for end in ("#", "# t", "# th"):
        typed(opened, FLOW + end, merge_key="line 14")

    assert opened.undo_stack.count() == 1
    typed(opened, FLOW, merge_key="line 14")
    assert (opened.undo_stack.index(), opened.is_modified) == (0, False)


def test_typed_text_shares_what_is_the_same_with_what_was_drawn(opened):
    before = opened.sheet.flow
    typed(opened, FLOW.replace('[agents.second]\ntype = "scripted"', '[agents.second]\nrole = "x"'))

    after = opened.sheet.flow
    assert after.root is before.root
    assert after.agents["first"] is before.agents["first"]
    assert after.agents["second"].role == "x"


def test_undoing_past_a_save_gives_back_the_text_that_was_typed_over(opened, file):
    typed(opened, FLOW.replace("# kept as it is\n", ""))
    opened.save()
    assert file.read_text("utf-8") == opened.text
    opened.undo_stack.undo()

    assert opened.is_modified
    opened.save()
    assert file.read_text("utf-8") == FLOW


def test_nothing_is_typed_into_a_read_only_document(opened):
    opened.set_read_only(True)
    typed(opened, MORE)

    assert (opened.undo_stack.count(), opened.text) == (0, FLOW)


def test_a_flow_that_is_in_no_file_takes_typed_text_as_well(document, tmp_path):
    typed(document, FLOW)

    assert document.is_modified
    document.save_as(tmp_path / "new.toml")
    assert (tmp_path / "new.toml").read_text("utf-8") == FLOW


def test_what_somebody_else_wrote_is_not_replaced_by_what_was_typed(opened, file):
    typed(opened, MORE)
    file.write_text(FLOW + "# theirs\n", "utf-8")

    with pytest.raises(Exception, match="changed by somebody else"):
        opened.save()
    assert file.read_text("utf-8") == FLOW + "# theirs\n"


def test_typed_text_comes_back_after_a_sudden_end_with_its_comments(opened, file, tmp_path):
    shelf = Shelf(tmp_path / "unsaved", CATALOGUE)
    journal = EditJournal(opened, shelf)
    typed(opened, MORE + "# only a comment\n")
    opened.edit("Rename", edits.rename(opened.sheet, "sequential/first", "one"))
    text = opened.text
    journal.flush()
    journal._place.let_go()

    (kept,) = shelf.left_behind()
    again = Document(CATALOGUE)
    again.restore(kept.draft.base, kept.draft.path, kept.draft.sheet, kept.draft.typed)

    assert again.text == text
    assert again.is_modified
    again.save()
    assert file.read_text("utf-8") == text
    again.undo_stack.undo()
    assert again.text == FLOW


PLACED = (
    FLOW
    + """
[editor.nodes]
"" = [-100, 0]
"sequential" = [0, 0]
"sequential/first" = [100, 40]
"sequential/second" = [300, 90]
"""
)


def test_a_step_that_is_renamed_in_the_text_stays_where_it_is_drawn(document, file):
    file.write_text(PLACED, "utf-8")
    document.open(file)
    text = PLACED.replace('["first"', '["one"').replace("[agents.first]", "[agents.one]")
    typed(document, text)

    assert document.sheet.layout["sequential/one"] == (100, 40)
    assert document.text == text.replace('"sequential/first"', '"sequential/one"')
    document.undo_stack.undo()
    assert document.text == PLACED


def test_a_comment_that_was_typed_and_not_saved_is_offered_after_a_sudden_end(
    opened, file, tmp_path
):
    shelf = Shelf(tmp_path / "unsaved", CATALOGUE)
    journal = EditJournal(opened, shelf)
    typed(opened, FLOW + "# only a comment\n")
    journal.flush()
    journal._place.let_go()

    (kept,) = shelf.left_behind()
    assert kept.draft.typed.text == FLOW + "# only a comment\n"


def test_half_typed_text_comes_back_after_a_sudden_end(opened, file, tmp_path):
    shelf = Shelf(tmp_path / "unsaved", CATALOGUE)
    journal = EditJournal(opened, shelf)
    source = SourceDraft(opened, CATALOGUE)
    source.type(FLOW + "half = ")
    assert not source.apply()
    journal.flush()
    journal._place.let_go()

    (kept,) = shelf.left_behind()
    assert kept.draft.half_typed == FLOW + "half = "
    assert kept.draft.base.text == FLOW


def test_no_trace_is_left_of_half_typed_text_that_was_given_up(opened, tmp_path):
    shelf = Shelf(tmp_path / "unsaved", CATALOGUE)
    journal = EditJournal(opened, shelf)
    source = SourceDraft(opened, CATALOGUE)
    source.type(FLOW + "half = ")
    journal.flush()
    assert list(shelf.folder.glob("*.journal"))
    source.discard()

    assert not list(shelf.folder.glob("*.journal"))
    journal.close()
