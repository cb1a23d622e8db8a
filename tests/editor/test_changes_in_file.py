"""A file that another program writes while it is open: told in words, reloaded, kept or merged."""

import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox

from agentflow_editor.dialogs.changes import ChangesDialog
from agentflow_editor.document import edits
from agentflow_editor.main_window import MainWindow
from editor.benches import STAGES

THEIRS = STAGES.replace("Writes it down.", "Theirs.").replace("# Kept.", "# Kept, they say.")


@pytest.fixture
def file(window: MainWindow, tmp_path: Path) -> Path:
    path = tmp_path / "flow" / "agentflow.toml"
    path.parent.mkdir()
    path.write_text(STAGES, "utf-8")
    window.files.open_flow(path)
    return path


def written_elsewhere(qtbot, window: MainWindow, file: Path, text: str) -> None:
    """Replace the file at once, as most programs save, and wait until that is noticed."""
    beside = file.with_name("beside")
    beside.write_text(text, "utf-8")
    os.replace(beside, file)
    qtbot.waitUntil(lambda: window.notices.text("file") != "", timeout=5000)


def shown_changes(window: MainWindow) -> ChangesDialog:
    window.notices.press("file", "Show Changes…")
    dialogs = [it for it in QApplication.topLevelWidgets() if isinstance(it, ChangesDialog)]
    return next(it for it in dialogs if it.isVisible())


def told(listed) -> list[str]:
    return [listed.item(row).text() for row in range(listed.count())]


def click(button) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def describe(window: MainWindow, agent: str, text: str) -> None:
    document = window.workbench.document
    document.edit("Change", edits.set_agent(document.sheet, agent, "description", text))


def description(window: MainWindow, agent: str) -> str:
    return window.workbench.document.sheet.flow.agents[agent].description


def test_a_replaced_file_is_told_of_in_the_words_of_the_flow(qtbot, window, file):
    written_elsewhere(qtbot, window, file, THEIRS)

    assert window.notices.text("file") == (
        "“flow/agentflow.toml” was changed by another program: agent `writer`: description "
        '"Writes it down." → "Theirs.". Reloading can be undone.'
    )
    dialog = shown_changes(window)
    assert told(dialog.in_file) == ['agent `writer`: description "Writes it down." → "Theirs."']
    assert not dialog.here.isVisible()
    assert not dialog.merge.isVisible()
    click(dialog.reload)
    assert description(window, "writer") == "Theirs."
    assert window.workbench.document.text == THEIRS
    window.workbench.document.undo_stack.undo()
    assert description(window, "writer") == "Writes it down."


def test_an_agent_renamed_elsewhere_is_told_so_and_merged_with_what_was_changed_here(
    qtbot, window, file
):
    describe(window, "writer", "Mine.")
    written_elsewhere(qtbot, window, file, STAGES.replace("writer", "author"))

    dialog = shown_changes(window)
    assert told(dialog.in_file) == ["agent `writer` renamed to `author`"]
    click(dialog.merge)
    flow = window.workbench.document.sheet.flow
    assert flow.agents["author"].description == "Mine."
    assert "writer" not in flow.agents
    assert flow.at("deliver/author") is not None
    window.workbench.document.undo_stack.undo()
    assert description(window, "writer") == "Mine."


def test_a_change_of_comments_alone_is_told_as_that(qtbot, window, file):
    written_elsewhere(qtbot, window, file, STAGES + "# theirs\n")

    assert "only comments, spacing or tables of other programs" in window.notices.text("file")


def test_both_are_merged_as_one_undo_step_with_the_comments_of_both(qtbot, window, file):
    describe(window, "critic", "Mine.")
    written_elsewhere(qtbot, window, file, THEIRS)
    dialog = shown_changes(window)
    assert told(dialog.here) == ['agent `critic`: description "" → "Mine."']
    click(dialog.merge)

    document = window.workbench.document
    assert (description(window, "writer"), description(window, "critic")) == ("Theirs.", "Mine.")
    assert document.text.startswith("# Kept, they say.")
    assert document.undo_stack.undoText() == "Merge"
    assert window.notices.text("file") == ""
    window.files.save()
    assert file.read_text("utf-8") == document.text
    assert 'description = "Mine."' in document.text
    document.undo_stack.undo()
    assert (description(window, "writer"), description(window, "critic")) == (
        "Writes it down.",
        "Mine.",
    )


@pytest.mark.parametrize(("side", "kept"), [("mine", "Mine."), ("theirs", "Theirs.")])
def test_what_both_changed_is_chosen_one_by_one(qtbot, window, file, side, kept):
    describe(window, "writer", "Mine.")
    written_elsewhere(qtbot, window, file, THEIRS.replace('name = "stages"', 'name = "theirs"'))
    dialog = shown_changes(window)
    dialog.choose("agent `writer`: description", side)
    click(dialog.merge)

    assert description(window, "writer") == kept
    assert window.workbench.document.sheet.flow.name == "theirs"


def test_keeping_mine_lets_the_next_save_replace_it_and_keeps_a_copy(qtbot, window, file):
    describe(window, "writer", "Mine.")
    written_elsewhere(qtbot, window, file, THEIRS)
    click(shown_changes(window).keep)
    assert file.read_text("utf-8") == THEIRS

    window.files.save()
    assert "Mine." in file.read_text("utf-8")
    assert len(window.workbench.keeper.shelf.given_up()) == 1


def test_saving_offers_the_changes_before_anything_is_overwritten(qtbot, window, file):
    describe(window, "critic", "Mine.")
    written_elsewhere(qtbot, window, file, THEIRS)
    window.action_set["file.save"].trigger()
    box = next(
        it
        for it in QApplication.topLevelWidgets()
        if isinstance(it, QMessageBox) and it.isVisible()
    )
    click(next(it for it in box.buttons() if it.text() == "Show Changes…"))
    dialogs = [it for it in QApplication.topLevelWidgets() if isinstance(it, ChangesDialog)]
    click(next(it for it in dialogs if it.isVisible()).merge)

    assert file.read_text("utf-8") == THEIRS
    window.files.save()
    assert "Theirs." in file.read_text("utf-8")
    assert "Mine." in file.read_text("utf-8")


def test_a_file_that_is_written_once_more_is_compared_once_more(qtbot, window, file):
    describe(window, "critic", "Mine.")
    written_elsewhere(qtbot, window, file, THEIRS)
    dialog = shown_changes(window)
    file.write_text(THEIRS.replace("Theirs.", "Newest."), "utf-8")
    click(dialog.merge)

    assert description(window, "writer") == "Writes it down."
    again = next(
        it
        for it in QApplication.topLevelWidgets()
        if isinstance(it, ChangesDialog) and it.isVisible()
    )
    click(again.merge)
    assert description(window, "writer") == "Newest."


def test_what_is_no_flow_any_more_is_told_and_can_be_replaced_on_purpose(qtbot, window, file):
    written_elsewhere(qtbot, window, file, "nonsense")

    assert "is no flow any more" in window.notices.text("file")
    window.notices.press("file", "Keep Mine")
    describe(window, "critic", "Mine.")
    window.files.save()
    assert "Mine." in file.read_text("utf-8")


def test_half_typed_text_survives_a_merge(qtbot, window, file):
    window.workbench.source.type(STAGES + "half =", "end")
    describe(window, "critic", "Mine.")
    written_elsewhere(qtbot, window, file, THEIRS)
    click(shown_changes(window).merge)

    assert description(window, "writer") == "Theirs."
    source = window.workbench.source
    assert source.text.endswith("half =")
    assert "Theirs." in source.text
    source.discard()
