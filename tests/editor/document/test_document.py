"""Document: its history, its file, what it tells, and what it finds."""

import pytest

from agentflow.errors import FlowFileError, FlowSyntaxError, SaveError
from agentflow.flow.check import check
from agentflow.flow.load import load
from agentflow.flow.rules.answers import Answers
from agentflow_editor.document import edits
from agentflow_editor.document.document import Document
from agentflow_editor.document.findings import Findings
from agentflow_editor.document.manuscript import Manuscript
from agentflow_editor.document.sheet import Sheet
from editor.document.drawn import CATALOGUE, FLOW, chain, parallel, paths, sheet


def heard(signal):
    told = []
    signal.connect(lambda *arguments: told.append(arguments))
    return told


def rename(document: Document, path: str, new: str, **more):
    document.edit("Rename", edits.rename(document.sheet, path, new), **more)


# History


def test_a_new_document_is_an_empty_flow_with_a_start_that_nothing_has_changed(document):
    assert paths(document.sheet) == []
    assert set(document.sheet.layout) == {""}
    assert (document.path, document.file, document.title) == (None, None, "Untitled")
    assert not document.is_modified


def test_an_edit_tells_the_sheet_before_and_the_sheet_after(document):
    told, before = heard(document.changed), document.sheet

    document.edit("Begin", sheet("a"))

    assert told == [(before, document.sheet)]
    assert paths(document.sheet) == ["a"]


def test_an_edit_that_changes_nothing_is_no_step(document):
    told = heard(document.changed)

    document.edit("Nothing", document.sheet)

    assert (told, document.undo_stack.count()) == ([], 0)


def test_undo_and_redo_go_through_the_very_same_sheets(document):
    document.edit("Begin", sheet("a"))
    before = document.sheet
    rename(document, "a", "b")
    after = document.sheet

    document.undo_stack.undo()
    assert document.sheet is before
    document.undo_stack.redo()
    assert document.sheet is after
    assert document.undo_stack.undoText() == "Rename"


def test_edits_of_the_same_key_in_a_row_are_one_step(document):
    document.edit("Begin", sheet("a"))
    for name in ("b", "bo", "bob"):
        rename(document, document.sheet.flow.root.steps[0].name, name, merge_key="name")
    rename(document, "bob", "alice", merge_key="another")

    assert document.undo_stack.count() == 3
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert paths(document.sheet) == ["a"]


def test_typing_back_what_was_there_leaves_no_step(document):
    document.edit("Begin", sheet("a"))
    rename(document, "a", "b", merge_key="name")
    rename(document, "b", "a", merge_key="name")

    assert document.undo_stack.count() == 1


def test_a_sheet_without_positions_is_laid_out_when_it_is_shown(document):
    document.edit("Begin", Sheet(sheet("a", "b").flow))

    assert set(document.sheet.layout) == {"", "a", "b"}


# Modified


def test_a_document_is_modified_until_it_is_undone_back_to_what_was_saved(document, file):
    document.open(file)
    told = heard(document.modified_changed)

    rename(document, "sequential/first", "one")
    assert document.is_modified
    document.undo_stack.undo()
    assert not document.is_modified
    assert told == [(True,), (False,)]


def test_redoing_by_hand_what_was_saved_is_no_change_either(document, file):
    document.open(file)
    rename(document, "sequential/first", "one")
    rename(document, "sequential/one", "first")

    assert not document.is_modified


def test_undoing_past_the_saved_state_is_a_change(document, file):
    document.open(file)
    rename(document, "sequential/first", "one")
    document.save()

    assert not document.is_modified
    document.undo_stack.undo()
    assert document.is_modified


def test_typing_on_after_saving_is_a_step_of_its_own(document, file):
    document.open(file)
    rename(document, "sequential/first", "one", merge_key="name")
    document.save()
    rename(document, "sequential/one", "ones", merge_key="name")
    document.undo_stack.undo()

    assert not document.is_modified


# Its file


def test_opening_a_flow_without_positions_lays_it_out_and_changes_nothing(document, file):
    told = heard(document.file_changed)

    document.open(file)

    assert set(document.sheet.layout) == {"", *paths(document.sheet)}
    assert not document.is_modified
    assert document.text == FLOW
    assert document.title == f"{file.parent.name}/agentflow.toml"
    assert len(told) == 1


def test_saving_what_was_only_opened_changes_no_byte(document, file):
    document.open(file)
    document.save()

    assert file.read_text(encoding="utf-8") == FLOW


def test_a_setting_is_saved_without_a_word_about_positions(document, file):
    document.open(file)
    document.edit("Set", edits.set_agent(document.sheet, "first", "role", "judge"))
    document.save()

    assert "# kept as it is" in file.read_text(encoding="utf-8")
    assert 'role = "judge"' in file.read_text(encoding="utf-8")
    assert "[editor" not in file.read_text(encoding="utf-8")


def test_a_name_is_saved_without_a_word_about_positions_too(document, file):
    document.open(file)
    rename(document, "sequential/first", "one")

    assert "[editor" not in document.text
    document.edit("Move", edits.place(document.sheet, {"": (1, 1)}))
    assert "[editor" in document.text


def test_positions_are_saved_when_another_order_would_be_laid_out_otherwise(document, file):
    document.open(file)
    begin = ("sequential", "steps", "sequential/second")
    document.edit("Link", edits.link(document.sheet, *begin))

    assert '"sequential/first" = ' in document.text


def test_positions_are_saved_once_a_node_was_moved_and_come_back(document, file):
    document.open(file)
    document.edit("Move", edits.place(document.sheet, {"sequential/first": (800, 8)}))
    document.save()
    again = Document(CATALOGUE)
    again.open(file)

    assert again.sheet == document.sheet
    assert again.file.layout["sequential/first"] == (800, 8)


def test_a_flow_that_is_saved_under_a_name_belongs_to_that_file(document, file, tmp_path):
    document.open(file)
    told = heard(document.file_changed)
    rename(document, "sequential/first", "one")
    other = tmp_path / "other.toml"

    document.save_as(other)

    assert (document.path, document.is_modified, len(told)) == (other, False, 1)
    assert file.read_text(encoding="utf-8") == FLOW
    assert other.read_text(encoding="utf-8") == document.text


def test_a_new_flow_is_written_and_read_back(document, tmp_path):
    document.edit("Begin", sheet("a", parallel("p", chain("b"), chain("c")), parked=(chain("d"),)))
    document.save_as(tmp_path / "new.toml")
    again = Document(CATALOGUE)
    again.open(tmp_path / "new.toml")

    assert again.sheet == document.sheet


def test_a_flow_that_cannot_be_written_is_still_open(document, file, tmp_path):
    document.open(file)
    rename(document, "sequential/first", "one")

    with pytest.raises(SaveError):
        document.save_as(tmp_path / "missing" / "agentflow.toml")

    assert document.is_modified
    assert document.path == file
    assert "one" in document.text


def test_a_file_that_somebody_else_changed_is_replaced_only_on_purpose(document, file):
    document.open(file)
    rename(document, "sequential/first", "one")
    file.write_text("# theirs", encoding="utf-8")

    with pytest.raises(SaveError, match="somebody else"):
        document.save()
    assert file.read_text(encoding="utf-8") == "# theirs"
    document.save_as(file)

    assert "one" in file.read_text(encoding="utf-8")


def test_a_flow_that_no_file_can_say_still_has_a_text_and_problems(document):
    drawn = sheet(parallel("p", chain("a")), "b")
    twice = drawn.flow.root.steps[0].model_copy(update={"chains": (chain("b"),)})
    root = drawn.flow.root.model_copy(update={"steps": (*drawn.flow.root.steps, twice)})
    document.edit("Break", Sheet(drawn.flow.model_copy(update={"root": root})))

    assert document.text.startswith("# ")
    assert "duplicate-name" in {problem.code for problem in document.problems}


def test_a_flow_that_is_in_no_file_must_be_saved_under_a_name(document):
    with pytest.raises(SaveError, match="choose"):
        document.save()


def test_a_file_that_is_no_flow_leaves_the_document_as_it_was(document, file, tmp_path):
    document.open(file)
    rename(document, "sequential/first", "one")
    before = document.sheet
    bad = tmp_path / "bad.toml"
    bad.write_text("[orchestration", encoding="utf-8")

    with pytest.raises(FlowSyntaxError):
        document.open(bad)
    with pytest.raises(FlowFileError):
        document.open(tmp_path / "none.toml")

    assert document.sheet is before
    assert document.path == file
    assert document.undo_stack.count() == 1


def test_opening_and_beginning_anew_forget_the_history(document, file):
    document.edit("Begin", sheet("a"))
    document.open(file)
    assert document.undo_stack.count() == 0

    rename(document, "sequential/first", "one")
    document.new()
    assert document.undo_stack.count() == 0
    assert not document.is_modified
    assert paths(document.sheet) == []


def test_reverting_can_be_undone(document, file):
    document.open(file)
    rename(document, "sequential/first", "one")

    document.revert()
    assert paths(document.sheet) == ["sequential", "sequential/first", "sequential/second"]
    assert not document.is_modified
    document.undo_stack.undo()
    assert document.is_modified
    assert "sequential/one" in paths(document.sheet)


def test_reverting_reads_what_somebody_else_wrote_meanwhile(document, file):
    document.open(file)
    file.write_text(FLOW.replace('"demo"', '"theirs"'), encoding="utf-8")

    document.revert()

    assert document.sheet.flow.name == "theirs"
    assert not document.is_modified


# Its text and problems


def test_the_text_is_what_saving_would_write(document, file):
    document.open(file)
    rename(document, "sequential/second", "last")
    document.edit("Move", edits.place(document.sheet, {"": (1, 1)}))
    text = document.text

    document.save()

    assert file.read_text(encoding="utf-8") == text


def test_problems_are_those_of_the_sheet_as_it_is_now(document, file, qtbot):
    document.open(file)
    assert document.problems == ()
    told = heard(document.problems_changed)

    sheet_with_unknown = edits.rename_use(document.sheet, "sequential/first", "nobody")
    document.edit("Rename", sheet_with_unknown)

    problem = document.problems[0]
    assert (problem.code, problem.path) == ("unknown-agent", "sequential/nobody")
    qtbot.waitUntil(lambda: told == [(document.problems,)])


def test_edits_in_a_row_are_told_of_once_nothing_is_edited_for_a_moment(document, file, qtbot):
    told = heard(document.problems_changed)
    document.open(file)
    qtbot.waitUntil(lambda: bool(told), timeout=2000)

    for path, name in (("sequential/first", "nobody"), ("sequential/nobody", "no one")):
        document.edit("Use", edits.rename_use(document.sheet, path, name))
    assert len(told) == 1
    qtbot.waitUntil(lambda: len(told) > 1, timeout=2000)
    qtbot.wait(50)
    assert [it.message for it in told[1][0] if it.severity == "error"] == [
        "no agent named 'no one'"
    ]
    assert len(told) == 2


def test_problems_are_found_bit_by_bit_and_are_the_same_as_all_at_once(file):
    read = load(file, CATALOGUE)
    flow = edits.rename_use(Sheet(read.flow), "sequential/first", "nobody").flow
    findings = Findings(
        flow, Manuscript(read, Sheet(read.flow), CATALOGUE).rereading, CATALOGUE, Answers()
    )

    turns = 1
    while not findings.look(0):
        turns += 1
        findings._go_on()

    assert turns > 10
    assert findings.problems == check(flow, CATALOGUE, source=file) != ()


def test_problems_are_found_once_and_again_only_for_another_flow(document, file):
    file.write_text(FLOW.replace('"first", ', '"first", "nobody", '), encoding="utf-8")
    document.open(file)
    found = document.problems

    document.edit("Move", edits.place(document.sheet, {"": (1, 1)}))
    assert document.problems is found
    rename(document, "sequential/first", "one")
    assert document.problems is not found


def test_problems_of_a_flow_that_is_as_its_file_says_have_lines(document, file):
    file.write_text(FLOW.replace('"first", ', '"first", "nobody", '), encoding="utf-8")
    document.open(file)

    assert [problem.line for problem in document.problems if problem.severity == "error"] == [9]


def test_what_was_found_wrong_while_reading_is_told_until_it_is_mended(document, file):
    file.write_text(FLOW.replace('type = "scripted"', 'type = "scripted"\ntimeout = 30', 1))
    document.open(file)

    def wrong():
        return [it for it in document.problems if it.where == "agents.first.timeout"]

    assert wrong()
    rename(document, "sequential/second", "last")
    assert wrong(), "another place was changed"
    document.edit("Set", edits.set_agent(document.sheet, "first", "timeout", "3s"))
    assert not wrong()


def test_opening_checking_and_editing_execute_nothing(document, file, tmp_path):
    trap = tmp_path / "trap.py"
    trap.write_text("raise SystemExit('executed')", encoding="utf-8")
    file.write_text(FLOW.replace('type = "scripted"', 'type = "python"\ncall = "trap:run"'))

    document.open(file)
    rename(document, "sequential/first", "one")

    assert document.problems is not None
    assert "trap" in document.text
